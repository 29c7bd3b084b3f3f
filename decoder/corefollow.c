/*
 * Where leaves lead: see corevalue.h.
 *
 *	string     its bytes
 *	[]T        []T(len 2, cap 4){1, 2}
 *	*T         &{x: 1}
 *	interface  *errors.errorString(&{s: "boom"})
 *	func       main.f.func1
 */

#include "corevalue.h"

#include "arena.h"
#include "coreheld.h"
#include "image.h"
#include "span.h"

#include <inttypes.h>
#include <string.h>

enum {
	LONGEST_SHOWN = 256, /* of a string */
	LONGEST_LIST = 2048, /* of a text */
	LONGEST_SYMBOL = 512,
};

/* Lists ----------------------------------------------------------------------- */

/* A growing text of limited size. */
struct list {
	char *data;
	size_t size;
	bool full;
};

static void put(struct list *list, struct gcr_span text)
{
	if (list->full || text.size > LONGEST_LIST - list->size) {
		list->full = true;
		return;
	}
	if (text.size > 0)
		memcpy(list->data + list->size, text.data, text.size);
	list->size += text.size;
}

static void put_value(struct list *list, const struct gcr_value *value)
{
	put(list, value->text.data != NULL ? value->text : GCR_SPAN("?"));
}

int gcr_corelist(struct gcr_corereader *reader, struct gcr_value *value,
		 struct gcr_span head, uint64_t total, bool pairs)
{
	size_t step = pairs ? 2 : 1, i = 0;
	struct list list = { 0 };

	list.data =
		gcr_arena_alloc(reader->arena, LONGEST_LIST + 8, reader->err);
	if (list.data == NULL)
		return -1;
	put(&list, head);
	put(&list, GCR_SPAN("{"));
	for (; i + step <= value->child_count && !list.full; i += step) {
		size_t before = list.size;

		put(&list, i > 0 ? GCR_SPAN(", ") : GCR_SPAN(""));
		put_value(&list, &value->children[i]);
		if (pairs) {
			put(&list, GCR_SPAN(": "));
			put_value(&list, &value->children[i + 1]);
		}
		if (list.full)
			list.size = before;
	}
	list.full = i / step < total || list.full;
	value->text = (struct gcr_span){ list.data, list.size };
	// There is room for this, whatever is in the list.
	memcpy(list.data + list.size, list.full ? ", ...}" : "}",
	       list.full ? 6 : 1);
	value->text.size += list.full ? 6 : 1;
	return 0;
}

/* Strings and slices ---------------------------------------------------------- */

static int follow_string(struct gcr_corereader *reader, struct gcr_value *value)
{
	uint64_t size = value->part[1];
	struct gcr_span bytes;
	enum gcr_saved saved;
	char *copy;

	if (size == 0 || size > GCR_COREVALUE_BYTES)
		return 0;
	saved = gcr_core_bytes(reader->core, value->part[0], &bytes);
	if (saved != GCR_IN_CORE && saved != GCR_IN_PROGRAM)
		return 0;
	if (bytes.size < size) {
		copy = gcr_arena_alloc(reader->arena, (size_t)size,
				       reader->err);
		if (copy == NULL)
			return -1;
		if (gcr_core_read(reader->core, value->part[0], copy,
				  (size_t)size) != size)
			return 0;
		bytes.data = copy;
	}
	value->content = (struct gcr_span){ bytes.data, (size_t)size };
	return gcr_quote(reader->arena, value->content, LONGEST_SHOWN,
			 &value->text, reader->err);
}

static bool wraps(uint64_t address, uint64_t count, uint64_t size)
{
	return size != 0 && count > (UINT64_MAX - address) / size;
}

static int follow_slice(struct gcr_corereader *reader,
			const struct gcr_layout *layout,
			struct gcr_value *value)
{
	const struct gcr_layout *element;
	uint64_t count = value->part[1], shown = count;
	struct gcr_span head;

	if (value->part[0] == 0) {
		value->text = GCR_SPAN("nil");
		return 0;
	}
	if (gcr_corepart(reader, layout, GCR_TYPE_ELEMENT, &element) != 0)
		return -1;
	if (!element->sized || wraps(value->part[0], count, element->size))
		return 0;
	if (shown > GCR_COREVALUE_SHOWN)
		shown = GCR_COREVALUE_SHOWN;
	if (gcr_corechildren(reader, value, shown) != 0)
		return -1;
	for (size_t i = 0; i < value->child_count; i++)
		if (gcr_corevalue_at(
			    reader, element, value->part[0] + i * element->size,
			    (struct gcr_span){ 0 }, &value->children[i]) != 0)
			return -1;
	if (gcr_arena_print(reader->arena, &head, reader->err,
			    "%.*s(len %" PRIu64 ", cap %" PRIu64 ")",
			    GCR_PRINT_SPAN(value->type), count,
			    value->part[2]) != 0)
		return -1;
	return gcr_corelist(reader, value, head, count, false);
}

/* Pointers, functions, interfaces ----------------------------------------------- */

static bool is_saved(struct gcr_corereader *reader, uint64_t address)
{
	struct gcr_span bytes;
	enum gcr_saved saved = gcr_core_bytes(reader->core, address, &bytes);

	return saved == GCR_IN_CORE || saved == GCR_IN_PROGRAM;
}

static int follow_pointer(struct gcr_corereader *reader,
			  const struct gcr_layout *layout,
			  struct gcr_value *value)
{
	const struct gcr_layout *element;
	int status;

	if (value->part[0] == 0 || reader->hops == 0 ||
	    !is_saved(reader, value->part[0]))
		return 0;
	if (gcr_corepart(reader, layout, GCR_TYPE_ELEMENT, &element) != 0)
		return -1;
	if (!element->sized || element->size == 0 ||
	    element->size > GCR_COREVALUE_BYTES ||
	    wraps(value->part[0], 1, element->size))
		return 0;
	if (gcr_corechildren(reader, value, 1) != 0)
		return -1;
	if (value->child_count == 0)
		return 0;
	reader->hops--;
	status = gcr_corevalue_at(reader, element, value->part[0],
				  (struct gcr_span){ 0 }, &value->children[0]);
	reader->hops++;
	if (status != 0)
		return status;
	// Too deep in.
	if (value->children[0].text.data == NULL) {
		value->child_count = 0;
		return 0;
	}
	return gcr_arena_print(reader->arena, &value->text, reader->err,
			       "&%.*s",
			       GCR_PRINT_SPAN(value->children[0].text));
}

// A func value points to a closure, which begins with the code's address.
static int follow_function(struct gcr_corereader *reader,
			   struct gcr_value *value)
{
	uint64_t bias = gcr_core_bias(reader->core), code;
	struct gcr_image_function function;

	if (value->part[0] == 0 ||
	    !gcr_corenumber(reader, value->part[0], 8, &code) ||
	    !gcr_image_function_at(reader->image, code - bias, &function) ||
	    function.entry != code - bias)
		return 0;
	if (function.symbol.size > LONGEST_SYMBOL)
		return 0;
	value->text = function.symbol;
	return 0;
}

static int name_dynamic(struct gcr_corereader *reader, struct gcr_value *value)
{
	const struct gcr_value *inner = &value->children[0];
	bool group = inner->kind == GCR_STRUCT || inner->kind == GCR_ARRAY;
	bool named = inner->kind == GCR_SLICE || inner->kind == GCR_MAP ||
		     inner->kind == GCR_CHAN;
	struct gcr_span text = inner->text;

	if (text.data == NULL)
		text = GCR_SPAN("?");
	if (named && gcr_span_starts(text, "nil") == false)
		value->text = text;
	else if (group)
		return gcr_arena_print(reader->arena, &value->text, reader->err,
				       "%.*s%.*s", GCR_PRINT_SPAN(inner->type),
				       GCR_PRINT_SPAN(text));
	else
		return gcr_arena_print(
			reader->arena, &value->text, reader->err, "%.*s(%.*s)",
			GCR_PRINT_SPAN(inner->type), GCR_PRINT_SPAN(text));
	return 0;
}

// A word that is the value itself is as alive as the interface.
static int read_dynamic(struct gcr_corereader *reader, uint64_t type,
			const struct gcr_layout *layout, uint64_t data,
			struct gcr_value *ret)
{
	unsigned char known[8], word[8];
	int state = GCR_BYTE_KNOWN | (reader->alive ? GCR_BYTE_ALIVE : 0);
	struct gcr_corebytes bytes = { word, known, sizeof(word) };

	if (!gcr_rtype_direct(reader->types, type))
		return gcr_corevalue_at(reader, layout, data,
					(struct gcr_span){ 0 }, ret);
	memset(known, state, sizeof(known));
	for (unsigned i = 0; i < sizeof(word); i++)
		word[i] = (unsigned char)(data >> 8 * i & 0xff);
	return gcr_corevalue(reader, layout, &bytes, 0, (struct gcr_span){ 0 },
			     ret);
}

// What an error says mostly stands behind a pointer, and the error that it wraps
// behind another: those are followed wherever the error lies.
static int read_error(struct gcr_corereader *reader, struct gcr_value *value,
		      uint64_t type, const struct gcr_layout *layout)
{
	unsigned hops = reader->hops, errors = reader->errors;
	int status;

	if (hops == 0 && errors > 0 && gcr_span_is(value->type, "error")) {
		reader->hops = 1;
		reader->errors--;
	}
	status = read_dynamic(reader, type, layout, value->part[1],
			      &value->children[0]);
	reader->hops = hops;
	reader->errors = errors;
	return status;
}

static int follow_interface(struct gcr_corereader *reader,
			    struct gcr_value *value)
{
	const struct gcr_layout *layout;
	uint64_t type;

	if (value->part[0] == 0)
		return 0;
	type = gcr_rtype_dynamic(reader->types, value->part[0]);
	if (type == 0)
		return 0;
	if (gcr_rtype_layout(reader->types, type, &layout, reader->err) != 0)
		return -1;
	if (layout->kind == GCR_OPAQUE || !layout->sized ||
	    layout->size > GCR_COREVALUE_BYTES)
		return 0;
	if (gcr_corechildren(reader, value, 1) != 0)
		return -1;
	if (value->child_count == 0)
		return 0;
	if (read_error(reader, value, type, layout) != 0)
		return -1;
	return name_dynamic(reader, value);
}

static int follow(struct gcr_corereader *reader,
		  const struct gcr_layout *layout, struct gcr_value *value)
{
	switch (value->kind) {
	case GCR_STRING:
		return follow_string(reader, value);
	case GCR_SLICE:
		return follow_slice(reader, layout, value);
	case GCR_POINTER:
		return follow_pointer(reader, layout, value);
	case GCR_FUNC:
		return follow_function(reader, value);
	case GCR_INTERFACE:
		return follow_interface(reader, value);
	case GCR_MAP:
		return gcr_coremap(reader, layout, value);
	case GCR_CHAN:
		return gcr_corechan(reader, layout, value);
	case GCR_BOOL:
	case GCR_INT:
	case GCR_INT8:
	case GCR_INT16:
	case GCR_INT32:
	case GCR_INT64:
	case GCR_UINT:
	case GCR_UINT8:
	case GCR_UINT16:
	case GCR_UINT32:
	case GCR_UINT64:
	case GCR_UINTPTR:
	case GCR_FLOAT32:
	case GCR_FLOAT64:
	case GCR_COMPLEX64:
	case GCR_COMPLEX128:
	case GCR_ARRAY:
	case GCR_STRUCT:
	case GCR_UNSAFE_POINTER:
	case GCR_OPAQUE:
	case GCR_KIND_COUNT:
		break;
	}
	return 0;
}

// What the program was linked with stays, whoever points to it.
static bool is_lasting(struct gcr_corereader *reader,
		       const struct gcr_value *value)
{
	uint64_t address = value->part[value->kind == GCR_INTERFACE ? 1 : 0];

	return address == 0 ||
	       gcr_image_memory(reader->image,
				address - gcr_core_bias(reader->core)) !=
		       GCR_MEMORY_NONE ||
	       gcr_coreheld(reader, address);
}

static bool leads_on(const struct gcr_value *value)
{
	return value->child_count > 0 || value->content.size > 0 ||
	       value->kind == GCR_MAP || value->kind == GCR_CHAN;
}

int gcr_corefollow(struct gcr_corereader *reader,
		   const struct gcr_layout *layout, struct gcr_value *value)
{
	bool alive = reader->alive;
	int status;

	// What cannot be a Go value has lost its certainty.
	if (value->certainty != GCR_EXACT)
		return 0;
	status = follow(reader, layout, value);
	if (status == 0 && !alive && leads_on(value) &&
	    !is_lasting(reader, value)) {
		for (size_t i = 0; i < value->child_count; i++)
			gcr_value_weaken(&value->children[i], GCR_STALE);
		value->certainty = GCR_STALE;
		value->from = GCR_SPAN("dead: what it points to may have been "
				       "freed or moved");
	}
	return status;
}
