#ifndef GOCRASH_TEXTS_H
#define GOCRASH_TEXTS_H

/*
 * Source files by the names that listings and traces have for them. A name is
 * what somebody's compiler saw: an absolute path of another machine, or with
 * -trimpath one that begins with the module.
 */

#include "verbs.h"

struct texts;

/*
 * With --source, a file is looked for below those folders, by the longest end
 * of its name first; without, only where its name says. NULL: out of memory.
 */
struct texts *texts_new(const struct settings *settings);
void texts_free(struct texts *texts);

/* The text of a file, for `struct gcr_offset_request`; `from` is the texts. */
struct gcr_span texts_find(void *from, struct gcr_span file);

#endif
