/* Waits of a core: see waitlines.h. */

#include "waitlines.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum {
	MOST_LINES = 16,
	LONGEST_LINE = 384,
	LONGEST_IDS = 128,
	SECOND = 1000000000,
};

static const char *const names[] = {
	[GCR_CORE_CHANNEL] = "channel", [GCR_CORE_MUTEX] = "mutex",
	[GCR_CORE_RWMUTEX] = "rwmutex", [GCR_CORE_WAITGROUP] = "waitgroup",
	[GCR_CORE_COND] = "cond",	[GCR_CORE_DESCRIPTOR] = "descriptor",
	[GCR_CORE_SLEEP] = "sleep",
};

_Static_assert(sizeof(names) / sizeof(names[0]) == GCR_CORE_SLEEP + 1,
	       "a name for every kind");

// A line each, whatever its length, for those who look for them in the text.
GCR_PRINTF(3, 4)
static void write_one_line(struct gcr_page *page, size_t indent,
			   const char *format, ...)
{
	char line[LONGEST_LINE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	gcr_page_indent(page, indent);
	gcr_page_text(page, GCR_PLAIN, line);
	gcr_page_line(page);
}

// ` (#18, #19, …)`: who stands first.
static void put_ids(char *to, size_t size, const struct gcr_core_wait *wait)
{
	uint64_t count = wait->sends ? wait->senders : wait->receivers;
	size_t used = 0;

	to[0] = '\0';
	for (size_t i = 0; i < GCR_COREQUEUE_IDS && wait->ids[i] != 0; i++)
		used += (size_t)snprintf(to + used, size - used, "%s#%" PRIu64,
					 i > 0 ? ", " : " (", wait->ids[i]);
	if (used > 0)
		snprintf(to + used, size - used, "%s",
			 count > GCR_COREQUEUE_IDS ? ", …)" : ")");
}

static void write_channel(struct gcr_page *page,
			  const struct gcr_core_wait *wait, size_t indent)
{
	char ids[LONGEST_IDS];

	if (!wait->told) {
		write_one_line(page, indent, "waits on channel 0x%" PRIx64,
			       wait->address);
		return;
	}
	put_ids(ids, sizeof(ids), wait);
	write_one_line(page, indent,
		       "waits to %s channel 0x%" PRIx64 "%s: %" PRIu64
		       " of %" PRIu64 " in it; %" PRIu64
		       " waiting to receive%s, %" PRIu64 " to send%s",
		       wait->sends ? "send to" : "receive from", wait->address,
		       wait->closed ? " (closed)" : "", wait->len, wait->cap,
		       wait->receivers, wait->sends ? "" : ids, wait->senders,
		       wait->sends ? ids : "");
}

static void write_line(struct gcr_page *page, const struct gcr_core_wait *wait,
		       size_t indent)
{
	uint64_t at = wait->address;
	int64_t count = wait->count;

	switch (wait->kind) {
	case GCR_CORE_CHANNEL:
		write_channel(page, wait, indent);
		break;
	case GCR_CORE_MUTEX:
		write_one_line(page, indent,
			       "waits for mutex 0x%" PRIx64 ": %s, %" PRId64
			       " waiting",
			       at, wait->locked ? "locked" : "free", count);
		break;
	case GCR_CORE_RWMUTEX:
		write_one_line(page, indent,
			       "waits for rwmutex 0x%" PRIx64 ": %" PRId64
			       " read or want to, %s",
			       at, count,
			       wait->locked ? "a writer has or wants it"
					    : "no writer");
		break;
	case GCR_CORE_WAITGROUP:
		write_one_line(page, indent,
			       "waits for waitgroup 0x%" PRIx64 ": %" PRId64
			       " to be done",
			       at, count);
		break;
	case GCR_CORE_COND:
		write_one_line(page, indent,
			       "waits for cond 0x%" PRIx64 ": %" PRId64
			       " waiting",
			       at, count);
		break;
	case GCR_CORE_DESCRIPTOR:
		write_one_line(page, indent,
			       "waits for file descriptor %" PRIu64, wait->fd);
		break;
	case GCR_CORE_SLEEP:
		write_one_line(page, indent,
			       "sleeps for %" PRIu64 " s more, at most",
			       wait->left / SECOND);
		break;
	}
}

void gcr_wait_lines(struct gcr_page *page, const struct gcr_core_waits *waits,
		    size_t indent)
{
	for (size_t i = 0; i < waits->count && i < MOST_LINES; i++)
		write_line(page, &waits->items[i], indent);
	if (waits->count > MOST_LINES)
		write_one_line(page, indent, "… and on %zu more",
			       waits->count - MOST_LINES);
	if (waits->panicked.data == NULL)
		return;
	gcr_page_indent(page, indent);
	gcr_page_text(page, GCR_PLAIN, "panicked with ");
	gcr_page_span(page, GCR_PLAIN, waits->panicked);
	gcr_page_line(page);
}

static void write_channel_json(struct gcr_json *json,
			       const struct gcr_core_wait *wait)
{
	if (!wait->told)
		return;
	gcr_json_text(json, "role", wait->sends ? "sends" : "receives");
	gcr_json_number(json, "len", wait->len);
	gcr_json_number(json, "cap", wait->cap);
	gcr_json_bool(json, "closed", wait->closed);
	gcr_json_number(json, "receivers", wait->receivers);
	gcr_json_number(json, "senders", wait->senders);
	gcr_json_open(json, "first", '[');
	for (size_t i = 0; i < GCR_COREQUEUE_IDS && wait->ids[i] != 0; i++)
		gcr_json_number(json, NULL, wait->ids[i]);
	gcr_json_close(json, ']');
}

static void write_one(struct gcr_json *json, const struct gcr_core_wait *wait)
{
	gcr_json_open(json, NULL, '{');
	gcr_json_text(json, "kind", names[wait->kind]);
	gcr_json_hex_if(json, "address", wait->address != 0, wait->address);
	if (wait->kind == GCR_CORE_CHANNEL)
		write_channel_json(json, wait);
	if (wait->kind == GCR_CORE_MUTEX || wait->kind == GCR_CORE_RWMUTEX)
		gcr_json_bool(json, "locked", wait->locked);
	if (wait->kind >= GCR_CORE_MUTEX && wait->kind <= GCR_CORE_COND)
		gcr_json_number_if(json, "count", wait->count >= 0,
				   (uint64_t)wait->count);
	if (wait->kind == GCR_CORE_DESCRIPTOR)
		gcr_json_number(json, "fd", wait->fd);
	if (wait->kind == GCR_CORE_SLEEP)
		gcr_json_number(json, "left_ns_at_most", wait->left);
	gcr_json_close(json, '}');
}

void gcr_wait_json(struct gcr_json *json, const struct gcr_core_waits *waits)
{
	gcr_json_open(json, "waits_on", '[');
	for (size_t i = 0; i < waits->count; i++)
		write_one(json, &waits->items[i]);
	gcr_json_close(json, ']');
	if (waits->panicked.data != NULL)
		gcr_json_span(json, "panicked_with", waits->panicked);
}
