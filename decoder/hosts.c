/*
 * The k smallest hashes of a set are those of the smallest hashes of its parts,
 * which makes the union what it is. If the hashes are spread evenly, the k-th
 * stands k/n of the way: n is about (k - 1) divided by that.
 */

#include "hosts.h"

#include "arena.h"
#include "span.h"

// FNV-1a, and then every bit of it into every other.
static uint64_t hash_name(struct gcr_span name)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < name.size; i++)
		hash = (hash ^ (unsigned char)name.data[i]) *
		       UINT64_C(0x100000001b3);
	hash = (hash ^ hash >> 33) * UINT64_C(0xff51afd7ed558ccd);
	hash = (hash ^ hash >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return hash ^ hash >> 33;
}

static int compare_names(struct gcr_span a, struct gcr_span b)
{
	size_t size = a.size < b.size ? a.size : b.size;
	int order = size > 0 ? memcmp(a.data, b.data, size) : 0;

	if (order != 0)
		return order;
	return a.size < b.size ? -1 : a.size > b.size;
}

static void add_name(struct gcr_hosts *hosts, struct gcr_span name)
{
	size_t at = 0;

	while (at < hosts->name_count &&
	       compare_names(hosts->names[at], name) < 0)
		at++;
	if (at == GCR_HOST_NAMES ||
	    (at < hosts->name_count && gcr_span_equal(hosts->names[at], name)))
		return;
	if (hosts->name_count < GCR_HOST_NAMES)
		hosts->name_count++;
	for (size_t i = hosts->name_count - 1; i > at; i--)
		hosts->names[i] = hosts->names[i - 1];
	hosts->names[at] = name;
}

// Most sets have one member; the array has two sizes.
static int make_room(struct gcr_hosts *hosts, struct gcr_arena *arena,
		     struct gcr_error *err)
{
	uint64_t *marks;
	size_t room;

	if (hosts->mark_count != 0 && hosts->mark_count != 1)
		return 0;
	room = hosts->mark_count == 0 ? 1 : GCR_HOST_MARKS;
	marks = gcr_arena_array(arena, room, sizeof(*marks), err);
	if (marks == NULL)
		return -1;
	if (hosts->mark_count == 1)
		marks[0] = hosts->marks[0];
	hosts->marks = marks;
	return 0;
}

static int add_mark(struct gcr_hosts *hosts, uint64_t mark,
		    struct gcr_arena *arena, struct gcr_error *err)
{
	size_t at = 0;

	while (at < hosts->mark_count && hosts->marks[at] < mark)
		at++;
	if (at == GCR_HOST_MARKS ||
	    (at < hosts->mark_count && hosts->marks[at] == mark))
		return 0;
	if (make_room(hosts, arena, err) != 0)
		return -1;
	if (hosts->mark_count < GCR_HOST_MARKS)
		hosts->mark_count++;
	for (size_t i = hosts->mark_count - 1; i > at; i--)
		hosts->marks[i] = hosts->marks[i - 1];
	hosts->marks[at] = mark;
	return 0;
}

int gcr_hosts_add(struct gcr_hosts *hosts, struct gcr_span name,
		  struct gcr_arena *arena, struct gcr_error *err)
{
	if (add_mark(hosts, hash_name(name), arena, err) != 0)
		return -1;
	add_name(hosts, name);
	return 0;
}

int gcr_hosts_unite(struct gcr_hosts *hosts, const struct gcr_hosts *more,
		    struct gcr_arena *arena, struct gcr_error *err)
{
	for (size_t i = 0; i < more->mark_count; i++)
		if (add_mark(hosts, more->marks[i], arena, err) != 0)
			return -1;
	for (size_t i = 0; i < more->name_count; i++)
		add_name(hosts, more->names[i]);
	return 0;
}

bool gcr_hosts_exact(const struct gcr_hosts *hosts)
{
	return hosts->mark_count < GCR_HOST_MARKS;
}

uint64_t gcr_hosts_count(const struct gcr_hosts *hosts)
{
	uint64_t part, count;

	if (gcr_hosts_exact(hosts))
		return hosts->mark_count;
	part = hosts->marks[GCR_HOST_MARKS - 1] >> 32;
	count = (uint64_t)(GCR_HOST_MARKS - 1) << 32;
	count /= part > 0 ? part : 1;
	return count > GCR_HOST_MARKS ? count : GCR_HOST_MARKS;
}

void gcr_hosts_read(struct gcr_json_reader *reader, struct gcr_hosts *ret)
{
	struct gcr_hosts hosts = { 0 };
	struct gcr_span key;

	gcr_json_enter(reader, '{');
	while (gcr_json_member(reader, &key)) {
		int result = 0;

		if (gcr_span_is(key, "names")) {
			gcr_json_enter(reader, '[');
			while (result == 0 && gcr_json_element(reader))
				result = gcr_hosts_add(
					&hosts, gcr_json_take_text(reader),
					reader->arena, reader->err);
		} else if (gcr_span_is(key, "marks")) {
			gcr_json_enter(reader, '[');
			while (result == 0 && gcr_json_element(reader))
				result = add_mark(
					&hosts,
					gcr_json_take_fingerprint(reader),
					reader->arena, reader->err);
		} else {
			gcr_json_skip(reader);
		}
		reader->failed |= result != 0;
	}
	*ret = hosts;
}
