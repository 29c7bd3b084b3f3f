/* What a binary says of a frame's function: see described.h. */

#include "described.h"

#include "arena.h"
#include "crash.h"
#include "error.h"
#include "span.h"

enum {
	LONGEST_DECLARATION = 4096
};

/* A declaration while it is put together. */
struct text {
	char data[LONGEST_DECLARATION];
	size_t size;
};

static void put(struct text *text, struct gcr_span span)
{
	for (size_t i = 0; i < span.size && text->size < sizeof(text->data);
	     i++)
		text->data[text->size++] = span.data[i];
}

static bool has_name(const struct gcr_image_parameter *item)
{
	return item->name.size > 0 && item->name.data[0] != '~';
}

static void put_items(struct text *text,
		      const struct gcr_image_signature *signature, size_t from,
		      size_t to)
{
	for (size_t i = from; i < to; i++) {
		const struct gcr_image_parameter *item = &signature->items[i];

		if (i > from)
			put(text, GCR_SPAN(", "));
		if (has_name(item)) {
			put(text, item->name);
			put(text, GCR_SPAN(" "));
		}
		put(text, item->layout->type);
	}
}

// A method by its name `(*T).M`, or `T.M` where the first parameter is a T.
static bool has_receiver(const struct gcr_function_parts *parts,
			 const struct gcr_image_signature *signature)
{
	struct gcr_span receiver = parts->receiver, type;

	if (receiver.data == NULL || signature->parameter_count == 0)
		return false;
	type = signature->items[0].layout->type;
	return gcr_span_starts(receiver, "*") ||
	       (type.size > receiver.size &&
		gcr_span_equal(gcr_span_tail(type, type.size - receiver.size),
			       receiver));
}

static int print_declaration(const struct gcr_frame *frame,
			     const struct gcr_image_signature *signature,
			     struct gcr_arena *arena, struct gcr_span *ret,
			     struct gcr_error *err)
{
	struct gcr_function_parts parts = gcr_function_split(frame->function);
	size_t parameters = signature->parameter_count, first = 0;
	size_t results = signature->count - parameters;
	struct text text = { .size = 0 };

	put(&text, GCR_SPAN("func "));
	if (has_receiver(&parts, signature)) {
		put(&text, GCR_SPAN("("));
		put_items(&text, signature, 0, 1);
		put(&text, GCR_SPAN(") "));
		first = 1;
	} else if (parts.receiver.data != NULL) {
		put(&text, parts.receiver);
		put(&text, GCR_SPAN("."));
	}
	put(&text, parts.name);
	put(&text, GCR_SPAN("("));
	put_items(&text, signature, first, parameters);
	put(&text, GCR_SPAN(")"));
	if (results > 0) {
		bool bare = results == 1 &&
			    !has_name(&signature->items[parameters]);

		put(&text, bare ? GCR_SPAN(" ") : GCR_SPAN(" ("));
		put_items(&text, signature, parameters, signature->count);
		put(&text, bare ? GCR_SPAN("") : GCR_SPAN(")"));
	}
	return gcr_arena_copy(arena, (struct gcr_span){ text.data, text.size },
			      ret, err);
}

int gcr_described_find(struct gcr_image *image, const struct gcr_frame *frame,
		       struct gcr_arena *arena, struct gcr_described *ret,
		       bool *found, struct gcr_error *err)
{
	struct gcr_described described = { .signature = NULL };

	*found = false;
	if (!gcr_image_function_of(image, frame, arena, &described.function))
		return 0;
	described.unoptimized =
		gcr_image_optimized(image, described.function.entry) == GCR_NO;
	struct gcr_error why;
	if (gcr_image_signature(image, described.function.entry,
				&described.signature, &why) != 0) {
		if (why.code == GCR_NOMEM || why.code == GCR_LIMIT) {
			*err = why;
			return -1;
		}
	} else if (print_declaration(frame, described.signature, arena,
				     &described.declaration, err) != 0) {
		return -1;
	}
	*found = true;
	*ret = described;
	return 0;
}
