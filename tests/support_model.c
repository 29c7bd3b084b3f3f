/* A dump as lines of text: see support_model.h. */

#include "support_model.h"

#include "sink.h"
#include "span.h"

#include <check.h>
#include <inttypes.h>

static int keep(void *to, const char *data, size_t size)
{
	text_put(to, data, size);
	return 0;
}

// In quotes, with everything escaped that would not be seen.
static void put_quoted(struct text *to, struct gcr_span span)
{
	struct gcr_output output = { keep, to };
	struct gcr_sink sink;
	struct gcr_error err;

	gcr_sink_init(&sink, &output);
	gcr_sink_json(&sink, span);
	ck_assert_int_eq(gcr_sink_done(&sink, &err), 0);
}

static void put_hex(struct text *to, const char *key, uint64_t value, bool has)
{
	if (has)
		text_print(to, " %s0x%" PRIx64, key, value);
}

static void put_flags(struct text *to, unsigned flags, const char *const *names,
		      size_t count)
{
	for (size_t i = 0; i < count; i++)
		if ((flags >> i & 1) != 0 && names[i] != NULL)
			text_print(to, " %s", names[i]);
}

static void put_frame(struct text *to, const char *before,
		      const struct gcr_frame *frame)
{
	static const char *const names[] = { NULL,	NULL,  NULL,
					     "inlined", "cgo", "no-file",
					     "exact-pc" };

	text_print(to, "%s%.*s(%.*s)", before, GCR_PRINT_SPAN(frame->function),
		   GCR_PRINT_SPAN(frame->arguments));
	if (frame->file.data != NULL)
		text_print(to, " %.*s:%u", GCR_PRINT_SPAN(frame->file),
			   frame->line);
	put_hex(to, "+", frame->offset, frame->flags & GCR_FRAME_OFFSET);
	put_hex(to, "fp=", frame->fp, frame->flags & GCR_FRAME_FP_SP);
	put_hex(to, "sp=", frame->sp, frame->flags & GCR_FRAME_FP_SP);
	put_hex(to, "pc=", frame->pc, frame->flags & GCR_FRAME_PC);
	put_flags(to, frame->flags, names, 7);
}

static void put_frames(struct text *to, const struct gcr_frame *frames,
		       size_t count, const struct gcr_frame *created)
{
	for (size_t i = 0; i < count; i++) {
		put_frame(to, "  ", &frames[i]);
		text_print(to, "\n");
	}
	if (created != NULL)
		put_frame(to, "  by ", created);
}

static void put_ancestors(struct text *to, const struct gcr_goroutine *stack)
{
	for (size_t i = 0; i < stack->ancestor_count; i++) {
		const struct gcr_ancestor *a = &stack->ancestors[i];
		text_print(to, " from %" PRIu64 "%s\n", a->goroutine,
			   a->elided ? " elided" : "");
		put_frames(to, a->frames, a->frame_count, a->created_by);
		if (a->created_by != NULL)
			text_print(to, "\n");
	}
}

static void put_stack(struct text *to, const struct gcr_goroutine *stack)
{
	static const char *const kinds[] = { "goroutine", "runtime", "bare",
					     "profile", "race" };
	static const char *const names[] = { "locked",	     "scan",   "leaked",
					     "durable",	     NULL,     NULL,
					     "other-thread", "elided", NULL,
					     NULL,	     "cut" };
	unsigned flags = stack->flags;

	text_print(to, "%s %" PRIu64, kinds[stack->kind], stack->id);
	if (stack->state.data != NULL) {
		text_print(to, " ");
		put_quoted(to, stack->state);
	}
	put_hex(to, "gp=", stack->gp, flags & GCR_G_GP);
	put_hex(to, "m=", stack->m, flags & GCR_G_M);
	put_hex(to, "mp=", stack->mp, stack->mp != 0);
	put_hex(to, "at=", stack->address, stack->address != 0);
	if (stack->minutes > 0)
		text_print(to, " minutes=%" PRIu64, stack->minutes);
	if (stack->count != 1)
		text_print(to, " count=%" PRIu64, stack->count);
	if ((flags & GCR_G_SYNCTEST) != 0)
		text_print(to, " synctest=%" PRIu64, stack->synctest);
	if (stack->report > 0)
		text_print(to, " report=%zu", stack->report);
	put_flags(to, flags, names, 11);
	if ((flags & GCR_G_ELIDED) != 0)
		text_print(to, "=%" PRIu64 " at %zu", stack->elided,
			   stack->elided_at);
	if (stack->labels.data != NULL) {
		text_print(to, " labels ");
		put_quoted(to, stack->labels);
	}
	text_print(to, "\n");
	put_frames(to, stack->frames, stack->frame_count, stack->created_by);
	if ((flags & GCR_G_CREATOR_ID) != 0)
		text_print(to, " in %" PRIu64, stack->creator);
	if (stack->created_by != NULL)
		text_print(to, "\n");
	put_ancestors(to, stack);
}

static void put_signal(struct text *to, const struct gcr_signal *signal)
{
	if (signal == NULL)
		return;
	text_print(to, "signal ");
	put_quoted(to, signal->name);
	if (signal->description.data != NULL) {
		text_print(to, " ");
		put_quoted(to, signal->description);
	}
	put_hex(to, "code=", signal->code, signal->has_code);
	put_hex(to, "addr=", signal->addr, signal->has_addr);
	put_hex(to, "pc=", signal->pc, signal->has_pc);
	put_hex(to, "m=", signal->m, signal->has_m);
	text_print(to, "\n");
}

static void put_reports(struct text *to, const struct gcr_crash *crash)
{
	for (size_t i = 0; i < crash->report_count; i++) {
		const struct gcr_report *report = &crash->reports[i];
		if (report->signal == NULL && report->register_count == 0)
			continue;
		text_print(to, "report %zu ", i);
		put_signal(to, report->signal);
		for (size_t j = 0; j < report->register_count; j++)
			text_print(to, "  %.*s=0x%" PRIx64 "\n",
				   GCR_PRINT_SPAN(report->registers[j].name),
				   report->registers[j].value);
	}
}

static void put_others(struct text *to, const char *what,
		       const struct gcr_other *others, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		text_print(to, "%s %zu:%zu ", what, others[i].place.line,
			   others[i].place.column);
		put_quoted(to, others[i].text);
		text_print(to, "\n");
	}
}

static void put_cause(struct text *to, const struct gcr_cause *cause)
{
	static const char *const kinds[] = { "none", "panic", "fatal",
					     "signal" };

	text_print(to, "%s ", kinds[cause->kind]);
	put_quoted(to, cause->text);
	text_print(to, "\n");
	for (size_t i = 0; i < cause->panic_count; i++) {
		const struct gcr_panic *panic = &cause->panics[i];
		text_print(to, "panic ");
		put_quoted(to, panic->text);
		text_print(to, "%s%s\n", panic->recovered ? " recovered" : "",
			   panic->repanicked ? " repanicked" : "");
	}
	put_signal(to, cause->signal);
}

static void put_crash(struct text *to, const struct gcr_crash *crash)
{
	text_print(to, "CRASH %zu:%zu-%zu:%zu", crash->place.line,
		   crash->place.column, crash->end.line, crash->end.column);
	if (crash->target.go_min > 0)
		text_print(to, " from-1.%u", crash->target.go_min);
	if (crash->target.go_max > 0)
		text_print(to, " to-1.%u", crash->target.go_max);
	if (gcr_arch_name(crash->target.arch) != NULL)
		text_print(to, " %s", gcr_arch_name(crash->target.arch));
	text_print(to, " ");
	put_cause(to, &crash->cause);
	for (size_t i = 0; i < crash->goroutine_count; i++)
		put_stack(to, &crash->goroutines[i]);
	for (size_t i = 0; i < crash->stack_count; i++)
		put_stack(to, &crash->stacks[i]);
	put_reports(to, crash);
	put_others(to, "remark", crash->remarks, crash->remark_count);
	for (size_t i = 0; i < crash->note_count; i++)
		text_print(to, "note %zu:%zu %.*s\n",
			   crash->notes[i].place.line,
			   crash->notes[i].place.column,
			   GCR_PRINT_SPAN(crash->notes[i].text));
	put_others(to, "other", crash->others, crash->other_count);
}

void describe_dump(struct text *to, const struct gcr_dump *dump)
{
	for (size_t i = 0; i < gcr_dump_crash_count(dump); i++)
		put_crash(to, gcr_dump_crash(dump, i));
	for (size_t i = 0; i < gcr_dump_other_count(dump); i++)
		put_others(to, "rest", gcr_dump_other(dump, i), 1);
}
