#ifndef GCR_TEST_SUPPORT_CORE_H
#define GCR_TEST_SUPPORT_CORE_H

/* A writer of small cores: pieces of memory, threads, what the kernel knew. */

#include "support.h"

/* `saved` bytes of `size` are written; `bytes` NULL writes zeros. */
struct core_piece {
	uint64_t address, size;
	const char *bytes;
	size_t saved;
	unsigned flags; /* 4 read, 2 write, 1 execute */
};

struct core_thread {
	uint32_t id;
	uint64_t rip, rsp, fs_base;
};

/* AT_PHDR and AT_ENTRY of 0 are left out. */
struct core_parts {
	const struct core_piece *pieces;
	size_t piece_count;
	const struct core_thread *threads;
	size_t thread_count;
	uint64_t program_headers, entry;
};

struct text compose_core(const struct core_parts *parts);

#endif
