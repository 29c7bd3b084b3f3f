/*
 * Labels of a goroutine (runtime/pprof): `"key": "value", ...`, as go1.26 prints
 * them, or as go1.27 does, `key: value`. To go1.23 g.labels leads to a
 * map[string]string, since then to a slice of pairs of strings.
 * Go runtime/pprof/label.go, since go1.26 internal/runtime/pprof/label.
 */

#include "corelabels.h"

#include "core.h"
#include "quoted.h"
#include "runtimeways.h"
#include "sink.h"
#include "span.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
	MOST_LABELS = 64,
	MOST_BUCKETS = 64,
	LONGEST_LABEL = 1024,
	SLOTS = 8,
	FIRST_FILLED = 5, /* tophash of a cell that has an entry */
	STRING = 16,	  /* pointer and length */
	OVERFLOW_AT = SLOTS + 2 * SLOTS * STRING,
	MOST_B = 8,
	ESCAPED = 10, /* bytes of one rune, at most */
};

/* The text while it is made. */
struct labels {
	struct gcr_core *core;
	struct gcr_arena *arena;
	struct gcr_error *err;
	char *text;
	size_t size, room, count;
};

// Goroutines may share what they have; nobody gains by sharing a lot of it.
static bool spend(struct gcr_core *core, size_t size)
{
	if (size > core->labels_left)
		size = (size_t)core->labels_left;
	core->labels_left -= size;
	return core->labels_left > 0;
}

static int reserve(struct labels *labels, size_t size)
{
	char *larger;

	if (size <= labels->room - labels->size)
		return 0;
	labels->room = 2 * labels->room + size;
	larger = gcr_arena_alloc(labels->arena, labels->room, labels->err);
	if (larger == NULL)
		return -1;
	if (labels->size > 0)
		memcpy(larger, labels->text, labels->size);
	labels->text = larger;
	return 0;
}

static void put(struct labels *labels, const char *text, size_t size)
{
	if (size == 0)
		return;
	memcpy(labels->text + labels->size, text, size);
	labels->size += size;
}

// Go runtime/print.go printquoted, since go1.26.
static void put_rune(struct labels *labels, struct gcr_span one, uint32_t point)
{
	static const char named[] = "\nn\rr\tt\\\\\"\"";
	char escape[ESCAPED + 1];
	int size;

	for (size_t i = 0; i + 1 < sizeof(named); i += 2)
		if (one.data[0] == named[i]) {
			put(labels, "\\", 1);
			put(labels, &named[i + 1], 1);
			return;
		}
	if (point >= ' ' && point <= '~') {
		put(labels, one.data, 1);
		return;
	}
	size = snprintf(escape, sizeof(escape),
			point < 0x7f	  ? "\\x%02" PRIx32
			: point < 0x10000 ? "\\u%04" PRIx32
					  : "\\U%08" PRIx32,
			point);
	put(labels, escape, (size_t)size);
}

static void put_quoted(struct labels *labels, struct gcr_span text)
{
	put(labels, "\"", 1);
	while (text.size > 0) {
		uint32_t point;
		size_t size = gcr_utf8(text, &point);

		if (size == 0) {
			char escape[ESCAPED + 1];

			// What is no UTF-8 is told byte by byte.
			snprintf(escape, sizeof(escape), "\\x%02x",
				 (unsigned)(unsigned char)text.data[0]);
			put(labels, escape, 4);
			size = 1;
		} else {
			put_rune(labels, gcr_span_head(text, size), point);
		}
		text = gcr_span_tail(text, size);
	}
	put(labels, "\"", 1);
}

// Go runtime/traceback.go goroutineheader; without quotes since go1.27.
static void put_text(struct labels *labels, struct gcr_span text)
{
	bool bare = gcr_release_does(labels->core->runtime.go,
				     GCR_WAY_LABELS_BEHIND);

	for (size_t i = 0; i < text.size; i++)
		bare = bare && gcr_label_is_bare(text.data[i]);
	if (bare)
		put(labels, text.data, text.size);
	else
		put_quoted(labels, text);
}

static bool read_string(struct labels *labels, uint64_t address,
			struct gcr_span *ret)
{
	struct gcr_coremem *memory = &labels->core->memory;
	uint64_t data, size;

	*ret = (struct gcr_span){ 0 };
	if (!gcr_coremem_word(memory, address, &data) ||
	    !gcr_coremem_word(memory, address + 8, &size) ||
	    size > LONGEST_LABEL)
		return false;
	return size == 0 || gcr_coremem_span(memory, data, size, ret);
}

static int add_pair(struct labels *labels, uint64_t key_at, uint64_t value_at)
{
	struct gcr_span key, value;

	if (labels->count == MOST_LABELS ||
	    !read_string(labels, key_at, &key) ||
	    !read_string(labels, value_at, &value))
		return 0;
	if (!spend(labels->core, key.size + value.size))
		return 0;
	if (reserve(labels, ESCAPED * (key.size + value.size) + 8) != 0)
		return -1;
	if (labels->count++ > 0)
		put(labels, ", ", 2);
	put_text(labels, key);
	put(labels, ": ", 2);
	put_text(labels, value);
	return 0;
}

// Go runtime/map.go bmap: tophash[8], keys[8], elems[8], overflow.
static int add_bucket(struct labels *labels, uint64_t bucket)
{
	struct gcr_coremem *memory = &labels->core->memory;
	uint64_t top;

	for (unsigned steps = 0; bucket != 0 && steps < MOST_BUCKETS; steps++) {
		if (!spend(labels->core, OVERFLOW_AT))
			return 0;
		for (unsigned i = 0; i < SLOTS; i++) {
			uint64_t key = bucket + SLOTS + STRING * i;

			if (!gcr_coremem_number(memory, bucket + i, 1, &top))
				return 0;
			if (top >= FIRST_FILLED &&
			    add_pair(labels, key, key + SLOTS * STRING) != 0)
				return -1;
		}
		if (!gcr_coremem_word(memory, bucket + OVERFLOW_AT, &bucket))
			return 0;
	}
	return 0;
}

// g.labels points to the variable that holds the map. None is growing: they are
// made whole and never changed.
static int add_map(struct labels *labels, uint64_t address)
{
	struct gcr_coremem *memory = &labels->core->memory;
	uint64_t map, b, buckets;

	if (!gcr_coremem_word(memory, address, &map) || map == 0 ||
	    !gcr_coremem_number(memory, map + 9, 1, &b) ||
	    !gcr_coremem_word(memory, map + 16, &buckets) || buckets == 0 ||
	    b > MOST_B)
		return 0;
	for (uint64_t i = 0; i < UINT64_C(1) << b; i++)
		if (add_bucket(labels, buckets + i * (OVERFLOW_AT + 8)) != 0)
			return -1;
	return 0;
}

static int add_list(struct labels *labels, uint64_t address)
{
	struct gcr_coremem *memory = &labels->core->memory;
	uint64_t list, count;

	if (!gcr_coremem_word(memory, address, &list) ||
	    !gcr_coremem_word(memory, address + 8, &count) ||
	    count > MOST_LABELS)
		return 0;
	for (uint64_t i = 0; i < count; i++)
		if (add_pair(labels, list + 2 * STRING * i,
			     list + 2 * STRING * i + STRING) != 0)
			return -1;
	return 0;
}

// A release that is not known is told by its maps, which changed with it.
static bool has_list(const struct gcr_runtime *runtime)
{
	if (runtime->go == 0)
		return runtime->maps != GCR_MAPS_BUCKETS;
	return gcr_release_does(runtime->go, GCR_WAY_LABEL_LIST);
}

int gcr_core_labels(struct gcr_core *core, uint64_t address,
		    struct gcr_arena *arena, struct gcr_span *ret,
		    struct gcr_error *err)
{
	struct labels labels = { .core = core, .arena = arena, .err = err };
	uint64_t set;
	int status;

	*ret = (struct gcr_span){ 0 };
	if (!gcr_runtime_field(&core->runtime, address, GCR_G_LABELS_FIELD, 8,
			       &set) ||
	    set == 0)
		return 0;
	status = has_list(&core->runtime) ? add_list(&labels, set)
					  : add_map(&labels, set);
	if (core->labels_left == 0)
		core->losses.unlabelled++;
	else
		*ret = (struct gcr_span){ labels.text, labels.size };
	return status;
}
