#ifndef CLI_DOCUMENTS_H
#define CLI_DOCUMENTS_H

/* JSON documents out of a stream, one in memory at a time. */

#include "../gocrash.h"

struct documents {
	int fd;
	char *data;
	size_t used, room;
	size_t start;	/* of the document in hand */
	size_t scanned; /* bytes looked at */
	size_t depth;	/* brackets open there */
	bool in_text, escaped;
	bool ended;
	uint64_t line; /* on which the document in hand begins, from 1 */
};

void documents_init(struct documents *documents, int fd);
void documents_done(struct documents *documents);

/*
 * The next one, with the blanks before it; what is none is given, too, for
 * whoever parses it to complain. 1, 0 at the end, -1 with errno; valid until the
 * next call.
 */
int documents_next(struct documents *documents, struct gcr_span *ret);

#endif
