/* Contents of strings by their addresses: see follow.h. */

#include "follow.h"

#include "arena.h"
#include "image.h"
#include "reading.h"
#include "span.h"

enum {
	LONGEST_CONTENT = 1 << 20,
	LONGEST_TEXT = 256, /* shown of a content */
	MOST_ELEMENTS = 16, /* of a slice */
	DEEPEST = 64,
};

struct following {
	struct gcr_image *image;
	uint64_t bias;
	struct gcr_arena *arena;
	struct gcr_error *err;
};

static bool is_told(enum gcr_certainty certainty)
{
	return certainty != GCR_ELIDED && certainty != GCR_UNKNOWN;
}

static int follow_string(const struct following *in, struct gcr_value *value)
{
	struct gcr_span bytes = { 0 };
	uint64_t size = value->part[1];

	if (size == 0 || size > LONGEST_CONTENT ||
	    gcr_image_read(in->image, value->part[0] - in->bias, size,
			   &bytes) != GCR_MEMORY_READ_ONLY ||
	    bytes.size < size)
		return 0;
	value->content = bytes;
	return gcr_quote(in->arena, bytes, LONGEST_TEXT, &value->text, in->err);
}

// One string header of a slice's array.
static int read_element(const struct following *in, uint64_t address,
			const struct gcr_value *slice, struct gcr_value *ret)
{
	enum gcr_certainty certainty = slice->certainty;
	unsigned word = gcr_image_info(in->image)->word_size;
	enum gcr_memory_kind kind;
	uint64_t data, size;

	*ret = (struct gcr_value){ .type = GCR_SPAN("string"),
				   .kind = GCR_STRING,
				   .from = slice->from,
				   .certainty = GCR_UNKNOWN };
	kind = gcr_image_pointer(in->image, address, &data);
	if (kind == GCR_MEMORY_NONE ||
	    gcr_image_pointer(in->image, address + word, &size) != kind)
		return 0;
	if (kind == GCR_MEMORY_INITIAL || kind == GCR_MEMORY_ZERO) {
		certainty = gcr_certainty_weaker(certainty, GCR_STALE);
		ret->from = GCR_SPAN("what the program's data began with");
	}
	ret->certainty = certainty;
	ret->part[0] = data + in->bias;
	ret->part[1] = size;
	ret->part_count = 2;
	ret->part_certainty[0] = ret->part_certainty[1] = certainty;
	if (size == 0) {
		ret->content = GCR_SPAN("");
		ret->text = GCR_SPAN("\"\"");
		return 0;
	}
	if (gcr_arena_print(in->arena, &ret->text, in->err,
			    "string(len %llu, 0x%llx)",
			    (unsigned long long)size,
			    (unsigned long long)ret->part[0]) != 0)
		return -1;
	return follow_string(in, ret);
}

static int follow_slice(const struct following *in, struct gcr_value *value)
{
	unsigned word = gcr_image_info(in->image)->word_size;
	uint64_t start = value->part[0] - in->bias, count = value->part[1];
	enum gcr_memory_kind kind = gcr_image_memory(in->image, start);
	struct gcr_value *elements;

	if (count == 0 || count > value->part[2] ||
	    !is_told(value->certainty) || kind == GCR_MEMORY_NONE ||
	    kind == GCR_MEMORY_CODE || kind == GCR_MEMORY_ZERO)
		return 0;
	if (count > MOST_ELEMENTS)
		count = MOST_ELEMENTS;
	elements = gcr_arena_array(in->arena, (size_t)count, sizeof(*elements),
				   in->err);
	if (elements == NULL)
		return -1;
	for (uint64_t i = 0; i < count; i++)
		if (read_element(in, start + 2 * i * word, value,
				 &elements[i]) != 0)
			return -1;
	value->children = elements;
	value->child_count = (size_t)count;
	return 0;
}

static int follow(const struct following *in, struct gcr_value *values,
		  size_t count, unsigned depth)
{
	for (size_t i = 0; i < count && depth < DEEPEST; i++) {
		struct gcr_value *value = &values[i];
		int status = 0;

		if (value->kind == GCR_STRING && value->part_count >= 2 &&
		    is_told(value->certainty))
			status = follow_string(in, value);
		else if (value->kind == GCR_SLICE && value->part_count >= 3 &&
			 gcr_span_is(value->type, "[]string"))
			status = follow_slice(in, value);
		else if (value->child_count > 0 &&
			 (follow(in, value->children, value->child_count,
				 depth + 1) != 0 ||
			  (value->kind != GCR_SLICE &&
			   gcr_value_regroup(in->arena, value, in->err) != 0)))
			status = -1;
		if (status != 0)
			return -1;
	}
	return 0;
}

int gcr_values_follow(const struct gcr_declarations *declarations,
		      struct gcr_decoding *decoding, struct gcr_arena *arena,
		      struct gcr_error *err)
{
	struct following in = { .image = declarations->image,
				.bias = declarations->bias,
				.arena = arena,
				.err = err };

	if (in.image == NULL || !declarations->bias_known)
		return 0;
	if (follow(&in, decoding->arguments, decoding->argument_count, 0) != 0)
		return -1;
	return follow(&in, decoding->results, decoding->result_count, 0);
}
