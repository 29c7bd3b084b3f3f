/*
 * Texts made to be slow to read, each at some size and at twice that: the time
 * has to double, the memory beside the text to stay in proportion. Nothing
 * here fails on a slow machine; the ratios are for people to read.
 *
 * usage: bench_hostile [MEGABYTES [NAME]]
 */

#include "arena.h"
#include "gocrash.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
	MEGABYTE = 1024 * 1024,
	DEFAULT_MEGABYTES = 8,
	LONGEST_PIECE = 512, /* that a generator adds at once */
};

/* A text being made, full at `limit`. */
struct making {
	char *data;
	size_t size, limit;
	size_t count; /* pieces so far */
};

static bool full(const struct making *making)
{
	return making->size + LONGEST_PIECE > making->limit;
}

GCR_PRINTF(2, 3)
static void put(struct making *making, const char *format, ...)
{
	va_list arguments;

	if (full(making))
		return;
	va_start(arguments, format);
	making->size += (size_t)vsnprintf(making->data + making->size,
					  LONGEST_PIECE, format, arguments);
	va_end(arguments);
	making->count++;
}

// Forms that are the same again and again are rows, the others functions.
static void prefixes(struct making *making)
{
	put(making,
	    "<%zu> goroutine 1 [running]:\n<%zu> main.f(0x1)\n"
	    "<%zu> \t/src/main.go:1 +0x1\n\n",
	    making->count, making->count, making->count);
}

static void ancestors(struct making *making)
{
	if (making->size == 0)
		put(making, "goroutine 1 [running]:\n");
	put(making,
	    "[originating from goroutine %zu]:\nmain.f(...)\n\t/m.go:1\n",
	    making->count);
}

static void frames(struct making *making)
{
	if (making->size == 0)
		put(making, "panic: deep\n\ngoroutine 1 [running]:\n");
	put(making, "main.f(0x%zx)\n\t/src/main.go:1 +0x1\n", making->count);
}

static void value(struct making *making)
{
	put(making, making->size == 0 ? "panic: " : "");
	put(making, "\tone more line of a long value\n");
}

static void free_value(struct making *making)
{
	put(making, making->size == 0 ? "panic: " : "");
	put(making, "x\n");
	if (making->size + 3 * LONGEST_PIECE > making->limit)
		put(making, "\ngoroutine 1 [running]:\nmain.f()\n\t/m.go:1\n");
}

// A log in front of an anchor that teaches nothing to its lines.
static void far_anchor(struct making *making)
{
	put(making, making->count % 30000 == 29999
			    ? "p goroutine 1 [running]:\np \n"
			    : "x\n");
}

static void quoted_line(struct making *making)
{
	put(making,
	    making->size == 0
		    ? "{\"msg\":\"panic: x\\n\\ngoroutine 1 [running]:\\n"
		    : "main.f(0x1)\\n\\t/src/main.go:1 +0x1\\n");
}

static void folded_crashes(struct making *making)
{
	put(making, making->size == 0 ? "{\"msg\":\"" : "");
	put(making, "panic: x\\n\\ngoroutine 1 [running]:\\nmain.f()\\n"
		    "\\t/src/main.go:1 +0x1\\nexit status 2\\n");
}

static const struct {
	const char *name;
	const char *text; /* again and again, or */
	void (*make)(struct making *making);
} rows[] = {
	{ "one line of x", "xxxxxxxxxxxxxxxx", NULL },
	{ "one line of spaces", "                ", NULL },
	{ "newlines", "\n", NULL },
	{ "NUL bytes", NULL, NULL },
	{ "goroutine 1 [", "goroutine 1 [", NULL },
	{ "goroutine 1 [ and newline", "goroutine 1 [\n", NULL },
	{ "goroutine 1 []: on one line", "goroutine 1 []: ", NULL },
	{ "headers", "goroutine 1 [select]:\n", NULL },
	{ "[signal SIG", "[signal SIG", NULL },
	{ "panic: ", "panic: \n", NULL },
	{ "panic: x [recovered]", "panic: x [recovered]\n\t", NULL },
	{ "fatal error: ", "fatal error: x\n", NULL },
	{ "SIGQUIT: quit", "SIGQUIT: quit\n", NULL },
	{ "rules", "==================\n", NULL },
	{ "race heads", "==================\nWARNING: DATA RACE\n", NULL },
	{ "crashes",
	  "panic: x\n\ngoroutine 1 [running]:\nmain.f()\n\t/m.go:1 +0x1\n"
	  "exit status 2\n",
	  NULL },
	{ "http panics",
	  "2026/11/23 10:00:00 http: panic serving 1.2.3.4:5: boom\n"
	  "goroutine 7 [running]:\nmain.f()\n\t/m.go:1 +0x1\n",
	  NULL },
	{ "escaped quotes", "{\"log\":\"\\\"\\\\goroutine 1 [running]:\\n\"}\n",
	  NULL },
	{ "quotes and backslashes on one line", "\"\\\\\"goroutine 1 [x]:\\n",
	  NULL },
	{ "a JSON line per line",
	  "{\"log\":\"goroutine 1 [running]:\\n\",\"s\":\"e\"}\n"
	  "{\"log\":\"main.f(0x1)\\n\",\"s\":\"e\"}\n"
	  "{\"log\":\"\\t/src/main.go:1 +0x1\\n\",\"s\":\"e\"}\n",
	  NULL },
	{ "half a function line", "main.f(", NULL },
	{ "suffixes on one line", "\t/m.go:1 +0x1 +0x1 +0x1 +0x1 ", NULL },
	{ "remarks", "runtime: one\n", NULL },
	{ "runtime: and others", "runtime: one\nother\n", NULL },
	{ "labels", "goroutine 1 [x, y labels:{\"a\": \"b\"}]: ", NULL },
	{ "a log", "2026/11/23 10:00:00 INFO request served in 3ms\n", NULL },
	{ "distinct prefixes", NULL, prefixes },
	{ "ancestors", NULL, ancestors },
	{ "frames of one stack", NULL, frames },
	{ "a value behind tabs", NULL, value },
	{ "a value of free lines", NULL, free_value },
	{ "an anchor far away", NULL, far_anchor },
	{ "a dump in one string", NULL, quoted_line },
	{ "crashes in one string", NULL, folded_crashes },
};

static struct gcr_span make_text(size_t row, size_t size)
{
	struct making making = { .data = malloc(size), .limit = size };
	size_t length = rows[row].text != NULL ? strlen(rows[row].text) : 0;

	if (making.data == NULL)
		exit(1);
	if (rows[row].make != NULL) {
		while (!full(&making))
			rows[row].make(&making);
		return (struct gcr_span){ making.data, making.size };
	}
	for (size_t i = 0; i < size; i++)
		making.data[i] = length > 0 ? rows[row].text[i % length] : '\0';
	return (struct gcr_span){ making.data, size };
}

// Of this process: other work on the machine is not counted.
static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* One text read: seconds, bytes beside it, and whether it could be. */
struct reading {
	double seconds, bytes;
	bool read;
};

static struct reading read_once(size_t row, size_t size)
{
	struct gcr_span text = make_text(row, size);
	struct gcr_dump *dump;
	struct gcr_error err;
	struct reading reading = { 0 };
	double start = now();

	reading.read = gcr_dump_parse(text, NULL, &dump, &err) == 0;
	reading.seconds = now() - start;
	if (reading.read) {
		reading.bytes = (double)gcr_arena_used(gcr_dump_arena(dump));
		gcr_dump_free(dump);
	} else {
		fprintf(stderr, "%s: %s\n", rows[row].name, err.text);
	}
	free((char *)(uintptr_t)text.data);
	return reading;
}

int main(int argc, char **argv)
{
	size_t megabytes = DEFAULT_MEGABYTES;

	if (argc > 1)
		megabytes = (size_t)strtoul(argv[1], NULL, 10);
	size_t size = megabytes * MEGABYTE;
	printf("hostile texts of %zu MB, and of twice that\n", megabytes);
	for (size_t row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
		if (argc > 2 && strcmp(argv[2], rows[row].name) != 0)
			continue;
		struct reading one = read_once(row, size);
		struct reading two = read_once(row, 2 * size);
		printf("%-36s %8.0f MB/s  twice: x%4.1f  %5.1f bytes a byte\n",
		       rows[row].name, (double)megabytes / one.seconds,
		       two.seconds / one.seconds, one.bytes / (double)size);
	}
	return 0;
}
