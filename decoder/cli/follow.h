#ifndef CLI_FOLLOW_H
#define CLI_FOLLOW_H

/*
 * A log that is still being written: each crash in it is handed on as soon as it
 * is complete. It is when another begins behind it, when much else has come
 * behind it, at the end of the input, and when nothing has come for a while: a
 * server that lives on prints no line to say that a traceback is over.
 */

#include "../gocrash.h"

#include "input.h"

/* One or several whole crashes; `line` is the number of their first line. */
typedef int (*follow_report)(void *from, struct input *text, size_t line);

/*
 * Read `path`, or standard input for `-`, until its end, which files do not
 * have, or until Ctrl-C. Returns DONE, or FAILED with the message printed.
 */
int follow(const char *path, follow_report report, void *from);

#endif
