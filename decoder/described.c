/*
 * What a binary says of a frame's function: see described.h. Frames of a crash
 * stand at the same places again and again: what was found is kept in the image.
 */

#include "described.h"

#include "arena.h"
#include "crash.h"
#include "debugtype.h"
#include "error.h"
#include "imagefile.h"
#include "span.h"

enum {
	LONGEST_DECLARATION = 4096,
	MOST_INSTANCES = 32,
	BUCKETS = 1024,
	MOST_KEPT = 16384, /* frames */
	MOST_MEMORY = 8 << 20,
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

static bool is_same_layout(const struct gcr_layout *a,
			   const struct gcr_layout *b)
{
	return a == b || (a->kind == b->kind && a->size == b->size &&
			  a->sized == b->sized && a->sized &&
			  gcr_span_equal(a->type, b->type));
}

// What two instances have in common; false when that is not even the names.
static bool agree(struct gcr_image_signature *common,
		  const struct gcr_image_signature *other, bool *differ)
{
	if (common->count != other->count ||
	    common->parameter_count != other->parameter_count ||
	    common->complete != other->complete ||
	    common->printed_from != other->printed_from ||
	    common->dictionary_printed != other->dictionary_printed)
		return false;
	for (size_t i = 0; i < common->count; i++) {
		if (!gcr_span_equal(common->items[i].name,
				    other->items[i].name))
			return false;
		if (is_same_layout(common->items[i].layout,
				   other->items[i].layout))
			continue;
		common->items[i].layout = gcr_layout_unknown();
		*differ = true;
	}
	return true;
}

// 1: has one, 0: has none.
static int signature_of(struct gcr_image *image,
			const struct gcr_image_function *function,
			const struct gcr_image_signature **ret,
			struct gcr_error *err)
{
	struct gcr_error why;

	if (gcr_image_signature(image, function->entry, ret, &why) == 0)
		return 1;
	if (why.code != GCR_NOMEM && why.code != GCR_LIMIT)
		return 0;
	*err = why;
	return -1;
}

static struct gcr_image_signature *
copy_of(const struct gcr_image_signature *signature, struct gcr_arena *arena,
	struct gcr_error *err)
{
	struct gcr_image_signature *ret =
		gcr_arena_alloc(arena, sizeof(*ret), err);

	if (ret == NULL)
		return NULL;
	*ret = *signature;
	ret->items = gcr_arena_array(arena, signature->count,
				     sizeof(*ret->items), err);
	if (ret->items == NULL)
		return NULL;
	for (size_t i = 0; i < signature->count; i++)
		ret->items[i] = signature->items[i];
	return ret;
}

// The signature that all of them have in common; NULL: there is none.
static int common_signature(struct gcr_image *image,
			    const struct gcr_image_function *functions,
			    size_t count, struct gcr_arena *arena,
			    struct gcr_described *ret, struct gcr_error *err)
{
	const struct gcr_image_signature *one;
	struct gcr_image_signature *common = NULL;

	for (size_t i = 0; i < count; i++) {
		int got = signature_of(image, &functions[i], &one, err);
		if (got <= 0)
			return got;
		if (common == NULL) {
			common = copy_of(one, arena, err);
			if (common == NULL)
				return -1;
		} else if (!agree(common, one, &ret->ambiguous)) {
			ret->ambiguous = true;
			return 0;
		}
	}
	ret->signature = common;
	return 0;
}

// Wrappers are hidden from traces, but for their own sake.
static size_t drop_wrappers(struct gcr_image_function *functions, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if ((functions[i].flags & GCR_FUNCTION_WRAPPER) == 0)
			functions[kept++] = functions[i];
	return kept > 0 ? kept : count;
}

static int find_anew(const struct gcr_described_query *query,
		     struct gcr_arena *arena, struct gcr_described *ret,
		     bool *found, struct gcr_error *err)
{
	struct gcr_described described = { .signature = NULL };
	struct gcr_image_function functions[MOST_INSTANCES];
	struct gcr_image *image = query->image;
	size_t count = MOST_INSTANCES;

	*found = false;
	if (query->entry != 0)
		count = gcr_image_function_at(image, query->entry,
					      &functions[0]);
	else if (gcr_image_functions_of(query, arena, functions, &count, err) !=
		 0)
		return -1;
	if (count == 0)
		return 0;
	described.ambiguous = count == MOST_INSTANCES;
	count = drop_wrappers(functions, count);
	described.function = functions[0];
	described.optimized = gcr_image_optimized(image, functions[0].entry);
	// Where there may be more of them nothing is told.
	if (!described.ambiguous &&
	    common_signature(image, functions, count, arena, &described, err) !=
		    0)
		return -1;
	if (described.signature != NULL &&
	    print_declaration(query->frame, described.signature, arena,
			      &described.declaration, err) != 0)
		return -1;
	*found = true;
	*ret = described;
	return 0;
}

// What is kept ------------------------------------------------------------------

struct kept {
	struct kept *next;
	struct gcr_frame frame; // names are the image's own
	uint64_t entry;
	bool by_name, found;
	struct gcr_described described;
};

struct gcr_described_memo {
	struct kept *buckets[BUCKETS];
	size_t count; // and those that there was no room for
	size_t memory;
};

static bool is_asked(const struct kept *kept,
		     const struct gcr_described_query *query)
{
	const struct gcr_frame *a = &kept->frame, *b = query->frame;

	return a->line == b->line && a->offset == b->offset &&
	       a->flags == b->flags && a->pc == b->pc &&
	       kept->entry == query->entry && kept->by_name == query->by_name &&
	       gcr_span_equal(a->function, b->function) &&
	       gcr_span_equal(a->file, b->file);
}

static struct kept **find_bucket(struct gcr_described_memo *memo,
				 const struct gcr_described_query *query)
{
	const struct gcr_frame *frame = query->frame;
	uint64_t hash = frame->function.size;

	hash = hash * 31 + frame->line;
	hash = hash * 31 + frame->offset;
	hash = hash * 31 + frame->pc;
	if (frame->function.size > 0)
		hash = hash * 31 +
		       (unsigned char)
			       frame->function.data[frame->function.size - 1];
	hash *= UINT64_C(0x9e3779b97f4a7c15);
	return &memo->buckets[(hash >> 40) % BUCKETS];
}

static int copy_frame(const struct gcr_frame *from, struct gcr_arena *arena,
		      struct gcr_frame *ret, struct gcr_error *err)
{
	*ret = (struct gcr_frame){ .line = from->line,
				   .offset = from->offset,
				   .flags = from->flags,
				   .pc = from->pc };
	if (gcr_arena_copy(arena, from->function, &ret->function, err) != 0)
		return -1;
	return gcr_arena_copy(arena, from->file, &ret->file, err);
}

// NULL if there is no room: then it is not kept.
static const struct kept *keep(const struct gcr_described_query *query,
			       struct gcr_described_memo *memo)
{
	struct gcr_arena *arena = query->image->arena;
	size_t before = gcr_arena_used(arena);
	struct kept **bucket = find_bucket(memo, query);
	struct gcr_error lost;
	struct kept *kept;

	if (memo->count == MOST_KEPT || memo->memory > MOST_MEMORY)
		return NULL;
	memo->count++;
	kept = gcr_arena_alloc(arena, sizeof(*kept), &lost);
	if (kept == NULL ||
	    copy_frame(query->frame, arena, &kept->frame, &lost) != 0 ||
	    find_anew(query, arena, &kept->described, &kept->found, &lost) != 0)
		return NULL;
	kept->entry = query->entry;
	kept->by_name = query->by_name;
	kept->next = *bucket;
	*bucket = kept;
	memo->memory += gcr_arena_used(arena) - before;
	return kept;
}

static const struct kept *recall(const struct gcr_described_query *query)
{
	struct gcr_image *image = query->image;
	const struct kept *kept;
	struct gcr_error lost;

	if (image->described == NULL)
		image->described = gcr_arena_alloc(
			image->arena, sizeof(*image->described), &lost);
	if (image->described == NULL)
		return NULL;
	kept = *find_bucket(image->described, query);
	while (kept != NULL && !is_asked(kept, query))
		kept = kept->next;
	return kept != NULL ? kept : keep(query, image->described);
}

int gcr_described_find(const struct gcr_described_query *query,
		       struct gcr_arena *arena, struct gcr_described *ret,
		       bool *found, struct gcr_error *err)
{
	const struct kept *kept = recall(query);

	if (kept == NULL)
		return find_anew(query, arena, ret, found, err);
	*found = kept->found;
	if (kept->found)
		*ret = kept->described;
	return 0;
}
