#ifndef CLI_CHOOSE_H
#define CLI_CHOOSE_H

/*
 * Which goroutines the options ask for: the plain terms by the library's filter,
 * --where as a jq expression on the goroutine's JSON.
 */

#include "verbs.h"

struct chooser {
	struct gcr_filter *filter;
	struct where *where; /* or NULL */
};

/* DONE; or FAILED or USAGE with the message printed. */
int chooser_init(struct chooser *chooser, const struct settings *settings,
		 const struct gcr_view *view);
void chooser_done(struct chooser *chooser);

/* Whether there is anything to choose by. */
bool chooser_asks(const struct settings *settings);

/*
 * From now on goroutines are those of `census`, whose dumps tell what release
 * and machine they are of: the JSON depends on it.
 */
void chooser_know(struct chooser *chooser, const struct gcr_census *census);

bool chooser_keep(struct chooser *chooser,
		  const struct gcr_goroutine *goroutine);

/* Whether the expression failed on some goroutine; the message is printed. */
bool chooser_failed(const struct chooser *chooser);

/* where.c */

struct where;

/* Compile `expression`; FAILED or USAGE with the message printed. */
int where_new(const char *expression, const struct gcr_view *view,
	      struct where **ret);
void where_free(struct where *where);
void where_know(struct where *where, const struct gcr_census *census);
bool where_keep(struct where *where, const struct gcr_goroutine *goroutine);
bool where_failed(const struct where *where);

#endif
