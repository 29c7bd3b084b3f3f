/* See support_nasty.h. */

#include "support_nasty.h"

#include "span.h"
#include "waits.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const states[] = {
	"chan receive",
	"select",
	"IO wait, 5 minutes",
	"sync.Mutex.Lock",
	"chan send (nil chan), 12 minutes, locked to thread",
};

enum {
	STATES = sizeof(states) / sizeof(states[0]),
	SERVER_GROUPS = 35, /* states times lines */
};

void nasty_server(struct text *to, size_t first, size_t count)
{
	for (size_t i = first; i < first + count; i++) {
		size_t group = i * 7919 % SERVER_GROUPS;
		text_print(to, "goroutine %zu [%s]:\n", i + 1,
			   states[group % STATES]);
		text_print(to,
			   "main.(*server).handle(0xc%09zx, {0x%zx?, 0x2})\n"
			   "\t/src/server.go:%zu +0x1d\n",
			   i * 64, i, 10 + group / STATES);
		text_print(to,
			   "created by main.(*server).serve in goroutine %zu\n"
			   "\t/src/server.go:80 +0x9c\n\n",
			   1 + i % 3);
	}
}

void nasty_all_different(struct text *to, size_t count)
{
	for (size_t i = 0; i < count; i++)
		text_print(to,
			   "goroutine %zu [select]:\n"
			   "main.f%zu(0x1)\n\t/src/a.go:%zu +0x1d\n\n",
			   i + 1, i, i % 1000 + 1);
}

void nasty_states(struct text *to, size_t count)
{
	for (size_t i = 0; i < count; i++)
		text_print(to,
			   "goroutine %zu [state %zu]:\n"
			   "main.f(0x1)\n\t/src/a.go:7 +0x1d\n\n",
			   i + 1, i);
}

static uint64_t inverse(uint64_t odd)
{
	uint64_t x = odd;

	for (int i = 0; i < 6; i++)
		x *= 2 - odd * x;
	return x;
}

void nasty_locks(struct text *to, size_t count)
{
	uint64_t back = inverse(UINT64_C(0x9e3779b97f4a7c15));

	for (uint64_t i = 1; i <= count; i++)
		text_print(to,
			   "goroutine %" PRIu64 " [sync.Mutex.Lock]:\n"
			   "internal/sync.runtime_SemacquireMutex(0x1, 0x0, "
			   "0x1)\n\t/go/src/runtime/sema.go:95 +0x25\n"
			   "internal/sync.(*Mutex).lockSlow(0x%" PRIx64 ")\n"
			   "\t/go/src/internal/sync/mutex.go:149 +0x15d\n"
			   "main.f()\n\t/src/a.go:7 +0x1d\n\n",
			   i, (back * (i << 32 | i)) ^ GCR_WAIT_MUTEX);
}

size_t nasty_longest_run(const uint32_t *slots, size_t count)
{
	size_t run = 0, longest = 0;

	for (size_t i = 0; i < count; i++) {
		run = slots[i] != 0 ? run + 1 : 0;
		if (run > longest)
			longest = run;
	}
	return longest;
}

void nasty_deep(struct text *to, size_t depth)
{
	text_print(to, "goroutine 1 [running]:\n");
	for (size_t i = 0; i < depth; i++)
		text_print(to, "main.down(0x%zx)\n\t/src/a.go:%zu +0x1d\n", i,
			   7 + i % 2);
	text_print(to, "main.main()\n\t/src/a.go:20 +0x1d\n\n"
		       "goroutine 2 [select]:\n");
	for (size_t i = 0; i < 50; i++)
		text_print(to, "main.down(0x%zx)\n\t/src/a.go:7 +0x1d\n", i);
	text_print(to, "...%zu frames elided...\n", depth);
	for (size_t i = 0; i < 50; i++)
		text_print(to, "main.down(0x%zx)\n\t/src/a.go:7 +0x1d\n", i);
	text_print(to, "\n");
}

void nasty_labels(struct text *to, size_t count)
{
	static const char *const values[] = {
		"x]:",
		"a, 5 minutes]:",
		"q\\\"uote\\\"",
		"}",
		"{\\\"k\\\": 1}",
		" labels:{",
		"\\n\\x1b[31m",
		"\\u202e",
		"",
	};

	for (size_t i = 0; i < count; i++) {
		size_t value = i % (sizeof(values) / sizeof(values[0]));
		text_print(to,
			   "goroutine %zu [select labels:{\"k]\": \"%s\", "
			   "\"n\": \"%zu\"}]:\n"
			   "main.f(0x1)\n\t/src/a.go:7 +0x1d\n\n",
			   i + 1, values[value], i / 100);
	}
}

/* The same fingerprint -------------------------------------------------------------- */

static uint64_t mix(uint64_t hash, uint64_t piece)
{
	hash = (hash ^ piece) * UINT64_C(0x9e3779b97f4a7c15);
	return hash ^ hash >> 32;
}

static uint64_t eight_bytes(const char *text)
{
	uint64_t piece = 0;

	for (size_t i = 0; i < 8; i++)
		piece |= (uint64_t)(unsigned char)text[i] << 8 * i;
	return piece;
}

// Bytes that a function's name may have and a reader takes for nothing else.
static bool is_name(uint64_t piece)
{
	for (size_t i = 0; i < 8; i++) {
		unsigned char c = (unsigned char)(piece >> 8 * i);
		if (c < 0x80 && !gcr_is_letter((char)c) &&
		    !gcr_is_digit((char)c))
			return false;
	}
	return true;
}

// What the pieces before a name's have made of the hash: kind, state, frames.
static uint64_t hash_before(void)
{
	uint64_t hash = mix(0, GCR_STACK_GOROUTINE);

	hash = mix(hash, eight_bytes("select\0"));
	return mix(mix(hash, strlen("select")), 1);
}

void nasty_same_fingerprint(struct text *to, size_t count)
{
	uint64_t before = mix(hash_before(), eight_bytes("main.abc"));
	uint64_t goal = 0;

	for (size_t made = 0, i = 0; made < count; i++) {
		char first[9], name[25];
		snprintf(first, sizeof(first), "%08zx", i);
		uint64_t after = mix(before, eight_bytes(first));
		// Whatever `second` is, the next step takes after ^ second.
		uint64_t second =
			made == 0 ? eight_bytes("defghijk") : goal ^ after;
		if (!is_name(second))
			continue;
		goal = after ^ second;
		memcpy(name, "main.abc", 8);
		memcpy(name + 8, first, 8);
		for (size_t j = 0; j < 8; j++)
			name[16 + j] = (char)(second >> 8 * j);
		text_print(to, "goroutine %zu [select]:\n", ++made);
		text_put(to, name, 24);
		text_print(to, "(0x1)\n\t/src/a.go:7 +0x1d\n\n");
	}
}

/* Two at once --------------------------------------------------------------------------- */

void nasty_interleaved(struct text *to, struct gcr_span a, struct gcr_span b,
		       unsigned seed)
{
	while (a.size > 0 || b.size > 0) {
		seed = seed * 1103515245u + 12345u;
		struct gcr_span *from = (seed >> 16) % 3 == 0 ? &b : &a;
		if (from->size == 0)
			from = from == &a ? &b : &a;
		struct gcr_span line = gcr_span_until(from, '\n');
		text_put(to, line.data, line.size);
		text_print(to, "\n");
	}
}
