/* See support_values.h. */

#include "support_values.h"

#include "arena.h"
#include "span.h"

#include <check.h>

static struct decoded decode(struct gcr_declarations *declarations,
			     const struct gcr_frame *frame,
			     struct gcr_target target)
{
	struct decoded decoded = { .declarations = declarations };
	struct gcr_error err = { 0 };

	decoded.arena = gcr_arena_new(0);
	ck_assert_ptr_nonnull(decoded.arena);
	ck_assert_msg(gcr_frame_decode(frame, declarations, &target,
				       decoded.arena, &decoded.decoding,
				       &err) == 0,
		      "%s", err.text);
	assert_sane_decoding(&decoded.decoding);
	return decoded;
}

struct decoded decode_list(const char *declaration, const char *function,
			   const char *list, struct gcr_target target)
{
	struct gcr_declarations *declarations;
	struct gcr_error err = { 0 };
	struct gcr_frame frame = {
		.function = gcr_span_of(function),
		.arguments = gcr_span_of(list),
	};

	ck_assert_int_eq(gcr_declarations_new(&declarations, &err), 0);
	ck_assert_msg(gcr_declarations_add(declarations,
					   gcr_span_of(declaration), &err) == 0,
		      "%s: %s", declaration, err.text);
	return decode(declarations, &frame, target);
}

struct decoded decode_with_source(const char *file, const char *source,
				  const struct gcr_frame *frame,
				  struct gcr_target target)
{
	struct gcr_declarations *declarations;
	struct gcr_error err = { 0 };

	ck_assert_int_eq(gcr_declarations_new(&declarations, &err), 0);
	ck_assert_msg(
		gcr_declarations_add_source(declarations, gcr_span_of(file),
					    gcr_span_of(source), &err) == 0,
		"%s", err.text);
	return decode(declarations, frame, target);
}

void decoded_free(struct decoded *decoded)
{
	gcr_arena_free(decoded->arena);
	gcr_declarations_free(decoded->declarations);
}

static const struct gcr_value *find_name(const struct gcr_value *values,
					 size_t count, struct gcr_span name)
{
	for (size_t i = 0; i < count; i++)
		if (gcr_span_equal(values[i].name, name))
			return &values[i];
	return NULL;
}

static struct gcr_span take_name(struct gcr_span *rest)
{
	size_t size = 0;

	while (size < rest->size && rest->data[size] != '.' &&
	       rest->data[size] != '[')
		size++;
	struct gcr_span name = gcr_span_head(*rest, size);
	*rest = gcr_span_tail(*rest, size);
	return name;
}

const struct gcr_value *value_at(const struct gcr_decoding *decoding,
				 const char *path)
{
	struct gcr_span rest = gcr_span_of(path);
	const struct gcr_value *value =
		find_name(decoding->arguments, decoding->argument_count,
			  take_name(&rest));
	uint64_t index;

	while (value != NULL && rest.size > 0) {
		if (gcr_span_skip_char(&rest, '.')) {
			value = find_name(value->children, value->child_count,
					  take_name(&rest));
			continue;
		}
		gcr_span_skip_char(&rest, '[');
		if (gcr_span_decimal(&rest, &index) != GCR_NUMBER_OK ||
		    !gcr_span_skip_char(&rest, ']') ||
		    index >= value->child_count)
			return NULL;
		value = &value->children[index];
	}
	return value;
}

struct gcr_target target_of(enum gcr_arch arch, unsigned minor)
{
	return (struct gcr_target){ arch, minor, minor };
}

static const struct gcr_value *must_find(const struct decoded *decoded,
					 const char *path)
{
	const struct gcr_value *value = value_at(&decoded->decoding, path);

	ck_assert_msg(value != NULL, "there is no '%s'", path);
	return value;
}

void assert_value(const struct decoded *decoded, const char *path,
		  enum gcr_certainty certainty, const char *text)
{
	const struct gcr_value *value = must_find(decoded, path);

	ck_assert_msg(gcr_span_is(value->text, text), "%s is '%.*s', not '%s'",
		      path, GCR_PRINT_SPAN(value->text), text);
	ck_assert_msg(value->certainty == certainty, "%s is %s, not %s", path,
		      gcr_certainty_name(value->certainty),
		      gcr_certainty_name(certainty));
}

void assert_no_value(const struct decoded *decoded, const char *path,
		     enum gcr_certainty certainty)
{
	const struct gcr_value *value = must_find(decoded, path);

	ck_assert_msg(value->text.data == NULL, "%s is '%.*s'", path,
		      GCR_PRINT_SPAN(value->text));
	ck_assert_msg(value->certainty == certainty, "%s is %s, not %s", path,
		      gcr_certainty_name(value->certainty),
		      gcr_certainty_name(certainty));
}

void assert_note(const struct decoded *decoded, const char *text)
{
	for (size_t i = 0; i < decoded->decoding.note_count; i++)
		if (gcr_span_find_text(decoded->decoding.notes[i].text, text) !=
		    GCR_NOWHERE)
			return;
	ck_abort_msg("no note says '%s'", text);
}

// So that a span that points nowhere is seen by a sanitizer.
static size_t read_span(struct gcr_span span)
{
	size_t sum = 0;

	for (size_t i = 0; i < span.size; i++)
		sum += (unsigned char)span.data[i];
	return sum;
}

static size_t sane_value(const struct gcr_value *value)
{
	size_t sum = read_span(value->name) + read_span(value->type) +
		     read_span(value->text) + read_span(value->content) +
		     read_span(value->from);
	bool group = value->kind == GCR_ARRAY || value->kind == GCR_STRUCT;

	ck_assert_uint_lt(value->kind, GCR_KIND_COUNT);
	ck_assert_uint_le(value->part_count, 3);
	ck_assert(group || value->child_count == 0);
	// What is vouched for has a text, but where its parts are too long.
	if (value->certainty == GCR_EXACT && !group)
		ck_assert_ptr_nonnull(value->text.data);
	if (value->certainty == GCR_EXACT && !group)
		ck_assert_uint_gt(value->part_count, 0);
	for (size_t i = 0; i < value->child_count; i++)
		sum += sane_value(&value->children[i]);
	return sum;
}

void assert_sane_decoding(const struct gcr_decoding *decoding)
{
	size_t sum = read_span(decoding->declaration);

	for (size_t i = 0; i < decoding->argument_count; i++)
		sum += sane_value(&decoding->arguments[i]);
	for (size_t i = 0; i < decoding->result_count; i++)
		sum += sane_value(&decoding->results[i]);
	for (size_t i = 0; i < decoding->part_count; i++) {
		const struct gcr_part *part = &decoding->parts[i];
		ck_assert_uint_lt(part->word, decoding->words.count);
		ck_assert_uint_le(part->low, part->high);
		ck_assert_uint_lt(part->high, 64);
		sum += read_span(part->name) + read_span(part->text);
	}
	for (size_t i = 0; i < decoding->note_count; i++)
		sum += read_span(decoding->notes[i].text);
	ck_assert_uint_le(decoding->result_word, decoding->words.count);
	ck_assert_uint_lt(sum, SIZE_MAX);
}
