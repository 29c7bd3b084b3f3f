/*
 * Drawing. The generator is SplitMix64 (Steele, Lea, Flood: Fast splittable
 * pseudorandom number generators, 2014): one addition and three xor-shifts a
 * number, and the same everywhere.
 */

#include "draw.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "query.h"
#include "text.h"

struct random {
	unsigned long long state;
};

static unsigned long long next_random(struct random *random)
{
	unsigned long long z = random->state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

static long between(struct random *random, long low, long high)
{
	unsigned long long span = (unsigned long long)(high - low) + 1;

	return low + (long)(next_random(random) % span);
}

int seed_read(const char *text, unsigned long long *ret)
{
	char *end;

	if (strcmp(text, "course") == 0) {
		*ret = 0;
		return 0;
	}
	if (strspn(text, "0123456789abcdefABCDEF") != strlen(text) || !*text ||
	    strlen(text) > 16)
		return -1;
	*ret = strtoull(text, &end, 16);
	return 0;
}

const char *seed_name(unsigned long long seed, struct pool *pool)
{
	return seed ? pool_format(pool, "%04llx", seed) : "course";
}

unsigned long long seed_new(void)
{
	unsigned short number = 0;
	struct timespec t;
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, &number, sizeof(number)) != sizeof(number)) {
		clock_gettime(CLOCK_REALTIME, &t);
		number = (unsigned short)(t.tv_nsec / 1000);
	}
	if (fd >= 0)
		close(fd);
	return number ? number : 1;
}

// Letters only, and no two alike beside each other: easy to tell and to type.
static jv draw_word(struct random *random, long size)
{
	static const char vowels[] = "aeiou", others[] = "bdfgklmnprstvz";
	char word[64];

	for (long i = 0; i < size; i++) {
		const char *from = i % 2 ? vowels : others;

		word[i] = from[between(random, 0, (long)strlen(from) - 1)];
	}
	return jv_string_sized(word, (int)size);
}

static jv course_value(const struct draw *draw)
{
	char *end;

	switch (draw->kind) {
	case DRAW_INT:
		return jv_number((double)strtoll(draw->course, &end, 10));
	case DRAW_BOOL:
		return jv_bool(strcmp(draw->course, "true") == 0);
	case DRAW_WORD:
		break;
	}
	return jv_string(draw->course);
}

static jv draw_value(const struct draw *draw, struct random *random)
{
	switch (draw->kind) {
	case DRAW_INT:
		return jv_number(
			(double)between(random, draw->low, draw->high));
	case DRAW_BOOL:
		return jv_bool(between(random, 0, 1) == 1);
	case DRAW_WORD:
		break;
	}
	return draw_word(random, between(random, draw->low, draw->high));
}

static jv draw_once(const struct lesson *lesson, struct random *random)
{
	jv values = jv_object();

	for (size_t i = 0; i < lesson->draw_count; i++) {
		const struct draw *draw = &lesson->draws[i];

		values = jv_object_set(values, jv_string(draw->name),
				       random ? draw_value(draw, random)
					      : course_value(draw));
	}
	return values;
}

// The index of the first draw that `keep` accepts; -1 when there is none.
static int first_kept(const struct lesson *lesson, jv draws,
		      struct text *errors)
{
	struct text program = { 0 };
	jv index;
	int ret = -1;

	text_puts(&program, "first(range(0; length) as $i | (.[$i] | ");
	query_guard(lesson->keep, &program);
	text_puts(&program, ") as $kept | select($kept == true or "
			    "($kept | type) == \"object\") | "
			    "if $kept == true then $i else $kept end) // null");
	if (query_run(text_string(&program), draws, &index, errors) == 0) {
		jv message = query_error(jv_copy(index));

		if (jv_is_valid(message))
			text_puts(errors, jv_string_value(message));
		else if (jv_get_kind(index) == JV_KIND_NUMBER)
			ret = (int)jv_number_value(index);
		else
			text_puts(errors, "'keep' refuses every draw");
		jv_free(message);
		jv_free(index);
	}
	text_done(&program);
	return ret;
}

int draw_values(const struct lesson *lesson, unsigned long long seed, jv *ret,
		struct text *errors)
{
	struct random random;
	jv draws;
	int kept;

	if (!seed) {
		*ret = draw_once(lesson, NULL);
		return 0;
	}
	random.state = seed;
	if (!lesson->keep) {
		*ret = draw_once(lesson, &random);
		return 0;
	}
	draws = jv_array();
	for (int i = 0; i < DRAWS_MOST; i++)
		draws = jv_array_append(draws, draw_once(lesson, &random));
	kept = first_kept(lesson, jv_copy(draws), errors);
	if (kept >= 0)
		*ret = jv_array_get(jv_copy(draws), kept);
	jv_free(draws);
	return kept >= 0 ? 0 : -1;
}

static void put_value(jv value, struct text *ret)
{
	jv string = jv_get_kind(value) == JV_KIND_STRING
			    ? value
			    : jv_dump_string(value, 0);

	text_puts(ret, jv_string_value(string));
	jv_free(string);
}

void draw_fill(const char *template, jv values, struct text *ret)
{
	for (const char *at = template; *at;) {
		// `${name}` is the shell's.
		bool ours = *at == '{' && (at == template || at[-1] != '$');
		size_t size = ours ? strcspn(at, "}") : 0;
		jv value = jv_invalid();

		if (size && at[size])
			value = jv_object_get(
				jv_copy(values),
				jv_string_sized(at + 1, (int)size - 1));
		if (jv_is_valid(value)) {
			put_value(value, ret);
			at += size + 1;
		} else {
			jv_free(value);
			text_char(ret, *at++);
		}
	}
}

int draw_source(const struct lesson *lesson, jv values, const char *source,
		struct text *ret, struct text *errors)
{
	struct text course = { 0 }, drawn = { 0 };
	jv usual = draw_once(lesson, NULL);
	const char *found;
	int status = -1;

	draw_fill(lesson->call, usual, &course);
	draw_fill(lesson->call, values, &drawn);
	jv_free(usual);
	found = strstr(source, text_string(&course));
	if (!found || strstr(found + 1, text_string(&course))) {
		text_format(errors, "`%s` does not stand once in the program",
			    text_string(&course));
	} else {
		text_add(ret, source, (size_t)(found - source));
		text_puts(ret, text_string(&drawn));
		text_puts(ret, found + course.size);
		status = 0;
	}
	jv_free(values);
	text_done(&course);
	text_done(&drawn);
	return status;
}
