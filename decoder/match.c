/*
 * Does a program belong to a trace? See gcr_image_match() in gocrash.h.
 *
 * A name may stand for several functions (instances of generic code, ABI
 * wrappers): a frame is right if one of them fits. The line is looked up before
 * the return address, or at a pc that was executing; which of the two a frame
 * has is not always told, so either will do: a wrong program fits neither.
 */

#include "arena.h"
#include "bytes.h"
#include "crash.h"
#include "described.h"
#include "image.h"
#include "span.h"

enum {
	MOST_FRAMES = 100 * 1000,
	PAGE = 4096,
};

/* How a frame fits, from worst to best. */
enum fit {
	NO_FUNCTION,
	NO_OFFSET, /* it is beyond the function */
	NO_PC,	   /* entry and offset are not the pc */
	NO_CALL,   /* it is behind no call */
	NO_LINE,
	FITS,
};

struct matching {
	struct gcr_image *image;
	struct gcr_arena *arena;
	struct gcr_error *err;
	bool failed; /* out of memory; `err` says so */
	struct gcr_image_match match;
};

/*
 * Calls of amd64 and 386 by their length: `e8` and an offset; `ff` with a 2 in the
 * middle of the next byte, through a register or memory, after any prefix.
 */
static bool ends_in_x86_call(struct gcr_span code)
{
	const char *end = code.data + code.size;

	if (code.size >= 5 && (unsigned char)end[-5] == 0xe8)
		return true;
	for (size_t i = 2; i <= 7 && i <= code.size; i++)
		if ((unsigned char)*(end - i) == 0xff &&
		    ((unsigned char)*(end - i + 1) >> 3 & 7) == 2)
			return true;
	return false;
}

// BL and BLR.
static bool ends_in_arm64_call(struct gcr_span code)
{
	struct gcr_bytes reader;
	uint32_t word;

	if (code.size < 4)
		return false;
	reader = gcr_bytes_at(code, code.size - 4);
	word = gcr_bytes_u32(&reader);
	return (word & 0xfc000000) == 0x94000000 ||
	       (word & 0xfffffc1f) == 0xd63f0000;
}

static bool is_behind_call(const struct gcr_image *image,
			   const struct gcr_image_function *function,
			   uint64_t offset)
{
	struct gcr_span code;

	if (!gcr_image_code(image, function, &code) || offset > code.size)
		return true; // not told
	code = gcr_span_head(code, (size_t)offset);
	switch (gcr_image_info(image)->target.arch) {
	case GCR_AMD64:
	case GCR_386:
		return ends_in_x86_call(code);
	case GCR_ARM64:
		return ends_in_arm64_call(code);
	case GCR_ARCH_UNKNOWN:
	case GCR_ARCH_OTHER_32:
	case GCR_ARCH_OTHER_64:
		break;
	}
	return true;
}

/* The nearest miss for the message. */
struct miss {
	enum fit fit;
	struct gcr_span file;
	unsigned line;
	uint64_t size;
};

static struct gcr_span base_name(struct gcr_span file)
{
	return gcr_span_tail(file, (size_t)(gcr_span_find_last(file, '/') + 1));
}

static bool has_line(struct matching *in,
		     const struct gcr_image_function *function, uint64_t pc,
		     const struct gcr_frame *frame, struct miss *miss)
{
	struct gcr_arena_mark mark = gcr_arena_mark(in->arena);
	struct gcr_image_lines lines = { 0 };
	struct gcr_error why;
	bool found = false;

	if (pc < function->entry || pc - function->entry >= function->extent)
		return false;
	if (gcr_image_lines_at(in->image, pc, in->arena, &lines, &why) != 0 &&
	    (why.code == GCR_NOMEM || why.code == GCR_LIMIT)) {
		in->failed = true;
		*in->err = why;
	}
	if (lines.count == 0)
		return false;
	const struct gcr_image_line *last = &lines.items[lines.count - 1];
	miss->file = last->file;
	miss->line = last->line;
	found = last->line == frame->line &&
		gcr_span_equal(last->file, frame->file);
	gcr_arena_rewind(in->arena, mark);
	return found;
}

static bool line_fits(struct matching *in,
		      const struct gcr_image_function *function,
		      const struct gcr_frame *frame, struct miss *miss)
{
	uint64_t pc = function->entry + frame->offset;
	uint64_t before = frame->offset > 0 ? pc - 1 : pc;
	bool exact = (frame->flags & GCR_FRAME_EXACT_PC) != 0;

	if ((frame->flags & GCR_FRAME_NO_FILE) != 0 || frame->line == 0)
		return true;
	return has_line(in, function, exact ? before : pc, frame, miss) ||
	       has_line(in, function, exact ? pc : before, frame, miss);
}

static bool pc_fits(const struct matching *in,
		    const struct gcr_image_function *function,
		    const struct gcr_frame *frame)
{
	uint64_t bias = frame->pc - function->entry - frame->offset;

	if ((frame->flags & GCR_FRAME_PC) == 0)
		return true;
	return in->match.bias_known ? bias == in->match.bias : bias % PAGE == 0;
}

static struct miss fit_function(struct matching *in,
				const struct gcr_image_function *function,
				const struct gcr_frame *frame, bool called)
{
	struct miss miss = { .fit = NO_OFFSET, .size = function->size };

	if (frame->offset > function->extent)
		return miss;
	miss.fit = NO_PC;
	if (!pc_fits(in, function, frame))
		return miss;
	miss.fit = NO_CALL;
	if (called && !is_behind_call(in->image, function, frame->offset))
		return miss;
	miss.fit = line_fits(in, function, frame, &miss) ? FITS : NO_LINE;
	return miss;
}

static bool is_only_one(struct gcr_image *image, struct gcr_span name)
{
	struct gcr_image_function function;
	size_t after = 0;

	return gcr_image_function_named(image, name, &after, &function) &&
	       !gcr_image_function_named(image, name, &after, &function);
}

// The bias that a frame's printed pc gives; the first one counts.
static void learn_bias(struct matching *in,
		       const struct gcr_image_function *function,
		       const struct gcr_frame *frame)
{
	if (in->match.bias_known || (frame->flags & GCR_FRAME_PC) == 0 ||
	    !is_only_one(in->image, frame->function))
		return;
	in->match.bias = frame->pc - function->entry - frame->offset;
	in->match.bias_known = true;
}

static int print_reason(struct matching *in, const struct gcr_frame *frame,
			const struct miss *miss)
{
	struct gcr_span name = gcr_span_head(frame->function, 120);
	struct gcr_span *ret = &in->match.reason;

	switch (miss->fit) {
	case NO_FUNCTION:
		return gcr_arena_print(in->arena, ret, in->err,
				       "the binary has no function '%.*s'",
				       GCR_PRINT_SPAN(name));
	case NO_OFFSET:
		return gcr_arena_print(
			in->arena, ret, in->err,
			"+0x%llx is beyond '%.*s', which has %llu bytes in the "
			"binary",
			(unsigned long long)frame->offset, GCR_PRINT_SPAN(name),
			(unsigned long long)miss->size);
	case NO_PC:
		return gcr_arena_print(
			in->arena, ret, in->err,
			"pc=0x%llx is not +0x%llx in '%.*s' of the binary",
			(unsigned long long)frame->pc,
			(unsigned long long)frame->offset,
			GCR_PRINT_SPAN(name));
	case NO_CALL:
		return gcr_arena_print(
			in->arena, ret, in->err,
			"'%.*s' +0x%llx is behind no call in the binary",
			GCR_PRINT_SPAN(name),
			(unsigned long long)frame->offset);
	case NO_LINE:
	case FITS:
		break;
	}
	return gcr_arena_print(
		in->arena, ret, in->err,
		"'%.*s' +0x%llx is %.*s:%u in the trace and %.*s:%u in the "
		"binary",
		GCR_PRINT_SPAN(name), (unsigned long long)frame->offset,
		GCR_PRINT_SPAN(base_name(frame->file)), frame->line,
		GCR_PRINT_SPAN(base_name(miss->file)), miss->line);
}

static int check_frame(struct matching *in, const struct gcr_frame *frame,
		       bool called)
{
	struct gcr_image_function function;
	struct miss best = { .fit = NO_FUNCTION };
	size_t after = 0;

	if ((frame->flags & (GCR_FRAME_INLINED | GCR_FRAME_CGO)) != 0 ||
	    frame->function.size == 0 ||
	    in->match.frames_checked >= MOST_FRAMES)
		return 0;
	while (best.fit != FITS &&
	       gcr_image_function_named(in->image, frame->function, &after,
					&function)) {
		struct miss miss = fit_function(in, &function, frame, called);

		if (miss.fit > best.fit)
			best = miss;
		if (in->failed)
			return -1;
	}
	in->match.frames_checked++;
	if (best.fit == FITS) {
		learn_bias(in, &function, frame);
		return 0;
	}
	in->match.kind = GCR_MATCH_NO;
	return in->match.frames_wrong++ == 0 ? print_reason(in, frame, &best)
					     : 0;
}

int gcr_image_functions_of(const struct gcr_described_query *query,
			   struct gcr_arena *arena,
			   struct gcr_image_function *to, size_t *count,
			   struct gcr_error *err)
{
	struct matching in = { .image = query->image,
			       .arena = arena,
			       .err = err };
	const struct gcr_frame *frame = query->frame;
	bool any = query->by_name || (frame->flags & GCR_FRAME_INLINED) != 0;
	struct gcr_image_function function;
	size_t after = 0, room = *count;

	*count = 0;
	if ((frame->flags & GCR_FRAME_CGO) != 0)
		return 0;
	while (*count < room &&
	       gcr_image_function_named(query->image, frame->function, &after,
					&function)) {
		// Inlined there, but it may stand somewhere on its own, too.
		if (any ||
		    fit_function(&in, &function, frame, false).fit == FITS)
			to[(*count)++] = function;
		if (in.failed)
			return -1;
	}
	return 0;
}

// Did this frame call the one above it? Not where the runtime came between, which
// hides the frames of a fault and of a preemption; its own first frames were put
// on the stack by hand.
static bool is_called(const struct gcr_frame *callee,
		      const struct gcr_frame *frame)
{
	return callee != NULL && (frame->flags & GCR_FRAME_EXACT_PC) == 0 &&
	       !gcr_function_is_runtime(frame->function) &&
	       (callee->flags & GCR_FRAME_CGO) == 0 &&
	       !gcr_span_is(callee->function, "panic") &&
	       !gcr_function_is_runtime(callee->function);
}

static int check_goroutines(struct matching *in, const struct gcr_crash *crash)
{
	for (size_t i = 0; i < crash->goroutine_count; i++) {
		const struct gcr_goroutine *goroutine = &crash->goroutines[i];
		const struct gcr_frame *callee = NULL;

		for (size_t j = 0; j < goroutine->frame_count; j++) {
			const struct gcr_frame *frame = &goroutine->frames[j];

			if (check_frame(in, frame, is_called(callee, frame)) !=
			    0)
				return -1;
			if ((frame->flags & GCR_FRAME_INLINED) == 0)
				callee = frame;
		}
		if (goroutine->created_by != NULL &&
		    check_frame(in, goroutine->created_by, false) != 0)
			return -1;
	}
	return 0;
}

// A release or machine that the text proves.
static int check_target(struct matching *in, const struct gcr_crash *crash)
{
	const struct gcr_target *text = &crash->target;
	const struct gcr_target *file = &gcr_image_info(in->image)->target;
	bool release = (file->go_max != 0 && text->go_min > file->go_max) ||
		       (text->go_max != 0 && text->go_max < file->go_min);
	bool arch = text->arch != GCR_ARCH_UNKNOWN && text->arch != file->arch;

	if (!release && !arch)
		return 0;
	in->match.kind = GCR_MATCH_NO;
	if (arch)
		return gcr_arena_print(in->arena, &in->match.reason, in->err,
				       "the trace is of %s, the binary for %s",
				       gcr_arch_name(text->arch),
				       gcr_arch_name(file->arch));
	return gcr_arena_print(in->arena, &in->match.reason, in->err,
			       "the trace is not of go1.%u, which built the "
			       "binary",
			       file->go_min);
}

// `[signal … pc=0x…]` is the pc of the frame that was executing.
static void learn_from_signal(struct matching *in,
			      const struct gcr_crash *crash)
{
	const struct gcr_signal *signal = crash->cause.signal;
	struct gcr_image_function function;
	size_t after = 0;

	if (in->match.bias_known || signal == NULL || !signal->has_pc ||
	    crash->goroutine_count == 0)
		return;
	for (size_t i = 0; i < crash->goroutines[0].frame_count; i++) {
		const struct gcr_frame *frame = &crash->goroutines[0].frames[i];
		uint64_t bias;

		if ((frame->flags & GCR_FRAME_EXACT_PC) == 0)
			continue;
		if (!is_only_one(in->image, frame->function) ||
		    !gcr_image_function_named(in->image, frame->function,
					      &after, &function))
			return;
		bias = signal->pc - function.entry - frame->offset;
		in->match.bias_known = bias % PAGE == 0;
		in->match.bias = in->match.bias_known ? bias : 0;
		return;
	}
}

int gcr_image_match(struct gcr_image *image, const struct gcr_crash *crash,
		    struct gcr_arena *arena, struct gcr_image_match *ret,
		    struct gcr_error *err)
{
	struct matching in = { .image = image, .arena = arena, .err = err };

	in.match.kind = GCR_MATCH_YES;
	in.match.bias_known = !gcr_image_info(image)->position_independent;
	if (gcr_image_function_count(image) > 0 &&
	    check_goroutines(&in, crash) != 0)
		return -1;
	if (in.match.kind == GCR_MATCH_YES && check_target(&in, crash) != 0)
		return -1;
	if (in.match.kind == GCR_MATCH_YES && in.match.frames_checked == 0)
		in.match.kind = GCR_MATCH_UNTOLD;
	if (in.match.kind == GCR_MATCH_YES)
		learn_from_signal(&in, crash);
	*ret = in.match;
	return 0;
}
