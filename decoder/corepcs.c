/* Pcs of a core, each looked up once: see corepcs.h. */

#include "corepcs.h"

#include "arena.h"
#include "error.h"
#include "runtimeways.h"
#include "span.h"

#include <inttypes.h>
#include <stdio.h>

enum {
	FIRST_BUCKETS = 1024,
	LINE_ROOM = 32,		/* beside name and file */
	LINE_COSTS = 256,	/* bytes of a line that has no names */
	MOST_TEXTS = 128 << 20, /* of all pcs */
};

static const struct {
	const char *symbol;
	enum gcr_core_special special;
} specials[] = {
	{ "runtime.sigpanic", GCR_SPECIAL_SIGPANIC },
	{ "runtime.asyncPreempt", GCR_SPECIAL_ASYNC_PREEMPT },
	{ "runtime.debugCallV2", GCR_SPECIAL_ASYNC_PREEMPT },
	{ "runtime.sigtramp", GCR_SPECIAL_SIGTRAMP },
	{ "runtime.cgoSigtramp", GCR_SPECIAL_SIGTRAMP },
	{ "runtime.cgocallback", GCR_SPECIAL_CGOCALLBACK },
	{ "runtime.systemstack", GCR_SPECIAL_SYSTEMSTACK },
	{ "runtime.morestack", GCR_SPECIAL_MORESTACK },
};

// To go1.16 the runtime knows these by their numbers, later by a flag.
// Go runtime/traceback.go topofstack.
static const char *const ends[] = {
	"runtime.goexit", "runtime.mstart",    "runtime.mcall",
	"runtime.rt0_go", "runtime.morestack", "runtime.externalthreadhandler",
};

int gcr_core_pcs_init(struct gcr_core_pcs *pcs, struct gcr_image *image,
		      uint64_t bias, struct gcr_arena *arena,
		      struct gcr_error *err)
{
	*pcs = (struct gcr_core_pcs){ .image = image,
				      .arena = arena,
				      .bias = bias,
				      .texts_left = MOST_TEXTS,
				      .bucket_count = FIRST_BUCKETS };
	pcs->buckets = gcr_arena_array(arena, pcs->bucket_count,
				       sizeof(*pcs->buckets), err);
	return pcs->buckets == NULL ? -1 : 0;
}

static size_t bucket_of(const struct gcr_core_pcs *pcs, uint64_t pc, bool trap)
{
	uint64_t hash = (2 * pc + trap) * UINT64_C(0x9e3779b97f4a7c15);

	return (size_t)(hash >> 32) & (pcs->bucket_count - 1);
}

static int grow(struct gcr_core_pcs *pcs, struct gcr_error *err)
{
	struct gcr_core_pcs larger = *pcs;

	larger.bucket_count *= 4;
	larger.buckets = gcr_arena_array(pcs->arena, larger.bucket_count,
					 sizeof(*larger.buckets), err);
	if (larger.buckets == NULL)
		return -1;
	for (size_t i = 0; i < pcs->bucket_count; i++) {
		struct gcr_core_pc *next;

		for (struct gcr_core_pc *at = pcs->buckets[i]; at != NULL;
		     at = next) {
			size_t bucket = bucket_of(&larger, at->pc, at->trap);

			next = at->next;
			at->next = larger.buckets[bucket];
			larger.buckets[bucket] = at;
		}
	}
	*pcs = larger;
	return 0;
}

static void set_special(struct gcr_core_pc *at,
			const struct gcr_image_function *function,
			bool has_flags)
{
	size_t count = sizeof(specials) / sizeof(specials[0]);

	at->ends = (function->flags & GCR_FUNCTION_TOP_FRAME) != 0;
	at->writes_sp = (function->flags & GCR_FUNCTION_WRITES_SP) != 0;
	if (!gcr_span_starts(function->symbol, "runtime."))
		return;
	for (size_t i = 0; i < count; i++)
		if (gcr_span_is(function->symbol, specials[i].symbol))
			at->special = specials[i].special;
	if (at->special == GCR_SPECIAL_CGOCALLBACK)
		at->writes_sp = false;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (!has_flags && gcr_span_is(function->symbol, ends[i]))
			at->ends = true;
}

static int set_lines(struct gcr_core_pcs *pcs, struct gcr_core_pc *at,
		     struct gcr_image_lines lines, struct gcr_error *err)
{
	at->lines = gcr_arena_array(pcs->arena, lines.count, sizeof(*at->lines),
				    err);
	if (at->lines == NULL)
		return -1;
	for (size_t i = 0; i < lines.count; i++) {
		const struct gcr_image_line *line = &lines.items[i];

		at->lines[i] = (struct gcr_core_line){ .file = line->file,
						       .line = line->line,
						       .flags = line->flags };
		if (gcr_symbol_print(line->symbol,
				     pcs->image->info.target.go_min, pcs->arena,
				     &at->lines[i].function, err) != 0)
			return -1;
	}
	at->line_count = lines.count;
	return 0;
}

static struct gcr_span file_of(const struct gcr_core_line *line)
{
	return line->file.data != NULL ? line->file : GCR_SPAN("?");
}

// `name(...)\n\tfile:line\n` of each inlined frame, `name(` of the last.
static int set_head(struct gcr_core_pcs *pcs, struct gcr_core_pc *at,
		    struct gcr_error *err)
{
	size_t last = at->line_count - 1;
	size_t room = at->lines[last].function.size + 2, used = 0;
	char *to;

	for (size_t i = 0; i < last; i++)
		room += at->lines[i].function.size +
			file_of(&at->lines[i]).size + LINE_ROOM;
	to = gcr_arena_alloc(pcs->arena, room, err);
	if (to == NULL)
		return -1;
	for (size_t i = 0; i < last; i++) {
		const struct gcr_core_line *line = &at->lines[i];
		struct gcr_span file = file_of(line);

		used += (size_t)snprintf(to + used, room - used,
					 "%.*s(...)\n\t%.*s:%u\n",
					 GCR_PRINT_SPAN(line->function),
					 GCR_PRINT_SPAN(file), line->line);
	}
	used += (size_t)snprintf(to + used, room - used, "%.*s(",
				 GCR_PRINT_SPAN(at->lines[last].function));
	at->head = (struct gcr_span){ to, used };
	return 0;
}

// Inlined calls in a circle, and names of megabytes, are a damaged program's.
static int check_room(struct gcr_core_pcs *pcs, struct gcr_image_lines lines,
		      struct gcr_error *err)
{
	uint64_t size = 0;

	for (size_t i = 0; i < lines.count; i++)
		size += 2 * (lines.items[i].symbol.size +
			     lines.items[i].file.size) +
			LINE_COSTS;
	if (size > pcs->texts_left)
		return gcr_fail(err, GCR_LIMIT,
				"the program's names and inlined calls are "
				"too many: its tables are damaged");
	pcs->texts_left -= size;
	return 0;
}

static int set_texts(struct gcr_core_pcs *pcs, struct gcr_core_pc *at,
		     struct gcr_error *err)
{
	const struct gcr_core_line *line = &at->lines[at->line_count - 1];
	struct gcr_span file = file_of(line), offset = GCR_SPAN("");

	if (set_head(pcs, at, err) != 0)
		return -1;
	if (at->offset > 0 && gcr_arena_print(pcs->arena, &offset, err,
					      " +%#" PRIx64, at->offset) != 0)
		return -1;
	if (gcr_arena_print(pcs->arena, &at->middle, err,
			    ")\n\t%.*s:%u%.*s fp=", GCR_PRINT_SPAN(file),
			    line->line, GCR_PRINT_SPAN(offset)) != 0)
		return -1;
	return gcr_arena_print(pcs->arena, &at->tail, err, " pc=%#" PRIx64 "\n",
			       at->pc);
}

// To go1.20 the runtime has forgotten the pc when it comes to the arguments: it
// asks at the call that was inlined. Go runtime/traceback.go gentraceback.
static uint64_t liveness_pc(const struct gcr_core_pcs *pcs,
			    const struct gcr_image_function *function,
			    const struct gcr_image_lines *lines, uint64_t pc)
{
	unsigned go = pcs->image->info.target.go_max;

	if (gcr_release_does(go, GCR_WAY_KEEPS_PC) || lines->count < 2)
		return pc;
	return function->entry + lines->items[lines->count - 2].parent_offset;
}

static void set_arguments(const struct gcr_core_pcs *pcs,
			  struct gcr_core_pc *at,
			  const struct gcr_image_function *function,
			  uint64_t pc)
{
	at->arguments_size = function->arguments_size;
	if (gcr_image_argument_program(pcs->image, function, &at->program) &&
	    gcr_image_argument_liveness(pcs->image, function, &at->liveness))
		at->live_index = gcr_image_pcdata(
			pcs->image, function, GCR_PCDATA_ARGUMENTS_LIVE, pc);
}

static int describe(struct gcr_core_pcs *pcs, struct gcr_core_pc *at,
		    struct gcr_error *err)
{
	struct gcr_image *image = pcs->image;
	struct gcr_image_function function;
	struct gcr_image_lines lines;
	uint64_t pc = at->pc - pcs->bias, symbol_pc = pc;

	at->frame_size = -1;
	at->live_index = -1;
	if (!gcr_image_function_at(image, pc, &function))
		return 0;
	at->offset = pc - function.entry;
	if (!at->trap && at->offset > 0)
		symbol_pc--;
	set_special(at, &function,
		    image->table.layout >= GCR_PCLNTAB_1_18 ||
			    (image->info.target.go_min != 0 &&
			     gcr_release_does(image->info.target.go_min,
					      GCR_WAY_FLAGS_ENDS)));
	if (!gcr_image_frame_size(image, pc, &at->frame_size))
		at->frame_size = -1;
	if (gcr_image_lines_at(image, symbol_pc, pcs->arena, &lines, err) != 0)
		return err->code == GCR_NOT_FOUND ? 0 : -1;
	if (check_room(pcs, lines, err) != 0)
		return -1;
	set_arguments(pcs, at, &function,
		      liveness_pc(pcs, &function, &lines, symbol_pc));
	if (set_lines(pcs, at, lines, err) != 0 || set_texts(pcs, at, err) != 0)
		return -1;
	at->known = true;
	return 0;
}

const struct gcr_core_pc *gcr_core_pc(struct gcr_core_pcs *pcs, uint64_t pc,
				      bool trap, struct gcr_error *err)
{
	size_t bucket = bucket_of(pcs, pc, trap);
	struct gcr_core_pc *at = pcs->buckets[bucket];

	while (at != NULL && (at->pc != pc || at->trap != trap))
		at = at->next;
	if (at != NULL)
		return at;
	at = gcr_arena_alloc(pcs->arena, sizeof(*at), err);
	if (at == NULL)
		return NULL;
	at->pc = pc;
	at->trap = trap;
	if (describe(pcs, at, err) != 0)
		return NULL;
	at->next = pcs->buckets[bucket];
	pcs->buckets[bucket] = at;
	if (++pcs->count > 2 * pcs->bucket_count && grow(pcs, err) != 0)
		return NULL;
	return at;
}
