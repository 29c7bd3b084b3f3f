/* Who did it, and where: see scene.h. */

#include "scene.h"

#include "crash.h"
#include "span.h"

// Where the go command keeps other people's modules.
static const char *const dependency_paths[] = {
	"/pkg/mod/",
	"/vendor/",
	"@v",
};

static bool is_dependency(const struct gcr_frame *frame)
{
	size_t count = sizeof(dependency_paths) / sizeof(dependency_paths[0]);

	for (size_t i = 0; i < count; i++)
		if (gcr_span_find_text(frame->file, dependency_paths[i]) !=
		    GCR_NOWHERE)
			return true;
	return false;
}

// `example.com/m` owns `example.com/m` and `example.com/m/store`.
static bool in_module(struct gcr_span package, struct gcr_span module)
{
	return package.size >= module.size && module.size > 0 &&
	       gcr_span_equal(gcr_span_head(package, module.size), module) &&
	       (package.size == module.size ||
		package.data[module.size] == '/');
}

enum gcr_owner gcr_frame_owner(const struct gcr_frame *frame,
			       const struct gcr_view *view)
{
	struct gcr_span package = gcr_function_split(frame->function).package;

	if (frame->flags & GCR_FRAME_CGO)
		return GCR_OWNER_C;
	if (gcr_span_is(package, "main") ||
	    in_module(package, view->main_module))
		return GCR_OWNER_USER;
	if (gcr_function_is_runtime(frame->function) ||
	    gcr_function_is_standard(frame->function))
		return GCR_OWNER_GO;
	if (view->main_module.size > 0 || is_dependency(frame))
		return GCR_OWNER_DEPENDENCY;
	return GCR_OWNER_USER;
}

const struct gcr_frame *gcr_own_frame(const struct gcr_frame *frames,
				      size_t count, const struct gcr_view *view)
{
	const struct gcr_frame *second = NULL;

	for (size_t i = 0; i < count; i++) {
		enum gcr_owner owner = gcr_frame_owner(&frames[i], view);

		if (owner == GCR_OWNER_USER)
			return &frames[i];
		if (owner == GCR_OWNER_DEPENDENCY && second == NULL)
			second = &frames[i];
	}
	return second;
}

static bool has_stack(const struct gcr_crash *crash, enum gcr_stack_kind kind)
{
	for (size_t i = 0; i < crash->stack_count; i++)
		if (crash->stacks[i].kind == kind)
			return true;
	return false;
}

static bool is_for_everyone(const struct gcr_cause *cause)
{
	if (cause->kind == GCR_CAUSE_SIGNAL)
		return gcr_span_starts(cause->text, "SIGQUIT");
	return cause->kind == GCR_CAUSE_FATAL &&
	       gcr_span_ends(cause->text, "deadlock!");
}

static bool is_panic(const struct gcr_frame *frame)
{
	return gcr_span_is(frame->function, "panic") ||
	       gcr_span_is(frame->function, "runtime.gopanic");
}

/*
 * `panic(…)` stands between the code that panicked, below it, and the deferred
 * code that ran because of it, above. The lowest one is the first panic's.
 * Go runtime/traceback.go printpanics, showframe.
 */
static const struct gcr_frame *find_origin(const struct gcr_goroutine *g,
					   const struct gcr_frame *own,
					   const struct gcr_view *view)
{
	size_t lowest = 0;

	for (size_t i = 1; i < g->frame_count; i++)
		if (is_panic(&g->frames[i]))
			lowest = i;
	if (lowest == 0 || own == NULL || own > &g->frames[lowest])
		return NULL;
	return gcr_own_frame(g->frames + lowest + 1,
			     g->frame_count - lowest - 1, view);
}

struct gcr_scene gcr_scene_of(const struct gcr_crash *crash,
			      const struct gcr_view *view)
{
	struct gcr_scene scene = {
		.everyone = is_for_everyone(&crash->cause),
		.race = has_stack(crash, GCR_STACK_RACE),
		.profile = has_stack(crash, GCR_STACK_PROFILE),
	};
	const struct gcr_goroutine *g = crash->goroutines;

	if (crash->goroutine_count == 0 || scene.everyone)
		return scene;
	scene.culprit = g;
	scene.own = gcr_own_frame(g->frames, g->frame_count, view);
	if (scene.own != NULL && scene.own + 1 < g->frames + g->frame_count)
		scene.caller = scene.own + 1;
	scene.deferred = scene.caller != NULL && is_panic(scene.caller);
	scene.origin = find_origin(g, scene.own, view);
	return scene;
}

struct gcr_span gcr_file_base(const struct gcr_frame *frame)
{
	ptrdiff_t slash = gcr_span_find_last(frame->file, '/');

	if (frame->file.size == 0)
		return gcr_span_of("?");
	return gcr_span_tail(frame->file, (size_t)(slash + 1));
}
