#ifndef GCR_TEST_SUPPORT_PROFILE_H
#define GCR_TEST_SUPPORT_PROFILE_H

/*
 * A profile read back: unpacked by zlib, its fields walked by a reader that
 * shares nothing with the writer, and set out as text.
 */

#include "support.h"

/*
 * One line a sample, in order:
 *
 *	2 main.f a.go:7 < main.g a.go:9 @0x46e1a1; main.main b.go:3 | state=select
 *
 * The count; locations from the innermost, those inlined joined by `<`, the
 * address where there is one; then the labels, sorted as they come. Fails the
 * test when anything is not as the format says.
 */
struct text profile_text(struct gcr_span gzipped);

#endif
