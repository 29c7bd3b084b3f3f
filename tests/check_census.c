/*
 * The census passes by goroutines whose shape it knows. What comes out has to
 * be, byte for byte, what comes out when each is read: on the recordings, and on
 * dumps made of them by repeating their goroutines with other numbers and by
 * damaging the result.
 */

#include "support.h"

#include "arena.h"
#include "span.h"
#include "waiters.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

static struct gcr_error err;

/* A census as text ---------------------------------------------------------- */

struct telling {
	struct text lines, tallies;
	const struct gcr_dump *dump;
	size_t first; /* the census's first dump is this one of `dump` */
	struct gcr_view view;
};

static int put_bytes(void *to, const char *data, size_t size)
{
	text_put(to, data, size);
	return 0;
}

// Each goroutine as its line of JSON, from a writer of its own.
static int tell_goroutine(void *from, const struct gcr_tally *tally,
			  const struct gcr_group *group,
			  const struct gcr_goroutine *goroutine,
			  struct gcr_error *error)
{
	struct telling *telling = from;
	struct gcr_output output = { put_bytes, &telling->lines };
	size_t number = telling->first + tally->number;
	const struct gcr_crash *crash = gcr_dump_crash(telling->dump, number);
	struct gcr_lines_writer *writer;

	ck_assert_ptr_nonnull(crash);
	text_print(&telling->lines, "report %zu, at %llu: ", goroutine->report,
		   (unsigned long long)goroutine->place.offset);
	return gcr_lines_writer_new(&crash->target, &telling->view, &output,
				    &writer, error) != 0 ||
			       gcr_lines_writer_put(writer, number, group,
						    goroutine, error) != 0 ||
			       gcr_lines_writer_done(writer, error) != 0
		       ? -1
		       : 0;
}

static void put_span(struct text *to, struct gcr_span span)
{
	text_put(to, span.data, span.size);
}

static void tell_column(struct text *to, const struct gcr_column *column)
{
	text_print(to, " %d/%d/%u:%llx-%llx%s", (int)column->word.kind,
		   (int)column->word.certainty, column->word.depth,
		   (unsigned long long)column->least,
		   (unsigned long long)column->most, column->more ? "+" : "");
	for (size_t i = 0; i < column->distinct; i++)
		text_print(to, ",%llx", (unsigned long long)column->values[i]);
}

static void tell_columns(struct text *to, const struct gcr_group *group)
{
	for (size_t i = 0; i < group->example.frame_count; i++) {
		const struct gcr_columns *columns = &group->columns[i];

		text_print(to, "\n  frame %zu%s", i,
			   columns->mixed ? " mixed" : "");
		for (size_t j = 0; j < columns->count; j++)
			tell_column(to, &columns->items[j]);
	}
	text_print(to, "\n  creator");
	tell_column(to, &group->creator);
}

static void tell_group(struct text *to, const struct gcr_group *group)
{
	text_print(to,
		   "\n group %zu %016llx: %llu, %llu to %llu min, oldest %llu, "
		   "%llu locked, %llu labelled, flags %x, example %llu:",
		   group->index, (unsigned long long)group->fingerprint,
		   (unsigned long long)group->count,
		   (unsigned long long)group->minutes_least,
		   (unsigned long long)group->minutes_most,
		   (unsigned long long)group->oldest,
		   (unsigned long long)group->locked,
		   (unsigned long long)group->labelled, group->flags,
		   (unsigned long long)group->example.place.offset);
	for (size_t i = 0; i < group->id_count; i++)
		text_print(to, " %llu", (unsigned long long)group->ids[i]);
	for (size_t i = 0; i < group->label_count; i++) {
		text_print(to, " label ");
		put_span(to, group->labels[i]);
	}
	if (group->columns != NULL)
		tell_columns(to, group);
}

static void tell_crash(struct text *to, const struct gcr_crash *crash)
{
	text_print(to, "\ncrash ");
	put_span(to, crash->cause.text);
	text_print(to, " kind %d go %u-%u arch %d, %llu to %llu:%zu:%zu",
		   (int)crash->cause.kind, crash->target.go_min,
		   crash->target.go_max, (int)crash->target.arch,
		   (unsigned long long)crash->place.offset,
		   (unsigned long long)crash->end.offset, crash->end.line,
		   crash->end.column);
	for (size_t i = 0; i < crash->other_count; i++) {
		text_print(to, "\n other %zu: ", crash->others[i].place.line);
		put_span(to, crash->others[i].text);
	}
	for (size_t i = 0; i < crash->note_count; i++) {
		text_print(to, "\n note %zu: ", crash->notes[i].place.line);
		put_span(to, crash->notes[i].text);
	}
}

static void tell_thing(struct text *to, const struct gcr_thing *thing)
{
	text_print(to,
		   "\n thing %d/%d %llx: %llu, %llu min, oldest %llu, base "
		   "%llx, %u groups, %llu candidates, %llu mentions",
		   (int)thing->kind, (int)thing->certainty,
		   (unsigned long long)thing->address,
		   (unsigned long long)thing->count,
		   (unsigned long long)thing->minutes,
		   (unsigned long long)thing->oldest,
		   (unsigned long long)thing->base, thing->group_count,
		   (unsigned long long)thing->candidates,
		   (unsigned long long)thing->mentions);
	for (size_t i = 0; i < thing->holder_count; i++)
		text_print(to, " holder %llu/%llx",
			   (unsigned long long)thing->holders[i].goroutine,
			   (unsigned long long)thing->holders[i].word);
}

static void tell_waits(struct text *to, const struct gcr_waits *waits)
{
	if (waits == NULL)
		return;
	for (int i = 0; i < GCR_WAIT_KIND_COUNT; i++)
		text_print(to,
			   "\n kind %d: %llu, %llu told, %llu things, %llu min",
			   i, (unsigned long long)waits->kinds[i].count,
			   (unsigned long long)waits->kinds[i].told,
			   (unsigned long long)waits->kinds[i].things,
			   (unsigned long long)waits->kinds[i].minutes);
	for (size_t i = 0; i < waits->thing_count; i++)
		tell_thing(to, waits->things[i]);
	text_print(to, "\n %zu cycles", waits->cycle_count);
}

static void tell_tally(struct text *to, const struct gcr_tally *tally)
{
	text_print(to, "\ntally: %llu, %llu left out, %llu elsewhere",
		   (unsigned long long)tally->count,
		   (unsigned long long)tally->left_out,
		   (unsigned long long)tally->elsewhere);
	for (size_t i = 0; i < tally->group_count; i++)
		tell_group(to, tally->groups[i]);
	tell_waits(to, tally->waits);
}

static bool keep_odd(void *from, const struct gcr_goroutine *goroutine)
{
	(void)from;
	return goroutine->id % 2 == 1;
}

/* What a test asks of the census. */
enum asking {
	ALL,	/* nothing but the groups */
	SHOWN,	/* every goroutine */
	CHOSEN, /* those with odd ids */
	ASKINGS
};

static struct gcr_census_request request_of(enum asking asking,
					    struct telling *telling)
{
	return (struct gcr_census_request){
		.from = telling,
		.columns = asking != SHOWN,
		.waits = asking != SHOWN,
		.each = asking == SHOWN ? tell_goroutine : NULL,
		.keep = asking == CHOSEN ? keep_odd : NULL,
	};
}

// Each goroutine read; the crashes are those of the parsed dump.
static void tell_read(const struct gcr_dump *dump, enum asking asking,
		      struct telling *telling)
{
	struct gcr_census_request request = request_of(asking, telling);

	for (size_t i = 0; i < gcr_dump_crash_count(dump); i++) {
		const struct gcr_crash *crash = gcr_dump_crash(dump, i);
		struct gcr_census *census;

		ck_assert_int_eq(
			gcr_census_crash(crash, &request, &census, &err), 0);
		tell_crash(&telling->tallies, crash);
		tell_tally(&telling->tallies, gcr_census_dump(census, 0));
		telling->first++;
		gcr_census_free(census);
	}
}

static void tell_taken(struct gcr_span text, enum asking asking,
		       struct telling *telling)
{
	struct gcr_census_request request = request_of(asking, telling);
	struct gcr_census *census;

	ck_assert_int_eq(gcr_census_take(text, NULL, &request, &census, &err),
			 0);
	for (size_t i = 0; i < gcr_census_dump_count(census); i++) {
		const struct gcr_tally *tally = gcr_census_dump(census, i);

		tell_crash(&telling->tallies, tally->crash);
		tell_tally(&telling->tallies, tally);
	}
	gcr_census_free(census);
}

// Where two texts part, for the message.
static void assert_same(const struct text *a, const struct text *b,
			const char *what)
{
	size_t at = 0, from;

	if (a->size == b->size &&
	    (a->size == 0 || memcmp(a->data, b->data, a->size) == 0))
		return;
	while (at < a->size && at < b->size && a->data[at] == b->data[at])
		at++;
	from = at > 200 ? at - 200 : 0;
	ck_abort_msg("%s: read:\n%.400s\n\npassed:\n%.400s", what,
		     a->data != NULL ? a->data + from : "",
		     b->data != NULL ? b->data + from : "");
}

static void compare(struct gcr_span text, const char *what)
{
	struct gcr_dump *dump;

	ck_assert_int_eq(gcr_dump_parse(text, NULL, &dump, &err), 0);
	for (int asking = 0; asking < ASKINGS; asking++) {
		struct telling read = { .dump = dump },
			       taken = { .dump = dump };

		tell_read(dump, (enum asking)asking, &read);
		tell_taken(text, (enum asking)asking, &taken);
		assert_same(&read.lines, &taken.lines, what);
		assert_same(&read.tallies, &taken.tallies, what);
		text_free(&read.lines);
		text_free(&read.tallies);
		text_free(&taken.lines);
		text_free(&taken.tallies);
	}
	gcr_dump_free(dump);
}

/* Dumps made of dumps -------------------------------------------------------- */

static uint64_t random_state;

static uint64_t draw(uint64_t below)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state % below;
}

static bool is_hex(char c)
{
	return gcr_is_digit(c) || (c >= 'a' && c <= 'f');
}

// One text with other digits in its numbers, as many or not.
static void put_renumbered(struct text *to, struct gcr_span text)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < text.size; i++) {
		char c = text.data[i];
		bool after_x = i > 1 && text.data[i - 1] == 'x';

		if (after_x && is_hex(c) && draw(4) == 0)
			text_put(to, "7fffffffffff", draw(13));
		if (is_hex(c) && i > 0 && is_hex(text.data[i - 1]) &&
		    draw(2) == 0)
			c = digits[draw(gcr_is_digit(c) ? 10 : 16)];
		text_put(to, &c, 1);
	}
}

// The same as the runtime would print it of other goroutines: only what
// stands behind `0x` in the lists and the id changes.
static void put_sibling(struct text *to, struct gcr_span text)
{
	static const char digits[] = "0123456789abcdef";
	bool words = false;

	if (gcr_span_skip(&text, "goroutine ")) {
		uint64_t id;
		gcr_span_decimal(&text, &id);
		text_print(to, "goroutine %llu",
			   (unsigned long long)draw(draw(3) > 0 ? 1000 : 4));
	}
	for (size_t i = 0; i < text.size; i++) {
		char c = text.data[i];

		if (c == '(' || gcr_span_starts(gcr_span_tail(text, i), " fp="))
			words = true;
		if (c == '\n' ||
		    gcr_span_starts(gcr_span_tail(text, i), " pc="))
			words = false;
		if (words && is_hex(c) && i > 0 && is_hex(text.data[i - 1]))
			c = digits[draw(16)];
		if (c == '5' && draw(8) == 0) // minutes, frames left out
			c = '0';
		text_put(to, &c, 1);
	}
}

// The next block of lines, up to and with the blank line behind it.
static struct gcr_span next_block(struct gcr_span *rest)
{
	ptrdiff_t end = gcr_span_find_text(*rest, "\n\n");
	struct gcr_span block = *rest;

	if (end != GCR_NOWHERE)
		block = gcr_span_head(*rest, (size_t)end + 2);
	*rest = gcr_span_tail(*rest, block.size);
	return block;
}

static void multiply(struct text *to, struct gcr_span text, bool siblings)
{
	struct gcr_span blocks[64];
	size_t count = 0;

	while (text.size > 0 && count < 64)
		blocks[count++] = next_block(&text);
	for (size_t i = 0; i < count; i++) {
		size_t times = 1;
		if (gcr_span_starts(blocks[i], "goroutine ") && i + 1 < count)
			times += draw(8);
		for (size_t j = 0; j < times; j++) {
			size_t which = j == 0 ? i : draw(i + 1);
			if (j > 0 &&
			    !gcr_span_starts(blocks[which], "goroutine "))
				which = i;
			if (siblings && draw(4) > 0)
				put_sibling(to, blocks[which]);
			else if (j == 0 || siblings)
				put_span(to, blocks[which]);
			else
				put_renumbered(to, blocks[which]);
		}
	}
	text_put(to, text.data, text.size);
}

// What may stand where nobody expects it.
static const char *const lines[] = {
	"2026/11/23 12:00:00 a log line\n",
	"\n",
	"main.f(0x1, 0x2)\n",
	"\t/src/main.go:7 +0x1d\n",
	"goroutine 7 [running]:\n",
	"panic: boom\n",
	"exit status 2\n",
	"-----\n",
	"rax    0x0\n",
	"[signal SIGSEGV: x code=0x1 addr=0x0 pc=0x45af5e]\n",
	"SIGQUIT: quit\nPC=0x46e1a1 m=0 sigcode=0\n\n",
	"-----\n\nSIGQUIT: quit\nPC=0x46e1a1 m=0 sigcode=0\n\n",
	"main.f(0x1, 0x2)\n\t/src/main.go:7 +0x1d\n",
	"goroutine profile: total 3\n",
	"WARNING: DATA RACE\n",
	"runtime stack:\n",
	"\nINFO started\n\n",
	"\tgoroutine running on other thread; stack unavailable\n",
	"...additional frames elided...\n",
	"...0 frames elided...\n",
	"[originating from goroutine 1]:\n",
	"runtime: goroutine stack exceeds 1000000000-byte limit\n",
	("goroutine 7 [select]:\nmain.f()\n\t/src/main.go:7 +0x1d\n\n"),
	"\xef\xbb\xbf",
	"\r",
	"\033[0m",
};

// A byte changed, a line lost, doubled or put in, the end cut off.
static void damage(struct text *text)
{

	size_t at, count = 1 + draw(6);

	while (count-- > 0 && text->size > 1) {
		struct text next = { 0 };
		const char *line = lines[draw(sizeof(lines) / sizeof(*lines))];

		at = draw(text->size);
		// Most often between lines, often between goroutines.
		uint64_t where = draw(4);
		while (where > 0 && at > 0 && text->data[at - 1] != '\n')
			at--;
		while (where > 1 && at > 1 &&
		       (text->data[at - 1] != '\n' ||
			text->data[at - 2] != '\n'))
			at--;
		text_put(&next, text->data, at);
		switch (draw(4)) {
		case 0:
			text_put(&next, text->data + at + 1,
				 text->size - at - 1);
			break;
		case 1:
			if (draw(8) > 0)
				text_put(&next, text->data + at,
					 text->size - at);
			break;
		default:
			text_put(&next, line, strlen(line));
			text_put(&next, text->data + at, text->size - at);
		}
		text_free(text);
		*text = next;
	}
}

static void compare_made(const struct file *file, const struct file *other,
			 uint64_t seed)
{
	struct text made = { 0 };
	char what[320];

	random_state = seed * 2654435761u + 1;
	multiply(&made, file_span(file), seed % 3 > 0);
	if (seed % 5 == 0)
		multiply(&made, file_span(other), true);
	if (seed % 4 > 0)
		damage(&made);
	snprintf(what, sizeof(what), "%s, seed %llu", file->path,
		 (unsigned long long)seed);
	compare((struct gcr_span){ made.data, made.size }, what);
	text_free(&made);
}

START_TEST(recordings_are_counted_as_they_are_read)
{
	struct file_list files = list_files("tests/data/recorded", ".txt");

	ck_assert_uint_gt(files.count, 100);
	for (size_t i = 0; i < files.count; i++) {
		struct file file = load_file(files.paths[i]);

		compare(file_span(&file), file.path);
		unload_file(&file);
	}
	free_list(&files);
}
END_TEST

// CENSUS_SEEDS=200 for a longer look.
START_TEST(made_dumps_are_counted_as_they_are_read)
{
	struct file_list files = list_files("tests/data/recorded", ".txt");
	const char *wish = getenv("CENSUS_SEEDS");
	uint64_t seeds = wish != NULL ? strtoull(wish, NULL, 10) : 4;

	for (size_t i = 0; i < files.count; i++) {
		struct file file = load_file(files.paths[i]);
		struct file other =
			load_file(files.paths[i * 7919 % files.count]);

		for (uint64_t seed = 0; seed < seeds; seed++)
			compare_made(&file, &other, seed + i * 1000);
		unload_file(&file);
		unload_file(&other);
	}
	free_list(&files);
}
END_TEST

// Three goroutines of so many frames, with what is given behind each header.
static void compare_deep(size_t frames, const char *words, const char *what)
{
	struct text made = { 0 };

	text_print(&made, "goroutine 1 [running]:\nmain.main()\n"
			  "\t/src/main.go:7 +0x1d\n\n");
	for (unsigned i = 0; i < 4; i++) {
		text_print(&made, "goroutine %u [select]:\n", i + 2);
		for (size_t j = 0; j < frames; j++)
			text_print(&made,
				   "main.f%zu(0x%zx%s)\n"
				   "\t/src/main.go:%zu +0x1d\n",
				   j, j + i, words, j + 1);
		text_print(&made,
			   "created by main.main in goroutine %u\n"
			   "\t/src/main.go:9 +0x2d\n\n",
			   i + 1);
	}
	compare((struct gcr_span){ made.data, made.size }, what);
	text_free(&made);
}

START_TEST(deep_stacks_are_counted_as_they_are_read)
{
	// The last two have more numbers than a shape can have.
	compare_deep(1, "", "one frame");
	compare_deep(100, ", 0x7f?, {0x1, ...}", "a hundred frames");
	compare_deep(2046, "", "as many numbers as there may be");
	compare_deep(2047, "", "one more");
	compare_deep(10000, ", 0x1", "ten thousand frames");
}
END_TEST

// Four goroutines whose numbers are at the edges of what passes for one.
START_TEST(odd_numbers_are_counted_as_they_are_read)
{
	static const char *const ids[] = { "7",
					   "0",
					   "007",
					   "18446744073709551615",
					   "99999999999999999999",
					   "9223372036854775808",
					   "x" };
	static const char *const words[] = {
		"0x1",
		"0x0",
		"0x00",
		"0xffffffffffffffff",
		"0x10000000000000000",
		"0xABC",
		"0x",
		"1",
		"0x1?",
		"_",
		"...",
	};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		for (size_t j = 0; j < sizeof(words) / sizeof(words[0]); j++) {
			struct text made = { 0 };

			text_print(&made,
				   "goroutine 1 [running]:\nmain.main()\n"
				   "\t/src/main.go:7 +0x1d\n\n");
			for (unsigned k = 0; k < 6; k++)
				text_print(
					&made,
					"goroutine %s [select, %s minutes]:\n"
					"main.f(%s, 0x%x)\n"
					"\t/src/main.go:7 +0x1d\n"
					"...%s frames elided...\n"
					"created by main.main in goroutine %s\n"
					"\t/src/main.go:9 +0x2d\n\n",
					k < 4 ? "12" : ids[i],
					k % 2 == 0 ? "12" : ids[i],
					k < 3 ? "0x2a" : words[j], k,
					k < 4 ? "33" : ids[i],
					k < 5 ? "1" : ids[i]);
			compare((struct gcr_span){ made.data, made.size },
				words[j]);
			text_free(&made);
		}
}
END_TEST

// The text itself may have what a writer uses to find its places.
START_TEST(marks_in_the_text_are_no_marks)
{
	static const char *const names[] = {
		"main.0xfedcba9876000001",
		"main.f7654321098000000000",
		"main.f7654321099000000001",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct text made = { 0 };

		text_print(&made, "goroutine 1 [running]:\nmain.main()\n"
				  "\t/src/main.go:7 +0x1d\n\n");
		for (unsigned k = 0; k < 4; k++)
			text_print(&made,
				   "goroutine %u [select]:\n%s(0x%x)\n"
				   "\t/src/main.go:7 +0x1d\n\n",
				   k + 2, names[i], k);
		compare((struct gcr_span){ made.data, made.size }, names[i]);
		text_free(&made);
	}
}
END_TEST

START_TEST(every_failing_allocation_is_reported)
{
	struct file file = load_file("tests/data/goroutines/go1.26-stuck.txt");
	struct gcr_census_request request = { .columns = true, .waits = true };
	struct gcr_census *census;
	size_t n = 1;

	for (;; n++) {
		struct gcr_limits limits = { .fail_at = n };

		census = NULL;
		if (gcr_census_take(file_span(&file), &limits, &request,
				    &census, &err) == 0)
			break;
		ck_assert_ptr_null(census);
		ck_assert_int_eq(err.code, GCR_NOMEM);
	}
	ck_assert_uint_gt(n, 100);
	gcr_census_free(census);
	unload_file(&file);
}
END_TEST

static struct gcr_filter_terms no_terms;

static bool filter_keeps(const struct gcr_filter_terms *terms,
			 const struct gcr_goroutine *g)
{
	struct gcr_filter *filter;
	bool keeps;

	ck_assert_int_eq(gcr_filter_new(terms, &filter, &err), 0);
	keeps = gcr_filter_keep(filter, g);
	gcr_filter_free(filter);
	return keeps;
}

START_TEST(a_label_is_found_whatever_is_in_it)
{
	struct gcr_goroutine g = {
		.labels = GCR_LITERAL("\"a\": \"x]: \\\"q\\\", y=z\", "
				      "\"k, 1\": \"\""),
	};
	static const struct {
		struct gcr_span label;
		bool keeps;
	} rows[] = {
		{ GCR_LITERAL("a"), true },
		{ GCR_LITERAL("a=x]: \"q\", y=z"), true },
		{ GCR_LITERAL("a=x"), false },
		{ GCR_LITERAL("k, 1"), true },
		{ GCR_LITERAL("k, 1="), true },
		{ GCR_LITERAL("k"), false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct gcr_filter_terms terms = no_terms;

		terms.label = rows[i].label;
		ck_assert_msg(filter_keeps(&terms, &g) == rows[i].keeps, "%s",
			      rows[i].label.data);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("census");
	TCase *same = tcase_create("same as read");
	SRunner *runner;
	int failed;

	tcase_set_timeout(same, 0);
	tcase_add_test(same, recordings_are_counted_as_they_are_read);
	tcase_add_test(same, made_dumps_are_counted_as_they_are_read);
	tcase_add_test(same, deep_stacks_are_counted_as_they_are_read);
	tcase_add_test(same, odd_numbers_are_counted_as_they_are_read);
	tcase_add_test(same, marks_in_the_text_are_no_marks);
	tcase_add_test(same, every_failing_allocation_is_reported);
	tcase_add_test(same, a_label_is_found_whatever_is_in_it);
	suite_add_tcase(suite, same);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? 0 : 1;
}
