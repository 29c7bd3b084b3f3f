#ifndef GCR_TEST_SUPPORT_SERVING_H
#define GCR_TEST_SUPPORT_SERVING_H

/*
 * Programs that a test's lesson starts in the place of a Go server and of hey. The
 * test program is all of them: `PROGRAM KIND ARGUMENT...`.
 *
 *	serve PORT BYTES	listens; upon SIGQUIT writes a dump of about BYTES, ends with 2
 *	brief PORT		listens, and ends after a tenth of a second
 *	thief PORT FILE		the first time: another process listens there for a
 *				second, and this one fails; then as serve
 *	connect PORT COUNT	holds COUNT connections until SIGINT, then reports
 *	stubborn PORT COUNT	the same, but ignores SIGINT
 */

/* Be what the arguments say. Returns the exit status; -1: they say nothing. */
int stand_in(int argc, char **argv);

#endif
