/*
 * gcr_write_words: a set of one declaration, and a frame made up to fit it.
 */

#include "byhand.h"

#include "arena.h"
#include "declaration.h"
#include "decoded.h"
#include "framewords.h"
#include "json.h"
#include "jsonout.h"
#include "page.h"
#include "span.h"

enum {
	LAST_FLAT = 16,	  /* go1.16 */
	FIRST_TYPED = 17, /* has braces */
	FIRST_MARKED = 18 /* has `?` */
};

// The only function of the set.
static const struct gcr_function *
only_function(const struct gcr_declarations *declarations)
{
	const struct gcr_names *names = &declarations->functions;

	for (size_t i = 0; i < names->bucket_count; i++)
		if (names->buckets[i] != NULL)
			return names->buckets[i]->item;
	return NULL;
}

/*
 * As the linker spells it: in the last element of an import path a dot is
 * `%2e`. Go cmd/internal/objabi/path.go PathToPrefix.
 */
static int frame_name(const struct gcr_function *function,
		      struct gcr_arena *arena, struct gcr_span *ret,
		      struct gcr_error *err)
{
	struct gcr_span package = function->package;
	const char *generic = function->type_parameter_count > 0 ? "[...]" : "";
	struct gcr_span head, last;
	ptrdiff_t dot;

	if (package.size == 0)
		package = gcr_span_of("main");
	last = gcr_span_tail(package,
			     (size_t)(gcr_span_find_last(package, '/') + 1));
	head = gcr_span_head(package, package.size - last.size);
	dot = gcr_span_find(last, '.');
	if (dot == GCR_NOWHERE)
		return gcr_arena_print(arena, ret, err, "%.*s.%.*s%s",
				       GCR_PRINT_SPAN(package),
				       GCR_PRINT_SPAN(function->base), generic);
	return gcr_arena_print(
		arena, ret, err, "%.*s%.*s%%2e%.*s.%.*s%s",
		GCR_PRINT_SPAN(head),
		GCR_PRINT_SPAN(gcr_span_head(last, (size_t)dot)),
		GCR_PRINT_SPAN(gcr_span_tail(last, (size_t)dot + 1)),
		GCR_PRINT_SPAN(function->base), generic);
}

/*
 * What nobody says: a 64-bit machine, and the releases that print such a list.
 * All of them may have printed plain words: those that fit the signature both
 * as flat words and as typed ones stay without a release.
 */
static struct gcr_target complete(struct gcr_target target,
				  const struct gcr_words *words)
{
	if (target.arch == GCR_ARCH_UNKNOWN)
		target.arch = GCR_AMD64;
	if (target.go_min != 0 || target.go_max != 0)
		return target;
	if (words->marked)
		target.go_min = FIRST_MARKED;
	else if (words->braced)
		target.go_min = FIRST_TYPED;
	return target;
}

static int decode(struct gcr_declarations *declarations, struct gcr_span list,
		  struct gcr_arena *arena, struct gcr_target *target,
		  struct gcr_decoding *ret, struct gcr_error *err)
{
	struct gcr_frame frame = { .arguments = list };
	struct gcr_words words;

	if (gcr_words_read(list, arena, &words, err) != 0) {
		if (err->code == GCR_FORMAT)
			err->code = GCR_SYNTAX;
		return -1;
	}
	*target = complete(*target, &words);
	if (frame_name(only_function(declarations), arena, &frame.function,
		       err) != 0)
		return -1;
	if (gcr_frame_words(&frame, declarations, target, NULL, arena, ret,
			    err) != 0)
		return -1;
	if (ret->flat && target->go_min == 0 && target->go_max == 0)
		target->go_max = LAST_FLAT;
	return 0;
}

static int write_document(const struct gcr_decoding *decoding,
			  const struct gcr_target *target,
			  const struct gcr_output *output,
			  struct gcr_error *err)
{
	struct gcr_json json;

	gcr_json_init(&json, output);
	gcr_json_open(&json, NULL, '{');
	gcr_json_text(&json, "format", GCR_JSON_FORMAT);
	gcr_json_target(&json, target);
	gcr_json_decoding(&json, decoding);
	gcr_json_notes(&json, "notes", decoding->notes, decoding->note_count);
	gcr_json_close(&json, '}');
	return gcr_json_done(&json, err);
}

static void write_remarks(struct gcr_page *page,
			  const struct gcr_decoding *decoding)
{
	for (size_t i = 0; i < decoding->note_count; i++)
		gcr_page_print(page, 0, "note: %.*s",
			       GCR_PRINT_SPAN(decoding->notes[i].text));
	if (decoding->flat && page->view->given.go_max == 0)
		gcr_page_prose(page, 0,
			       "Flat words, as Go printed them up to 1.16.");
}

static int write_text(const struct gcr_decoding *decoding,
		      const struct gcr_target *target,
		      const struct gcr_view *view,
		      const struct gcr_output *output, struct gcr_error *err)
{
	const struct gcr_rows rows = { .depth = GCR_ROWS_DEEP };
	struct gcr_page page;
	int result = 0;

	if (gcr_page_init(&page, target, view, output, err) != 0)
		return -1;
	gcr_page_span(&page, GCR_OWN, decoding->declaration);
	gcr_page_line(&page);
	gcr_page_line(&page);
	if (decoding->flat) {
		result = gcr_decoded_flat(&page, decoding, 0);
		gcr_page_line(&page);
	}
	gcr_decoded_values(&page, decoding, &rows);
	gcr_decoded_legend(&page, decoding, 0);
	write_remarks(&page, decoding);
	if (result == 0)
		result = gcr_sink_done(&page.sink, err);
	gcr_page_done(&page);
	return result;
}

int gcr_write_words(struct gcr_span signature, struct gcr_span words,
		    const struct gcr_view *view, bool json,
		    const struct gcr_output *output, struct gcr_error *err)
{
	struct gcr_target target = view->given;
	struct gcr_declarations *declarations;
	struct gcr_decoding decoding = { 0 };
	int result;

	if (gcr_declarations_new(&declarations, err) != 0)
		return -1;
	gcr_arena_fail_at(declarations->arena, view->fail_at);
	result = gcr_declarations_add(declarations, signature, err);
	if (result == 0)
		result = decode(declarations, words, declarations->arena,
				&target, &decoding, err);
	if (result == 0 && json)
		result = write_document(&decoding, &target, output, err);
	else if (result == 0)
		result = write_text(&decoding, &target, view, output, err);
	gcr_declarations_free(declarations);
	return result;
}
