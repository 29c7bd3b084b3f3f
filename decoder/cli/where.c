/*
 * --where: a jq program that is given a goroutine's JSON, as `--json` would
 * write it, and says yes or no. The only file of the command that knows libjq.
 */

#include "choose.h"
#include "terminal.h"

#include <jq.h>
#include <stdlib.h>
#include <string.h>

struct where {
	jq_state *jq;
	const struct gcr_view *view;
	const struct gcr_census *census;
	struct gcr_lines_writer *writer;
	size_t dump; /* the writer's */
	char *text;  /* one goroutine's JSON */
	size_t size, room;
	bool failed;
};

static void print_message(void *data, jv message)
{
	char text[256];

	(void)data;
	if (jv_get_kind(message) != JV_KIND_STRING)
		message = jv_dump_string(message, 0);
	snprintf(text, sizeof(text), "%s", jv_string_value(message));
	text[strcspn(text, "\n")] = '\0';
	complain("--where: %s", text);
	jv_free(message);
}

int where_new(const char *expression, const struct gcr_view *view,
	      struct where **ret)
{
	struct where *where = calloc(1, sizeof(*where));

	if (where != NULL)
		where->jq = jq_init();
	if (where == NULL || where->jq == NULL) {
		complain("out of memory");
		free(where);
		return FAILED;
	}
	where->view = view;
	jq_set_error_cb(where->jq, print_message, NULL);
	// No library path: a ~/.jq must not change the answer.
	jq_set_attr(where->jq, jv_string("JQ_LIBRARY_PATH"), jv_array());
	if (!jq_compile(where->jq, expression)) {
		where_free(where);
		return USAGE;
	}
	*ret = where;
	return DONE;
}

static void end_writer(struct where *where)
{
	struct gcr_error unused;

	if (where->writer != NULL &&
	    gcr_lines_writer_done(where->writer, &unused) != 0)
		where->failed = true;
	where->writer = NULL;
}

void where_free(struct where *where)
{
	if (where == NULL)
		return;
	end_writer(where);
	jq_teardown(&where->jq);
	free(where->text);
	free(where);
}

void where_know(struct where *where, const struct gcr_census *census)
{
	end_writer(where);
	where->census = census;
	where->dump = 0;
}

bool where_failed(const struct where *where)
{
	return where->failed;
}

static int keep_text(void *to, const char *data, size_t size)
{
	struct where *where = to;

	if (where->room - where->size < size) {
		size_t room = (where->size + size) * 2;
		char *text = realloc(where->text, room);

		if (text == NULL)
			return -1;
		where->text = text;
		where->room = room;
	}
	memcpy(where->text + where->size, data, size);
	where->size += size;
	return 0;
}

// The dump that `offset` is in; they come in order.
static size_t dump_at(const struct where *where, uint64_t offset)
{
	size_t dump = where->dump;

	while (dump + 1 < gcr_census_dump_count(where->census) &&
	       gcr_census_dump(where->census, dump)->crash->end.offset < offset)
		dump++;
	return dump;
}

static int write_json(struct where *where, const struct gcr_goroutine *g,
		      struct gcr_error *err)
{
	struct gcr_output output = { keep_text, where };
	size_t dump = dump_at(where, g->place.offset);

	if (dump != where->dump)
		end_writer(where);
	where->dump = dump;
	where->size = 0;
	if (where->writer == NULL) {
		const struct gcr_tally *tally =
			gcr_census_dump(where->census, dump);
		if (gcr_lines_writer_new(&tally->crash->target, where->view,
					 &output, &where->writer, err) != 0)
			return -1;
	}
	return gcr_lines_writer_put(where->writer, dump, NULL, g, err) != 0 ||
			       gcr_lines_writer_flush(where->writer, err) != 0
		       ? -1
		       : 0;
}

// What jq answers to one goroutine; its message where it cannot.
static bool ask(struct where *where, const struct gcr_goroutine *g)
{
	jv input = jv_parse_sized(where->text, (int)where->size), answer;
	bool yes = false;

	jq_start(where->jq, input, 0);
	answer = jq_next(where->jq);
	if (jv_is_valid(answer)) {
		yes = jv_get_kind(answer) != JV_KIND_NULL &&
		      jv_get_kind(answer) != JV_KIND_FALSE;
		jv_free(answer);
		return yes;
	}
	jv message = jv_invalid_get_msg(answer);
	if (jv_get_kind(message) != JV_KIND_NULL) {
		where->failed = true;
		complain("--where fails on goroutine %llu:",
			 (unsigned long long)g->id);
		print_message(NULL, message);
	} else {
		jv_free(message);
	}
	return false;
}

bool where_keep(struct where *where, const struct gcr_goroutine *goroutine)
{
	struct gcr_error err;

	if (where->failed)
		return false;
	if (write_json(where, goroutine, &err) == 0)
		return ask(where, goroutine);
	complain_of(&err);
	where->failed = true;
	return false;
}
