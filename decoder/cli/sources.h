#ifndef CLI_SOURCES_H
#define CLI_SOURCES_H

/* What the options say of the program: declarations, sources, target. */

#include "verbs.h"

/*
 * The declarations of --decl and --source. Returns DONE, USAGE (a declaration
 * that cannot be read) or FAILED, the message printed.
 */
int read_declarations(const struct settings *settings,
		      struct gcr_declarations **ret);

/* The module path of the go.mod in the first --source; or an empty text. */
struct module_path {
	char text[256];
};
struct module_path read_module_path(const struct settings *settings);

/* --arch and --go. */
struct gcr_target given_target(const struct settings *settings);

#endif
