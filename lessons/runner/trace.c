/* From text to JSON by way of libgocrash. */

#include "trace.h"

#include <string.h>

#include "text.h"

static struct gcr_span span(const char *string)
{
	return (struct gcr_span){ string, strlen(string) };
}

static int add_output(void *to, const char *data, size_t size)
{
	text_add(to, data, size);
	return 0;
}

static int declare(const struct lesson *lesson,
		   struct gcr_declarations *declarations,
		   struct gcr_error *error)
{
	for (size_t i = 0; i < lesson->declare_count; i++)
		if (gcr_declarations_add(declarations,
					 span(lesson->declares[i]), error) != 0)
			return -1;
	return 0;
}

// Adds the document of one crash to `*documents`.
static int add_crash(const struct gcr_crash *crash, const struct gcr_view *view,
		     jv *documents, struct gcr_error *error)
{
	struct text json = { 0 };
	struct gcr_output output = { .write = add_output, .to = &json };
	int ret = gcr_write_json(crash, view, &output, error);

	if (ret == 0) {
		jv document =
			jv_parse_sized(text_string(&json), (int)json.size);

		if (!jv_is_valid(document)) {
			jv_free(document);
			document = jv_object();
		}
		*documents = jv_array_append(*documents, document);
	}
	text_done(&json);
	return ret;
}

int trace_read(const struct trace_source *source, jv *ret, struct text *errors)
{
	struct gcr_declarations *declarations = NULL;
	struct gcr_dump *dump = NULL;
	struct gcr_error error = { 0 };
	struct gcr_view view = {
		.given = { .arch = gcr_arch_from_name(span(source->arch)),
			   .go_min = source->go_minor,
			   .go_max = source->go_minor },
	};
	jv documents = jv_array();
	int status = -1;

	if (gcr_declarations_new(&declarations, &error) != 0 ||
	    declare(source->lesson, declarations, &error) != 0 ||
	    gcr_dump_parse((struct gcr_span){ source->data, source->size },
			   NULL, &dump, &error) != 0)
		goto out;
	view.declarations = declarations;
	status = 0;
	for (size_t i = 0; i < gcr_dump_crash_count(dump) && status == 0; i++)
		status = add_crash(gcr_dump_crash(dump, i), &view, &documents,
				   &error);
out:
	if (status != 0)
		text_puts(errors, error.text);
	gcr_dump_free(dump);
	gcr_declarations_free(declarations);
	if (status == 0)
		*ret = documents;
	else
		jv_free(documents);
	return status;
}
