#ifndef GCR_IMAGEFILE_H
#define GCR_IMAGEFILE_H

/* What an image is made of; for the files that implement image.h. */

#include "memory.h"
#include "moduledata.h"
#include "pclntab.h"

struct gcr_debuginfo;

struct gcr_image {
	struct gcr_arena *arena;
	struct gcr_image_info info;
	struct gcr_memory memory;
	struct gcr_pclntab table; /* function_count 0: none */
	uint64_t funcdata;	  /* see moduledata.h; 0: not known */
	unsigned wrapper_id;	  /* funcID of wrappers; 0: not known */
	/* Functions by name, made when first asked for; see functions.c. */
	uint32_t *first_named, *next_named;
	uint64_t bucket_count;
	size_t memory_limit;
	/* Of the file; it was cut where it should be the larger. */
	uint64_t file_size, wanted_size;
	struct gcr_debuginfo *debuginfo; /* made when first asked for */
	bool debuginfo_failed;
	/* By number of function; NULL: not yet asked for. */
	const struct gcr_image_signature **signatures;
	struct gcr_described_memo *described; /* see described.c; or NULL */
	struct gcr_debugscopes *scopes;	      /* see debugscope.c; or NULL */
};

/* What follows from the settings; the last step of opening. */
void gcr_image_settle(struct gcr_image_info *info);

/* Find the pc-line table and what it needs. No table is no failure. */
GCR_MUST_CHECK int gcr_image_find_functions(struct gcr_image *image,
					    struct gcr_error *err);

/* Flags that follow from a name and the runtime's number for it. */
unsigned gcr_image_flags(const struct gcr_image *image, struct gcr_span symbol,
			 unsigned func_id);

/* DWARF, in debuginfo.c. */
GCR_MUST_CHECK int gcr_debuginfo_open(struct gcr_image *image,
				      struct gcr_debuginfo **ret,
				      struct gcr_error *err);
void gcr_debuginfo_free(struct gcr_debuginfo *debuginfo);

#endif
