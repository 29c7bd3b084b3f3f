#ifndef GCR_COREFILE_H
#define GCR_COREFILE_H

/*
 * A core as an ELF file: pieces of memory, threads, and what the kernel knew of
 * the process. linux/amd64 alone. Everything is borrowed from the file's bytes,
 * or in the arena; nothing is believed beyond the bytes there are.
 */

#include "gocrash.h"

/* A piece of the address space; `bytes` is what the core has of it. */
struct gcr_core_segment {
	uint64_t address, size;
	struct gcr_span bytes;
	uint64_t wanted; /* what it should have: more if the file was cut */
	unsigned flags;	 /* ELF's: 4 read, 2 write, 1 execute */
};

/* A mapped file, of the NT_FILE note. */
struct gcr_core_mapping {
	uint64_t start, end;
	uint64_t offset; /* in the file */
	struct gcr_span path;
};

/* Why the process died, of the NT_SIGINFO note. */
struct gcr_core_siginfo {
	bool known;
	int32_t signal, code;
	uint64_t address; /* of a fault; for others other things */
};

struct gcr_corefile {
	struct gcr_core_segment *segments; /* as in the file */
	size_t segment_count;
	struct gcr_core_thread *threads; /* the one that dumped first */
	size_t thread_count;
	struct gcr_core_mapping *mappings;
	size_t mapping_count;
	struct gcr_core_siginfo siginfo;
	struct gcr_span program, arguments; /* names, cut by the kernel */
	uint64_t program_headers, entry;    /* AT_PHDR, AT_ENTRY; 0: none */
	uint64_t size, wanted_size;	    /* of the file */
	bool shared;	/* bytes of the file are claimed by several segments */
	bool odd_notes; /* some lie about their sizes, or are cut */
	bool by_gdb;
};

/* Fails with GCR_FORMAT, GCR_UNSUPPORTED, and for want of memory. */
GCR_MUST_CHECK int gcr_corefile_read(struct gcr_span file,
				     struct gcr_arena *arena,
				     struct gcr_corefile *ret,
				     struct gcr_error *err);

#endif
