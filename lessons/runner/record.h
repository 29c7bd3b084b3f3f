#ifndef RUNNER_RECORD_H
#define RUNNER_RECORD_H

/* What one step left, as the capture keeps it. */

#include <jq.h>
#include <stdbool.h>

#include "child.h"
#include "lesson.h"
#include "trace.h"

/*
 * The record of a step that ran, or was left out because of `lack`. `folder` is
 * looked through for a core; `trace` is consumed.
 */
jv record_step(const struct step *step, const struct child_result *result,
	       const char *lack, const char *outcome, const char *folder,
	       jv trace);

/* Did the step leave a core? Consumes `record`. */
bool record_has_core(jv record);

/* `record` with every mention of `folder` as `.`: for recorded captures. */
jv record_trim(jv record, const char *folder);

#endif
