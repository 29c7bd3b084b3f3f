#ifndef GCR_TEST_SUPPORT_VALUES_H
#define GCR_TEST_SUPPORT_VALUES_H

/* Decoding one list by one declaration, and looking at what came out. */

#include "gocrash.h"

struct decoded {
	struct gcr_arena *arena;
	struct gcr_declarations *declarations;
	struct gcr_decoding decoding;
};

/* `main.f`, `0x1, 0x2` for a declaration; failing the test on an error. */
struct decoded decode_list(const char *declaration, const char *function,
			   const char *list, struct gcr_target target);

/* The same with a source file instead of a declaration. */
struct decoded decode_with_source(const char *file, const char *source,
				  const struct gcr_frame *frame,
				  struct gcr_target target);

void decoded_free(struct decoded *decoded);

/* `p4.f0`, `p1[2]`; NULL when there is none. */
const struct gcr_value *value_at(const struct gcr_decoding *decoding,
				 const char *path);

/* A target of one release; minor 0: any. */
struct gcr_target target_of(enum gcr_arch arch, unsigned minor);

/* Fails the test unless the value at `path` has this text and certainty. */
void assert_value(const struct decoded *decoded, const char *path,
		  enum gcr_certainty certainty, const char *text);

/* The same for one without a text. */
void assert_no_value(const struct decoded *decoded, const char *path,
		     enum gcr_certainty certainty);

/* Fails the test unless a note has `text` in it. */
void assert_note(const struct decoded *decoded, const char *text);

/*
 * What holds for every decoding: spans are readable, counts and pointers
 * agree, what is known has a text, nothing is exact that was not printed.
 */
void assert_sane_decoding(const struct gcr_decoding *decoding);

#endif
