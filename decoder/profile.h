#ifndef GCR_PROFILE_H
#define GCR_PROFILE_H

/*
 * A file in the format of pprof: profile.proto, gzipped. Strings, functions and
 * locations are written when they are first named and numbered from then on, so
 * that a profile needs the memory of its tables. Failures latch until the end.
 */

#include "names.h"
#include "protobuf.h"
#include "sink.h"

struct gcr_gzip;

struct gcr_profile {
	struct gcr_arena *arena;
	bool failed; /* for want of memory */
	struct gcr_names strings, functions, locations;
	struct gcr_message scratch; /* of texts that had to be escaped */
	struct gcr_message entry;   /* of functions and locations */
	struct gcr_output output;   /* compressed */
	struct gcr_gzip *gzip;
	struct gcr_sink sink;
};

/* A goroutine's frame, or several at one instruction: innermost first. */
struct gcr_profile_place {
	const struct gcr_frame *frames;
	size_t count;
	uint64_t address; /* 0: not known */
};

/* All that is said of the profile itself. `output` and `arena` have to stay. */
GCR_MUST_CHECK int gcr_profile_init(struct gcr_profile *profile,
				    struct gcr_arena *arena,
				    const struct gcr_output *output,
				    struct gcr_error *err);

/* Write the end; -1 when anything failed, before or now. */
GCR_MUST_CHECK int gcr_profile_done(struct gcr_profile *profile,
				    struct gcr_error *err);

/* The number of a place; of a name that is no function of the program. */
uint64_t gcr_profile_location(struct gcr_profile *profile,
			      const struct gcr_profile_place *place);
uint64_t gcr_profile_remark(struct gcr_profile *profile, const char *text);

/*
 * Labels, as fields of the sample they are for. Nothing is written of an empty
 * text; the unit of a number is its key.
 */
void gcr_profile_label(struct gcr_profile *profile, struct gcr_message *to,
		       struct gcr_span key, struct gcr_span value);
void gcr_profile_number(struct gcr_profile *profile, struct gcr_message *to,
			const char *key, uint64_t value);

/* `locations` are numbers of places, as varints, from the innermost. */
void gcr_profile_sample(struct gcr_profile *profile, uint64_t count,
			struct gcr_span locations, struct gcr_span labels);

#endif
