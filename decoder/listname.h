#ifndef GCR_LISTNAME_H
#define GCR_LISTNAME_H

/*
 * Names of functions as listings have them against names as tracebacks print
 * them. Listings to go1.18 write a package's own names `"".f`; tracebacks write
 * `main.f`, and `[...]` for type arguments.
 */

#include "gocrash.h"

/* The package that a part of a listing is of. */
struct gcr_listname_package {
	struct gcr_span path; /* of its `# path` line; data NULL: none */
	bool named;	      /* whether `main` says anything */
	bool main;
};

/* How two names may fit, the better first. */
enum gcr_listname_fit {
	GCR_FIT_EXACT,	 /* in full; type arguments may be `[...]` */
	GCR_FIT_GENERIC, /* the same up to the type arguments */
	/* `example` for `main.example`, `T.M`; `util.F` for `x.org/util.F` */
	GCR_FIT_BARE,
	GCR_FIT_NONE,
};

/* How `listed`, of `package`, fits `printed`. Linear in both. */
enum gcr_listname_fit
gcr_listname_fit(struct gcr_span listed,
		 const struct gcr_listname_package *package,
		 struct gcr_span printed);

/*
 * A number that is the same for all names that fit each other: of what stands
 * behind the last dot.
 */
uint32_t gcr_listname_hash(struct gcr_span name);

/* May `printed` be of this package? */
bool gcr_listname_of_package(const struct gcr_listname_package *package,
			     struct gcr_span printed);

#endif
