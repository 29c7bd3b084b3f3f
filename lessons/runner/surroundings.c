/*
 * The tree is found from the place of this program (build/release/lesson) or
 * from the working folder upwards.
 */

#define _XOPEN_SOURCE 700 // realpath

#include "surroundings.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "paths.h"
#include "text.h"

enum {
	VERSION_SECONDS = 30
};

#define STATE ".gocrash"

static const char *folder_of(struct pool *pool, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash > path
		       ? pool_copy(pool, path, (size_t)(slash - path))
	       : slash ? "/"
		       : ".";
}

static const char *real_path(struct pool *pool, const char *path)
{
	char *found = realpath(path, NULL);
	const char *ret = found ? pool_string(pool, found) : NULL;

	free(found);
	return ret;
}

static const char *own_folder(struct pool *pool)
{
	const char *self = real_path(pool, "/proc/self/exe");

	return self ? folder_of(pool, self) : NULL;
}

static bool is_root(struct pool *pool, const char *path)
{
	return is_folder(pool_format(pool, "%s/lessons", path)) &&
	       is_folder(pool_format(pool, "%s/go-examples", path));
}

static const char *root_above(struct pool *pool, const char *path)
{
	if (!path)
		return NULL;
	while (!is_root(pool, path)) {
		if (strcmp(path, "/") == 0 || strcmp(path, ".") == 0)
			return NULL;
		path = folder_of(pool, path);
	}
	return path;
}

static const char *find_root(const struct wishes *wishes, struct pool *pool,
			     const char *own)
{
	const char *root;

	if (wishes->root)
		return is_root(pool, wishes->root)
			       ? real_path(pool, wishes->root)
			       : NULL;
	root = root_above(pool, own);
	return root ? root : root_above(pool, real_path(pool, "."));
}

static bool writable(const char *path)
{
	return make_folders(path) == 0 && access(path, W_OK | X_OK) == 0;
}

// Below the tree; where that cannot be written to, the user's own folder.
static void find_state(const struct wishes *wishes, struct pool *pool,
		       struct surroundings *here)
{
	const char *home = getenv("HOME"), *data = getenv("XDG_STATE_HOME");
	const char *given =
		wishes->state ? wishes->state : getenv("GOCRASH_STATE");

	if (given && *given) {
		here->state = writable(given) ? real_path(pool, given) : NULL;
		return;
	}
	here->state = pool_format(pool, "%s/" STATE, here->root);
	if (writable(here->state))
		return;
	here->state_elsewhere = true;
	here->state = NULL;
	if (data && *data == '/')
		here->state = pool_format(pool, "%s/gocrash", data);
	else if (home && *home == '/')
		here->state =
			pool_format(pool, "%s/.local/state/gocrash", home);
	if (here->state && !writable(here->state))
		here->state = NULL;
}

int surroundings_find(const struct wishes *wishes, struct pool *pool,
		      struct surroundings *ret, const char **why)
{
	struct surroundings here = { .go_line = "",
				     .go_version = "",
				     .arch = "" };

	here.own = own_folder(pool);
	here.root = find_root(wishes, pool, here.own);
	if (!here.root) {
		*why = "cannot find the lessons: no folder above has lessons/ "
		       "and go-examples/; name it with --root=DIR";
		return -1;
	}
	if (!here.own)
		here.own = here.root;
	find_state(wishes, pool, &here);
	if (!here.state) {
		*why = "there is no folder to write captures and progress to; "
		       "name one with --state=DIR";
		return -1;
	}
	*ret = here;
	return 0;
}

// A path, a name along PATH, or a folder that has bin/go or go.
static const char *resolve_go(struct pool *pool, const char *wish)
{
	static const char *const tails[] = { "", "/go", "/bin/go" };
	const char *path = getenv("PATH");

	if (!strchr(wish, '/'))
		wish = find_program(wish, path ? path : "/usr/bin:/bin", pool);
	for (size_t i = 0; wish && i < sizeof(tails) / sizeof(*tails); i++) {
		const char *found = pool_format(pool, "%s%s", wish, tails[i]);

		if (is_file(found) && access(found, X_OK) == 0)
			return real_path(pool, found);
	}
	return NULL;
}

// `go version go1.26.0 linux/amd64`, `go version go1.27-devel_… linux/arm64`
static void read_version(struct surroundings *here, struct pool *pool)
{
	const char *version = strstr(here->go_line, "go1.");
	const char *slash = strrchr(here->go_line, '/');

	if (!version)
		return;
	version += strlen("go");
	here->go_version = pool_copy(pool, version, strcspn(version, " \n"));
	here->go_minor = gcr_go_minor((struct gcr_span){
		here->go_version, strspn(here->go_version, "0123456789.") });
	if (slash)
		here->arch =
			pool_copy(pool, slash + 1, strcspn(slash + 1, " \n"));
}

void surroundings_find_go(const struct wishes *wishes, struct pool *pool,
			  struct surroundings *ret)
{
	struct child_result result;
	const char *wish = wishes->go && *wishes->go ? wishes->go : "go";

	ret->go = resolve_go(pool, wish);
	if (!ret->go)
		return;
	child_run(&(struct child_request){ .folder = ret->state,
					   .command = "go version",
					   .environment =
						   surroundings_environment(
							   ret, false, pool),
					   .seconds = VERSION_SECONDS },
		  &result);
	if (result.end == CHILD_ENDED && result.status == 0)
		ret->go_line =
			pool_copy(pool, text_string(&result.out),
				  strcspn(text_string(&result.out), "\n"));
	child_done(&result);
	read_version(ret, pool);
}

struct environment {
	struct pool *pool;
	char **items;
	size_t count;
};

static void set(struct environment *to, const char *name, const char *value)
{
	to->items =
		pool_more(to->pool, to->items, to->count, sizeof(*to->items));
	to->items[to->count++] = pool_format(to->pool, "%s=%s", name, value);
}

static void keep(struct environment *to, const char *name)
{
	const char *value = getenv(name);

	if (value && *value)
		set(to, name, value);
}

// The Delve that lessons/delve.sh built for this Go, beside our own folder.
static const char *delve_path(const struct surroundings *here,
			      struct pool *pool)
{
	const char *bin =
		pool_format(pool, "%s/dlv/go1.%u", folder_of(pool, here->own),
			    here->go_minor);

	return is_folder(bin) ? pool_format(pool, "%s:", bin) : "";
}

static const char *search_path(const struct surroundings *here,
			       struct pool *pool)
{
	const char *path = getenv("PATH");
	const char *go = "";

	// A go of another name, as /usr/bin/go-1.22, goes by a link.
	if (here->go && strcmp(strrchr(here->go, '/'), "/go") != 0) {
		const char *bin = pool_format(pool, "%s/bin", here->state);
		const char *link = pool_format(pool, "%s/go", bin);

		if (make_folders(bin) == 0 && remove_all(link) == 0 &&
		    symlink(here->go, link) == 0)
			go = pool_format(pool, "%s:", bin);
	} else if (here->go) {
		go = pool_format(pool, "%s:", folder_of(pool, here->go));
	}
	return pool_format(
		pool, "%s:%s%s%s", here->own, go, delve_path(here, pool),
		path && *path ? path : "/usr/local/bin:/usr/bin:/bin");
}

// Go's build cache needs a folder; a home that cannot be written to has none.
static void set_cache(struct environment *to, const struct surroundings *here)
{
	const char *home = getenv("HOME"), *xdg = getenv("XDG_CACHE_HOME");
	const char *given = getenv("GOCACHE");

	if (given && *given == '/')
		set(to, "GOCACHE", given);
	else if (!(xdg && *xdg) &&
		 (!home || *home != '/' || access(home, W_OK) != 0))
		set(to, "GOCACHE",
		    pool_format(to->pool, "%s/go-cache", here->state));
}

// clang-format off
static const struct {
	const char *name, *value; /* NULL: as the user has it */
} variables[] = {
	{ "HOME",            NULL },
	{ "USER",            NULL },
	{ "TMPDIR",          NULL },
	{ "XDG_CACHE_HOME",  NULL },
	{ "GOPATH",          NULL },
	{ "GOMODCACHE",      NULL },
	{ "LC_ALL",          "C" },
	{ "TERM",            "dumb" },
	{ "GOENV",           "off" },
	{ "GOTOOLCHAIN",     "local" },
	{ "GO111MODULE",     "on" },
	{ "GOWORK",          "off" },
	{ "GOPROXY",         "off" },
	{ "GOSUMDB",         "off" },
	{ "DEBUGINFOD_URLS", "" },
};
// clang-format on

char **surroundings_environment(const struct surroundings *here, bool trimmed,
				struct pool *pool)
{
	struct environment ret = { .pool = pool };

	set(&ret, "PATH", search_path(here, pool));
	for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++) {
		if (variables[i].value)
			set(&ret, variables[i].name, variables[i].value);
		else
			keep(&ret, variables[i].name);
	}
	set_cache(&ret, here);
	// What gdb, Delve and Go's telemetry keep is not the learner's own.
	set(&ret, "XDG_CONFIG_HOME",
	    pool_format(pool, "%s/config", here->state));
	// Since go1.18 `go build` asks git about the folder it is in.
	set(&ret, "GOFLAGS",
	    pool_format(pool, "%s%s",
			here->go_minor >= 18 ? "-buildvcs=false" : "",
			trimmed ? " -trimpath" : ""));
	ret.items = pool_more(pool, ret.items, ret.count, sizeof(*ret.items));
	ret.items[ret.count] = NULL;
	return ret.items;
}

const char *surroundings_program(const struct surroundings *here,
				 const char *name, struct pool *pool)
{
	return find_program(name, search_path(here, pool), pool);
}
