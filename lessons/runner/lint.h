#ifndef RUNNER_LINT_H
#define RUNNER_LINT_H

/*
 * Is a lesson as a lesson must be? Every fault is a line `path:line: text`.
 * AUTHORING.md has the rules in words.
 */

#include <jq.h>

#include "lesson.h"
#include "sheet.h"

struct text;

/* The rules that need no capture. */
void lint_lesson(const struct lesson *lesson, struct text *faults);

/* The draws of 50 seeds: each is kept, and no two misreadings are one number. */
void lint_draws(const struct lesson *lesson, struct text *faults);

/*
 * A sheet over the recorded capture `name`: the model answers are taken in every
 * spelling, the misreadings are not, and no text gives the answer away.
 */
void lint_sheet(const struct lesson *lesson, const struct sheet *sheet,
		const char *name, struct text *faults);

#endif
