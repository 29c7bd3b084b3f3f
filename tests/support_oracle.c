/* See support_oracle.h. */

#include "support_oracle.h"

#include <check.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LONGEST_LINE = 1 << 16
};

static void add_key(struct oracle *to, const struct text *key, uint64_t count,
		    const uint64_t minutes[2])
{
	struct oracle_group group = { .count = count,
				      .minutes_least = minutes[0],
				      .minutes_most = minutes[1] };

	group.key = malloc(key->size + 1);
	to->groups = realloc(to->groups, (to->count + 1) * sizeof(group));
	ck_assert(group.key != NULL && to->groups != NULL);
	memcpy(group.key, key->data, key->size);
	group.key[key->size] = '\0';
	to->groups[to->count++] = group;
	to->goroutines += count;
}

static int compare_keys(const void *left, const void *right)
{
	const struct oracle_group *a = left, *b = right;

	return strcmp(a->key, b->key);
}

static void join(struct oracle_group *to, const struct oracle_group *from)
{
	to->count += from->count;
	if (from->minutes_least < to->minutes_least)
		to->minutes_least = from->minutes_least;
	if (from->minutes_most > to->minutes_most)
		to->minutes_most = from->minutes_most;
	free(from->key);
}

static void sort_keys(struct oracle *oracle)
{
	struct oracle_group *groups = oracle->groups;
	size_t kept = 0;

	for (size_t i = 0; i < oracle->count; i++)
		if (groups[i].count > 0)
			groups[kept++] = groups[i];
		else
			free(groups[i].key);
	oracle->count = kept;
	kept = 0;
	if (oracle->count > 0)
		qsort(groups, oracle->count, sizeof(*groups), compare_keys);
	for (size_t i = 0; i < oracle->count; i++)
		if (kept > 0 &&
		    strcmp(groups[kept - 1].key, groups[i].key) == 0)
			join(&groups[kept - 1], &groups[i]);
		else
			groups[kept++] = groups[i];
	oracle->count = kept;
}

/* The text ------------------------------------------------------------------------ */

enum {
	MOST_SEEN = 64 /* goroutines that were on a thread */
};

struct reading {
	struct oracle *to;
	uint64_t id;
	struct {
		uint64_t id;
		size_t group;
		bool bare;
	} seen[MOST_SEEN];
	size_t seen_count;
	bool inside; /* a goroutine */
	bool elided;
	char state[LONGEST_LINE], function[LONGEST_LINE];
	uint64_t minutes;
	struct text frames, creator;
};

// What each thread was running comes again at the end of GOTRACEBACK=crash.
static bool came_before(struct reading *reading)
{
	bool on_thread = strcmp(reading->state, "running") == 0 ||
			 strcmp(reading->state, "syscall") == 0;
	bool bare = reading->frames.size == 0;
	size_t i = 0;

	if (!on_thread)
		return false;
	while (i < reading->seen_count && reading->seen[i].id != reading->id)
		i++;
	if (i < reading->seen_count && !reading->seen[i].bare)
		return true;
	if (i < reading->seen_count) {
		reading->to->groups[reading->seen[i].group].count--;
		reading->to->goroutines--;
	}
	ck_assert_uint_lt(i, MOST_SEEN);
	reading->seen[i].id = reading->id;
	reading->seen[i].group = reading->to->count;
	reading->seen[i].bare = bare;
	reading->seen_count += i == reading->seen_count;
	return false;
}

static void end_goroutine(struct reading *reading)
{
	uint64_t minutes[2] = { reading->minutes, reading->minutes };
	struct text key = { 0 };

	if (!reading->inside)
		return;
	reading->inside = false;
	if (reading->id == 0 || came_before(reading))
		return;
	text_print(&key, "%s|%s|", reading->state,
		   reading->elided ? "elided" : "-");
	text_put(&key, reading->frames.data, reading->frames.size);
	text_put(&key, "|", 1);
	text_put(&key, reading->creator.data, reading->creator.size);
	add_key(reading->to, &key, 1, minutes);
	text_free(&key);
}

static void cut_end(char *text, const char *end)
{
	size_t size = strlen(text), cut = strlen(end);

	if (size >= cut && strcmp(text + size - cut, end) == 0)
		text[size - cut] = '\0';
}

// goroutine 7 gp=0xc0 m=nil [chan receive (leaked), 5 minutes labels:{…}]:
static bool begin_goroutine(struct reading *reading, const char *line)
{
	const char *open = strstr(line, " ["), *end;
	char *cut;

	if (strncmp(line, "goroutine ", 10) != 0 ||
	    !isdigit((unsigned char)line[10]) || open == NULL)
		return false;
	end = line + strlen(line) - 2;
	if (end < open + 2 || strcmp(end, "]:") != 0)
		return false;
	end_goroutine(reading);
	reading->id = strtoull(line + 10, NULL, 10);
	memcpy(reading->state, open + 2, (size_t)(end - open) - 2);
	reading->state[end - open - 2] = '\0';
	cut = strstr(reading->state, " labels:{");
	if (cut != NULL)
		*cut = '\0';
	reading->minutes = 0;
	for (cut = reading->state; *cut != '\0'; cut++)
		if (isdigit((unsigned char)*cut) && cut > reading->state &&
		    cut[-1] == ' ' && strstr(cut, " minute") != NULL &&
		    strstr(cut, " minute") < cut + 12) {
			reading->minutes = strtoull(cut, NULL, 10);
			break;
		}
	cut = strstr(reading->state, ", ");
	if (cut != NULL)
		*cut = '\0';
	cut_end(reading->state, " (scan)");
	cut_end(reading->state, " (leaked)");
	reading->inside = true;
	reading->elided = false;
	reading->frames.size = reading->creator.size = 0;
	reading->function[0] = '\0';
	return true;
}

// main.(*T).f(0x1, {0x2, 0x3}), or: created by main.main in goroutine 1
static void read_function(struct reading *reading, const char *line)
{
	char *end;

	snprintf(reading->function, sizeof(reading->function), "%s", line);
	if (strncmp(line, "created by ", 11) == 0) {
		end = strstr(reading->function, " in goroutine ");
		if (end != NULL)
			*end = '\0';
		return;
	}
	end = strrchr(reading->function, '(');
	if (end != NULL)
		*end = '\0';
	else
		reading->function[0] = '\0';
}

// <tab>/src/a.go:7 +0x1d fp=…
static void read_place(struct reading *reading, char *line)
{
	const char *function = reading->function;
	struct text *to = &reading->frames;
	char *base, *end;

	if (function[0] == '\0')
		return;
	if (strncmp(function, "created by ", 11) == 0) {
		function += 11;
		to = &reading->creator;
	}
	end = strstr(line, " +0x");
	if (end == NULL)
		end = strstr(line, " fp=0x");
	if (end != NULL)
		*end = '\0';
	base = strrchr(line, '/');
	text_print(to, "%s %s;", function, base != NULL ? base + 1 : line + 1);
	reading->function[0] = '\0';
}

static void read_line(struct reading *reading, char *line)
{
	if (begin_goroutine(reading, line))
		return;
	if (line[0] == '\0' || strncmp(line, "[originating from", 17) == 0)
		end_goroutine(reading);
	else if (!reading->inside)
		return;
	else if (strncmp(line, "...", 3) == 0 &&
		 strstr(line, "frames elided...") != NULL)
		reading->elided = true;
	else if (line[0] == '\t')
		read_place(reading, line);
	else
		read_function(reading, line);
}

struct oracle oracle_read(struct gcr_span text)
{
	struct oracle oracle = { 0 };
	struct reading *reading = calloc(1, sizeof(*reading));
	char *line = malloc(LONGEST_LINE);
	size_t at = 0;

	ck_assert(reading != NULL && line != NULL);
	reading->to = &oracle;
	while (at < text.size) {
		const char *from = text.data + at;
		const char *end = memchr(from, '\n', text.size - at);
		size_t size =
			end != NULL ? (size_t)(end - from) : text.size - at;
		ck_assert_uint_lt(size, LONGEST_LINE);
		memcpy(line, from, size);
		line[size] = '\0';
		read_line(reading, line);
		at += size + 1;
	}
	end_goroutine(reading);
	text_free(&reading->frames);
	text_free(&reading->creator);
	free(reading);
	free(line);
	sort_keys(&oracle);
	return oracle;
}

/* The library ------------------------------------------------------------------------ */

static void put_frame(struct text *key, const struct gcr_frame *frame)
{
	const char *file = frame->file.data;
	size_t size = frame->file.size, from = size;

	while (from > 0 && file[from - 1] != '/')
		from--;
	text_put(key, frame->function.data, frame->function.size);
	text_put(key, " ", 1);
	if (size > from)
		text_put(key, file + from, size - from);
	text_print(key, ":%u;", frame->line);
}

static void put_group(struct oracle *to, const struct gcr_group *group)
{
	const struct gcr_goroutine *g = &group->example;
	uint64_t minutes[2] = { group->minutes_least, group->minutes_most };
	struct text key = { 0 };

	if (g->kind != GCR_STACK_GOROUTINE)
		return;
	text_put(&key, g->state.data, g->state.size);
	text_print(&key, "|%s|", g->flags & GCR_G_ELIDED ? "elided" : "-");
	for (size_t i = 0; i < g->frame_count; i++)
		put_frame(&key, &g->frames[i]);
	text_print(&key, "|");
	if (g->created_by != NULL)
		put_frame(&key, g->created_by);
	add_key(to, &key, group->count, minutes);
	text_free(&key);
}

struct oracle oracle_of(const struct gcr_census *census)
{
	struct oracle oracle = { 0 };

	for (size_t i = 0; i < gcr_census_dump_count(census); i++) {
		const struct gcr_tally *tally = gcr_census_dump(census, i);
		for (size_t j = 0; j < tally->group_count; j++)
			put_group(&oracle, tally->groups[j]);
	}
	sort_keys(&oracle);
	return oracle;
}

void oracle_free(struct oracle *oracle)
{
	for (size_t i = 0; i < oracle->count; i++)
		free(oracle->groups[i].key);
	free(oracle->groups);
}

void assert_same_groups(const struct oracle *got, const struct oracle *want,
			const char *what)
{
	for (size_t i = 0; i < got->count && i < want->count; i++) {
		const struct oracle_group *a = &got->groups[i];
		const struct oracle_group *b = &want->groups[i];
		ck_assert_msg(strcmp(a->key, b->key) == 0,
			      "%s: group %zu is\n%.2000s\nnot\n%.2000s", what,
			      i, a->key, b->key);
		ck_assert_msg(a->count == b->count, "%s: %llu, not %llu of %s",
			      what, (unsigned long long)a->count,
			      (unsigned long long)b->count, a->key);
		ck_assert_msg(a->minutes_least == b->minutes_least &&
				      a->minutes_most == b->minutes_most,
			      "%s: ages of %s", what, a->key);
	}
	ck_assert_msg(got->count == want->count, "%s: %zu groups, not %zu",
		      what, got->count, want->count);
	ck_assert_msg(got->goroutines == want->goroutines,
		      "%s: %llu goroutines, not %llu", what,
		      (unsigned long long)got->goroutines,
		      (unsigned long long)want->goroutines);
}
