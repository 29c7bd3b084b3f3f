/*
 * Channels: see corevalue.h. What waits in one, in the order of sending: a ring
 * of `room` elements, `count` of them used, the next to be received at `from`.
 * Go runtime/chan.go hchan.
 */

#include "corevalue.h"

#include "arena.h"
#include "core.h"
#include "span.h"

#include <inttypes.h>

/* One channel's own numbers. */
struct channel {
	uint64_t count, room, buffer, closed, from;
};

static bool read_channel(struct gcr_corereader *reader, uint64_t address,
			 struct channel *ret)
{
	const struct gcr_runtime *of = &reader->core->runtime;

	return gcr_runtime_field(of, address, GCR_CHAN_COUNT, 8, &ret->count) &&
	       gcr_runtime_field(of, address, GCR_CHAN_ROOM, 8, &ret->room) &&
	       gcr_runtime_field(of, address, GCR_CHAN_BUFFER, 8,
				 &ret->buffer) &&
	       gcr_runtime_field(of, address, GCR_CHAN_CLOSED, 4,
				 &ret->closed) &&
	       gcr_runtime_field(of, address, GCR_CHAN_FROM, 8, &ret->from) &&
	       ret->count <= ret->room && ret->room < UINT64_C(1) << 48 &&
	       (ret->from < ret->room || ret->from == 0) && ret->closed <= 1;
}

static int read_queue(struct gcr_corereader *reader,
		      const struct channel *channel,
		      const struct gcr_layout *element, struct gcr_value *value)
{
	uint64_t count = channel->count;

	if (count > GCR_COREVALUE_SHOWN)
		count = GCR_COREVALUE_SHOWN;
	if (!element->sized || element->size >= UINT64_C(1) << 16)
		return 0;
	if (gcr_corechildren(reader, value, count) != 0)
		return -1;
	for (size_t i = 0; i < value->child_count; i++) {
		uint64_t at = (channel->from + i) % channel->room;

		if (gcr_corevalue_at(reader, element,
				     channel->buffer + at * element->size,
				     (struct gcr_span){ 0 },
				     &value->children[i]) != 0)
			return -1;
	}
	return 0;
}

int gcr_corechan(struct gcr_corereader *reader, const struct gcr_layout *layout,
		 struct gcr_value *value)
{
	const struct gcr_layout *element;
	struct channel channel;
	struct gcr_span head;

	if (value->part[0] == 0 ||
	    !read_channel(reader, value->part[0], &channel))
		return 0;
	if (gcr_corepart(reader, layout, GCR_TYPE_ELEMENT, &element) != 0)
		return -1;
	value->part[1] = channel.count;
	value->part[2] = channel.room;
	value->part_certainty[1] = value->part_certainty[2] = GCR_EXACT;
	value->part_count = 3;
	if (read_queue(reader, &channel, element, value) != 0)
		return -1;
	if (gcr_arena_print(
		    reader->arena, &head, reader->err,
		    "%.*s(len %" PRIu64 ", cap %" PRIu64 ", %s0x%" PRIx64 ")",
		    GCR_PRINT_SPAN(value->type), channel.count, channel.room,
		    channel.closed ? "closed, " : "", value->part[0]) != 0)
		return -1;
	if (channel.count > 0)
		return gcr_corelist(reader, value, head, channel.count, false);
	value->text = head;
	return 0;
}
