/*
 * Any bytes as a dump: gcr_dump_parse() keeps its promises for them. Every
 * byte of every span is read, so that a wrong span is a sanitizer's report.
 */

#include "gocrash.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a dump comes to: the same for the same bytes. */
struct sum {
	size_t crashes, stacks, frames, others, notes;
	uint64_t bytes; /* of all spans, mixed */
};

#define REQUIRE(what) require((what), #what)

static void require(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

static void touch(struct sum *sum, struct gcr_span span)
{
	REQUIRE(span.data != NULL || span.size == 0);
	for (size_t i = 0; i < span.size; i++)
		sum->bytes = sum->bytes * 31 + (unsigned char)span.data[i];
}

static void see_place(struct gcr_place place, size_t size)
{
	REQUIRE(place.offset <= size);
	REQUIRE(place.line >= 1 && place.line <= size + 1);
	REQUIRE(place.column >= 1 && place.column <= size + 1);
}

static void see_frame(struct sum *sum, const struct gcr_frame *frame,
		      size_t size)
{
	sum->frames++;
	see_place(frame->place, size);
	REQUIRE(frame->function.size > 0);
	touch(sum, frame->function);
	touch(sum, frame->arguments);
	touch(sum, frame->file);
	REQUIRE((frame->flags & GCR_FRAME_INLINED) == 0 ||
		(frame->flags & GCR_FRAME_OFFSET) == 0);
	REQUIRE((frame->flags & GCR_FRAME_NO_FILE) == 0 ||
		frame->file.data == NULL);
}

static void see_ancestor(struct sum *sum, const struct gcr_ancestor *ancestor,
			 size_t size)
{
	see_place(ancestor->place, size);
	for (size_t i = 0; i < ancestor->frame_count; i++)
		see_frame(sum, &ancestor->frames[i], size);
	if (ancestor->created_by != NULL)
		see_frame(sum, ancestor->created_by, size);
}

static void see_stacks(struct sum *sum, const struct gcr_goroutine *stacks,
		       size_t count, const struct gcr_crash *crash, size_t size)
{
	for (size_t i = 0; i < count; i++) {
		const struct gcr_goroutine *stack = &stacks[i];
		sum->stacks++;
		see_place(stack->place, size);
		touch(sum, stack->state);
		touch(sum, stack->labels);
		REQUIRE(stack->report < crash->report_count);
		REQUIRE(stack->elided_at <= stack->frame_count);
		for (size_t j = 0; j < stack->frame_count; j++)
			see_frame(sum, &stack->frames[j], size);
		if (stack->created_by != NULL)
			see_frame(sum, stack->created_by, size);
		for (size_t j = 0; j < stack->ancestor_count; j++)
			see_ancestor(sum, &stack->ancestors[j], size);
	}
}

static void see_others(struct sum *sum, const struct gcr_other *others,
		       size_t count, size_t size)
{
	for (size_t i = 0; i < count; i++) {
		see_place(others[i].place, size);
		REQUIRE(others[i].text.size > 0);
		touch(sum, others[i].text);
	}
	sum->others += count;
}

static void see_signal(struct sum *sum, const struct gcr_signal *signal,
		       size_t size)
{
	if (signal == NULL)
		return;
	see_place(signal->place, size);
	touch(sum, signal->name);
	touch(sum, signal->description);
}

static void see_cause(struct sum *sum, const struct gcr_cause *cause,
		      size_t size)
{
	touch(sum, cause->text);
	if (cause->kind != GCR_CAUSE_NONE)
		see_place(cause->place, size);
	for (size_t i = 0; i < cause->panic_count; i++) {
		touch(sum, cause->panics[i].text);
		see_place(cause->panics[i].place, size);
	}
	REQUIRE(cause->kind != GCR_CAUSE_PANIC || cause->panic_count > 0);
	see_signal(sum, cause->signal, size);
}

static void see_crash(struct sum *sum, const struct gcr_crash *crash,
		      size_t size)
{
	see_place(crash->place, size);
	see_place(crash->end, size);
	REQUIRE(crash->end.offset >= crash->place.offset);
	REQUIRE(crash->report_count >= 1);
	see_cause(sum, &crash->cause, size);
	see_stacks(sum, crash->goroutines, crash->goroutine_count, crash, size);
	see_stacks(sum, crash->stacks, crash->stack_count, crash, size);
	see_others(sum, crash->others, crash->other_count, size);
	see_others(sum, crash->remarks, crash->remark_count, size);
	for (size_t i = 0; i < crash->report_count; i++) {
		const struct gcr_report *report = &crash->reports[i];
		see_signal(sum, report->signal, size);
		for (size_t j = 0; j < report->register_count; j++)
			touch(sum, report->registers[j].name);
	}
	for (size_t i = 0; i < crash->note_count; i++) {
		see_place(crash->notes[i].place, size);
		touch(sum, crash->notes[i].text);
		touch(sum, crash->notes[i].line);
	}
	sum->notes += crash->note_count + crash->notes_dropped;
}

static struct sum sum_of(struct gcr_span text)
{
	// Small enough to be reached now and then.
	struct gcr_limits limits = { .goroutines = 50, .frames = 50 };
	struct gcr_error err;
	struct gcr_dump *dump;
	struct sum sum = { 0 };
	uint64_t last = 0;

	REQUIRE(gcr_dump_parse(text, &limits, &dump, &err) == 0);
	sum.crashes = gcr_dump_crash_count(dump);
	for (size_t i = 0; i < sum.crashes; i++) {
		const struct gcr_crash *crash = gcr_dump_crash(dump, i);
		REQUIRE(crash->place.offset >= last);
		last = crash->place.offset;
		see_crash(&sum, crash, text.size);
	}
	for (size_t i = 0; i < gcr_dump_other_count(dump); i++)
		see_others(&sum, gcr_dump_other(dump, i), 1, text.size);
	REQUIRE(gcr_dump_crash(dump, sum.crashes) == NULL);
	gcr_dump_free(dump);
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gcr_span text = { (const char *)data, size };
	struct sum once = sum_of(text), again = sum_of(text);

	REQUIRE(once.crashes == again.crashes && once.stacks == again.stacks);
	REQUIRE(once.frames == again.frames && once.others == again.others);
	REQUIRE(once.notes == again.notes && once.bytes == again.bytes);
	return 0;
}
