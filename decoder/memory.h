#ifndef GCR_MEMORY_H
#define GCR_MEMORY_H

/*
 * The address space of a program as its file gives it: segments, sections, and
 * the relocations that a position-independent one waits for. Filled by image.c,
 * which knows ELF; read here by address.
 */

#include "image.h"

/* A piece of address space; `bytes` may be fewer than `size`, never more. */
struct gcr_segment {
	uint64_t address, size;
	struct gcr_span bytes;
	bool code, writable;
};

/* `address` is 0 for what is not loaded. */
struct gcr_section {
	struct gcr_span name;
	uint64_t address, size;
	struct gcr_span bytes;
	bool loaded, code, writable, compressed;
};

struct gcr_relocation {
	uint64_t address, value;
	bool known; /* `value` is the word's, to be biased */
};

struct gcr_memory {
	struct gcr_segment *segments; /* loaded ones, by address */
	size_t segment_count;
	struct gcr_section *sections; /* loaded ones first, by address */
	size_t section_count, loaded_count;
	struct gcr_segment relro, dynamic; /* size 0: none */
	unsigned word_size;
	enum gcr_arch arch;
	bool position_independent;
	struct gcr_relocation *relocations; /* by address */
	size_t relocation_count;
	bool relocations_lost; /* there are some we could not read */
};

/* Sort what was filled in; to be called once, before anything else here. */
void gcr_memory_sort(struct gcr_memory *memory);

/* Read the relocations of a position-independent program. */
GCR_MUST_CHECK int gcr_memory_relocate(struct gcr_memory *memory,
				       struct gcr_arena *arena,
				       struct gcr_error *err);

enum gcr_memory_kind gcr_memory_kind(const struct gcr_memory *memory,
				     uint64_t address);

/* As gcr_image_read() and gcr_image_pointer(). */
enum gcr_memory_kind gcr_memory_read(const struct gcr_memory *memory,
				     uint64_t address, uint64_t size,
				     struct gcr_span *ret);
enum gcr_memory_kind gcr_memory_pointer(const struct gcr_memory *memory,
					uint64_t address, uint64_t *ret);

/* The first section of that name; NULL if there is none. */
const struct gcr_section *gcr_memory_section(const struct gcr_memory *memory,
					     const char *name);

/*
 * A copy in `arena` of `bytes` at `address` with relocations applied, as the
 * runtime would see them before the bias.
 */
GCR_MUST_CHECK int gcr_memory_relocated(const struct gcr_memory *memory,
					uint64_t address, struct gcr_span bytes,
					struct gcr_arena *arena,
					struct gcr_span *ret,
					struct gcr_error *err);

#endif
