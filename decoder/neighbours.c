/*
 * Lines of the formats that stand beside the traceback: the goroutine profile
 * (Go runtime/pprof, debug=1) and the race detector's report (tsan's Go
 * printer). Neither ever prints arguments.
 */

#include "grammar.h"

#include "span.h"

// Fields are aligned with tabs; where those became spaces, these part them.
static struct gcr_span next_field(struct gcr_span *line)
{
	bool tabs = gcr_span_find(*line, '\t') != GCR_NOWHERE;
	size_t size = 0;

	while (line->size > 0 && gcr_is_space(line->data[0]))
		*line = gcr_span_tail(*line, 1);
	while (size < line->size && line->data[size] != (tabs ? '\t' : ' '))
		size++;
	struct gcr_span field = gcr_span_head(*line, size);
	*line = gcr_span_tail(*line, size);
	return field;
}

// 5 @ 0x43854e 0x406c1f
bool gcr_read_profile_entry(struct gcr_span line, uint64_t *ret)
{
	uint64_t count;

	if (gcr_span_decimal(&line, &count) != GCR_NUMBER_OK ||
	    !gcr_span_skip(&line, " @") ||
	    (line.size > 0 && !gcr_span_starts(line, " 0x")))
		return false;
	*ret = count;
	return true;
}

// #	0x4b4f84	main.park+0x24			/src/profile.go:9
bool gcr_read_profile_frame(struct gcr_span line, struct gcr_frame *ret)
{
	struct gcr_frame frame = { .place = ret->place };
	ptrdiff_t plus;
	uint64_t pc;

	if (!gcr_span_skip(&line, "#") || line.size == 0 ||
	    !gcr_is_space(line.data[0]))
		return false;
	struct gcr_span digits = next_field(&line);
	if (gcr_span_hex(&digits, &pc) != GCR_NUMBER_OK || digits.size > 0)
		return false;
	struct gcr_span name = next_field(&line);
	if (name.size == 0 || !gcr_read_location(line, &frame))
		return false;
	plus = gcr_span_find_last(name, '+');
	frame.function = name;
	frame.pc = pc;
	frame.flags = GCR_FRAME_PC;
	if (plus != GCR_NOWHERE) {
		struct gcr_span offset = gcr_span_tail(name, (size_t)plus + 1);
		frame.function = gcr_span_head(name, (size_t)plus);
		if (gcr_span_hex(&offset, &frame.offset) == GCR_NUMBER_OK)
			frame.flags |= GCR_FRAME_OFFSET;
	}
	*ret = frame;
	return true;
}

// Goroutine 7 (finished) created at:
static bool read_creation(struct gcr_span line, struct gcr_goroutine *ret)
{
	if (!gcr_span_skip(&line, "Goroutine ") ||
	    gcr_span_decimal(&line, &ret->id) != GCR_NUMBER_OK ||
	    !gcr_span_skip(&line, " (") ||
	    !gcr_span_ends(line, ") created at:"))
		return false;
	ret->state = gcr_span_head(line, line.size - strlen(") created at:"));
	return true;
}

// Go's printer in tsan_report.cpp has these.
static bool is_access(struct gcr_span text)
{
	static const struct gcr_span accesses[] = {
		GCR_LITERAL("Read"),
		GCR_LITERAL("Write"),
		GCR_LITERAL("Previous read"),
		GCR_LITERAL("Previous write"),
	};

	for (size_t i = 0; i < sizeof(accesses) / sizeof(accesses[0]); i++)
		if (gcr_span_equal(text, accesses[i]))
			return true;
	return false;
}

// Previous write at 0x00c00009a018 by goroutine 7:
bool gcr_read_race_stack(struct gcr_span line, struct gcr_goroutine *ret)
{
	struct gcr_goroutine g = { .kind = GCR_STACK_RACE, .count = 1 };
	struct gcr_span rest;
	ptrdiff_t at = gcr_span_find_text(line, " at 0x");

	if (read_creation(line, &g)) {
		*ret = g;
		return true;
	}
	if (at == GCR_NOWHERE || !gcr_span_ends(line, ":"))
		return false;
	g.state = gcr_span_head(line, (size_t)at);
	if (!is_access(g.state))
		return false;
	rest = gcr_span_tail(line, (size_t)at + 4);
	if (gcr_span_hex(&rest, &g.address) != GCR_NUMBER_OK)
		return false;
	if (gcr_span_skip(&rest, " by goroutine "))
		gcr_span_decimal(&rest, &g.id);
	else if (gcr_span_skip(&rest, " by main goroutine"))
		g.id = 1;
	else
		return false;
	*ret = g;
	return true;
}
