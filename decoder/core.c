/* Opening a core: see gocrash.h. */

#include "core.h"

#include "arena.h"
#include "error.h"
#include "span.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum {
	MOST_NOTES = 1000,
	MOST_ASKED = 16, /* threads, whether theirs is listed */
	OLDEST = 16,
	NEWEST = 27,
};

int gcr_core_note(struct gcr_core *core, struct gcr_error *err,
		  const char *format, ...)
{
	size_t most = core->options.limits.notes != 0
			      ? core->options.limits.notes
			      : MOST_NOTES;
	struct gcr_note note = { 0 };
	char text[512];
	va_list arguments;

	if (core->note_count >= most)
		return 0;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (gcr_arena_copy(core->arena, gcr_span_of(text), &note.text, err) !=
		    0 ||
	    gcr_arena_grow(core->arena, &core->notes, core->note_count,
			   &core->note_room, sizeof(note), err) != 0)
		return -1;
	core->notes[core->note_count++] = note;
	return 0;
}

static int note_damage(struct gcr_core *core, struct gcr_error *err)
{
	const struct gcr_corefile *file = &core->file;
	const struct gcr_image *image = core->image;

	if (image->wanted_size > image->file_size &&
	    gcr_core_note(core, err,
			  "the program is cut: %" PRIu64 " of %" PRIu64
			  " bytes are there; its tables and types may be lost",
			  image->file_size, image->wanted_size) != 0)
		return -1;
	if (file->wanted_size > file->size &&
	    gcr_core_note(core, err,
			  "the core is cut: %" PRIu64 " of %" PRIu64
			  " bytes are there; lost are %" PRIu64
			  " bytes of memory, from %#" PRIx64 " on",
			  file->size, file->wanted_size, core->memory.lost,
			  core->memory.lost_from) != 0)
		return -1;
	if (file->shared &&
	    gcr_core_note(core, err,
			  "segments of the core claim more bytes than the file "
			  "has: they overlap, and the last of them are lost") !=
		    0)
		return -1;
	if (file->odd_notes &&
	    gcr_core_note(core, err,
			  "some of the core's notes are cut or odd: threads "
			  "may be missing") != 0)
		return -1;
	if (file->thread_count == 0)
		return gcr_core_note(core, err,
				     "the core has no threads: what was "
				     "running cannot be told");
	return 0;
}

static int check_fit(struct gcr_core *core, struct gcr_error *err)
{
	struct gcr_corefit fit = gcr_corefit_tell(&core->file, core->image);

	core->bias = fit.bias;
	core->start = fit.start;
	if (fit.fit == GCR_FIT_YES)
		return 0;
	if (fit.fit == GCR_FIT_UNTOLD)
		return gcr_core_note(core, err,
				     "cannot tell whether the core is this "
				     "program's: %s",
				     fit.reason);
	if (!core->options.force)
		return gcr_fail(err, GCR_NOT_FOUND,
				"the core is not this program's: %s",
				fit.reason);
	return gcr_core_note(core, err,
			     "the core is not this program's (%s): nothing "
			     "below can be trusted",
			     fit.reason);
}

static bool is_listed(struct gcr_core *core, uint64_t g)
{
	for (uint64_t i = 0; i < core->runtime.allgs_count; i++)
		if (gcr_core_listed_at(core, i) == g)
			return true;
	return false;
}

// In a core that was cut, what passes for the list may be another one: that has
// none of the goroutines that threads were running.
static bool is_sure_of_list(struct gcr_core *core)
{
	const struct gcr_coreworld *world = &core->world;

	if (core->runtime.allgs == 0 || core->runtime.allgs_lost > 0)
		return false;
	if (core->file.wanted_size <= core->file.size ||
	    core->runtime.allgs_named)
		return true;
	for (size_t i = 0; i < world->m_count && i < MOST_ASKED; i++)
		if (world->ms[i].curg != 0 &&
		    is_listed(core, world->ms[i].curg))
			return true;
	return false;
}

// The list, or where that is lost what a search of all memory finds.
static int find_goroutines(struct gcr_core *core, struct gcr_error *err)
{
	const struct gcr_runtime *runtime = &core->runtime;

	if (is_sure_of_list(core))
		return 0;
	if (runtime->offset[GCR_G_SCHED] == GCR_RT_ABSENT)
		return gcr_core_note(core, err,
				     "the runtime's type descriptors are "
				     "not in the core or damaged: no goroutine "
				     "can be told");
	if (gcr_core_search(core, err) != 0)
		return -1;
	if (runtime->allgs != 0 && runtime->allgs_lost == 0 &&
	    core->found_count <= runtime->allgs_count) {
		core->found = NULL;
		core->found_count = 0;
		return 0;
	}
	return gcr_core_note(core, err,
			     "the core lacks the runtime's list of goroutines: "
			     "a search of its memory found %zu of them",
			     core->found_count);
}

static int note_runtime(struct gcr_core *core, struct gcr_error *err)
{
	const struct gcr_runtime *runtime = &core->runtime;

	if (runtime->go == 0 &&
	    gcr_core_note(core, err,
			  "the program does not tell its release: what "
			  "follows goes by its own descriptors and tables") !=
		    0)
		return -1;
	if (runtime->go > NEWEST &&
	    gcr_core_note(core, err,
			  "go1.%u is newer than go1.%d, the last release known "
			  "here: what follows goes by the program's own "
			  "descriptors and tables",
			  runtime->go, NEWEST) != 0)
		return -1;
	if (runtime->go != 0 && runtime->go < OLDEST &&
	    gcr_core_note(core, err,
			  "go1.%u is older than go1.%d, the first release "
			  "known here",
			  runtime->go, OLDEST) != 0)
		return -1;
	if (runtime->by_table > 0 &&
	    gcr_core_note(core, err,
			  "the program does not tell where %u of the runtime's "
			  "fields are: they are taken where go1.%u has them",
			  runtime->by_table, runtime->go) != 0)
		return -1;
	if (runtime->unlike_table > 0 &&
	    gcr_core_note(core, err,
			  "%u of the runtime's fields are elsewhere than in "
			  "go1.%u: the program's own word is taken",
			  runtime->unlike_table, runtime->go) != 0)
		return -1;
	if (runtime->next_module != 0)
		return gcr_core_note(core, err,
				     "the program has loaded plugins: their "
				     "functions have no names here");
	return 0;
}

static int find_runtime(struct gcr_core *core, struct gcr_error *err)
{
	gcr_runtime_find(core->image, core->bias, &core->memory,
			 &core->runtime);
	if (gcr_coreworld_make(&core->file, &core->runtime, &core->memory,
			       core->arena, &core->world, err) != 0 ||
	    gcr_core_pcs_init(&core->pcs, core->image, core->bias, core->arena,
			      err) != 0)
		return -1;
	if (gcr_core_find_libraries(core, err) != 0 ||
	    note_runtime(core, err) != 0 || find_goroutines(core, err) != 0)
		return -1;
	gcr_core_find_dying(core);
	if (gcr_core_find_cause(core, err) != 0)
		return -1;
	gcr_core_restart(core);
	return 0;
}

static int open_core(struct gcr_core *core, struct gcr_error *err)
{
	const struct gcr_image_info *info = &core->image->info;

	if (gcr_corefile_read(core->whole, core->arena, &core->file, err) != 0)
		return -1;
	if (info->target.arch != GCR_AMD64)
		return gcr_fail(err, GCR_UNSUPPORTED,
				"the program is not one for amd64");
	if (check_fit(core, err) != 0 ||
	    gcr_coremem_make(&core->file, &core->image->memory, core->bias,
			     core->arena, &core->memory, err) != 0 ||
	    note_damage(core, err) != 0)
		return -1;
	return find_runtime(core, err);
}

int gcr_core_open(struct gcr_image *image, struct gcr_span file,
		  const struct gcr_core_options *options, struct gcr_core **ret,
		  struct gcr_error *err)
{
	struct gcr_core_options given = { 0 };
	struct gcr_arena *arena;
	struct gcr_core *core;

	if (options != NULL)
		given = *options;
	arena = gcr_arena_new(given.limits.memory);
	if (arena == NULL)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	gcr_arena_fail_at(arena, given.limits.fail_at);
	core = gcr_arena_alloc(arena, sizeof(*core), err);
	if (core == NULL) {
		gcr_arena_free(arena);
		return -1;
	}
	core->arena = arena;
	core->image = image;
	core->options = given;
	core->whole = file;
	core->scratch = gcr_arena_new(given.limits.memory);
	if (core->scratch == NULL) {
		gcr_core_free(core);
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	}
	core->scratch_start = gcr_arena_mark(core->scratch);
	if (open_core(core, err) != 0) {
		gcr_core_free(core);
		return -1;
	}
	core->options.next_data = NULL;
	*ret = core;
	return 0;
}

void gcr_core_free(struct gcr_core *core)
{
	if (core == NULL)
		return;
	gcr_native_done(&core->native);
	gcr_arena_free(core->scratch);
	gcr_arena_free(core->arena);
}

const struct gcr_note *gcr_core_notes(const struct gcr_core *core,
				      size_t *ret_count)
{
	*ret_count = core->note_count;
	return core->notes;
}

uint64_t gcr_core_bias(const struct gcr_core *core)
{
	return core->bias;
}

struct gcr_image *gcr_core_image(const struct gcr_core *core)
{
	return core->image;
}

enum gcr_saved gcr_core_bytes(struct gcr_core *core, uint64_t address,
			      struct gcr_span *ret)
{
	return gcr_coremem_bytes(&core->memory, address, ret);
}

size_t gcr_core_read(struct gcr_core *core, uint64_t address, void *to,
		     size_t size)
{
	return gcr_coremem_read(&core->memory, address, to, size);
}

size_t gcr_core_thread_count(const struct gcr_core *core)
{
	return core->file.thread_count;
}

const struct gcr_core_thread *gcr_core_thread(const struct gcr_core *core,
					      size_t index)
{
	return index < core->file.thread_count ? &core->file.threads[index]
					       : NULL;
}

bool gcr_core_is_empty(const struct gcr_core *core)
{
	return gcr_core_listed(core) == 0;
}
