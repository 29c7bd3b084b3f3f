#ifndef GCR_DEBUGINFO_H
#define GCR_DEBUGINFO_H

/*
 * DWARF by function: a unit is read when a function of it is first asked for.
 * With libdw, which trusts its input more than we do: it gets debugfile.h's file,
 * and every walk over entries must move forward. Entries are its `Dwarf_Die`s.
 */

#include "debugtype.h"
#include "imagefile.h"

/* Open an image's DWARF unless it is. GCR_NOT_FOUND when there is none. */
GCR_MUST_CHECK int gcr_debuginfo_need(struct gcr_image *image,
				      struct gcr_error *err);

/* The instance of the function that begins at `entry`, into `*ret`. */
GCR_MUST_CHECK int gcr_debuginfo_find(struct gcr_debuginfo *debuginfo,
				      uint64_t entry, void *ret, bool *found,
				      struct gcr_error *err);

/* The entry at an offset that dwarf_dieoffset() gave, into `*ret`. */
bool gcr_debuginfo_entry(struct gcr_debuginfo *debuginfo, uint64_t entry,
			 void *ret);

/* Move `die` to its next sibling; false at the end, and if that is no move on. */
bool gcr_debuginfo_next(void *die);

struct gcr_debugtypes *gcr_debuginfo_types(struct gcr_debuginfo *debuginfo);

#endif
