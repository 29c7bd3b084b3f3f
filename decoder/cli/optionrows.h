#ifndef CLI_OPTIONROWS_H
#define CLI_OPTIONROWS_H

/* The options of each verb, NULL-terminated, in the order --help has them. */

#include "verbs.h"

extern const struct option *const core_options[];
extern const struct option *const diff_options[];
extern const struct option *const explain_options[];
extern const struct option *const goroutines_options[];
extern const struct option *const merge_options[];
extern const struct option *const offset_options[];
extern const struct option *const words_options[];

#endif
