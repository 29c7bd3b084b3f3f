/*
 * libjq, held at arm's length: its messages are kept for authors, and nothing
 * of it is seen outside of query.c, sheet.c and capture.c.
 */

#include "query.h"

#include <string.h>

#include "text.h"

static void keep_message(void *data, jv message)
{
	struct text *errors = data;
	const char *string;

	if (jv_get_kind(message) != JV_KIND_STRING)
		message = jv_dump_string(message, 0);
	string = jv_string_value(message);
	if (errors->size && errors->data[errors->size - 1] != '\n')
		text_char(errors, '\n');
	text_add(errors, string, strcspn(string, "\n"));
	jv_free(message);
}

static jq_state *compile(const char *program, struct text *errors)
{
	jq_state *jq = jq_init();
	struct text whole = { 0 };
	int compiled;

	if (!jq) {
		text_puts(errors, "libjq does not start");
		return NULL;
	}
	jq_set_error_cb(jq, keep_message, errors);
	// No library path: a ~/.jq or a module must not change an answer.
	jq_set_attr(jq, jv_string("JQ_LIBRARY_PATH"), jv_array());
	text_puts(&whole, query_prelude);
	text_puts(&whole, program);
	compiled = jq_compile(jq, text_string(&whole));
	text_done(&whole);
	if (!compiled) {
		if (!errors->size)
			text_puts(errors, "does not compile");
		jq_teardown(&jq);
	}
	return compiled ? jq : NULL;
}

int query_check(const char *program, struct text *errors)
{
	jq_state *jq = compile(program, errors);

	if (!jq)
		return -1;
	jq_teardown(&jq);
	return 0;
}

int query_run(const char *program, jv input, jv *ret, struct text *errors)
{
	jq_state *jq = compile(program, errors);
	jv result;

	if (!jq) {
		jv_free(input);
		return -1;
	}
	jq_start(jq, input, 0);
	result = jq_next(jq);
	if (!jv_is_valid(result)) {
		jv message = jv_invalid_get_msg(jv_copy(result));

		if (jv_get_kind(message) == JV_KIND_NULL)
			text_puts(errors, "gives no result");
		else
			keep_message(errors, jv_copy(message));
		jv_free(message);
		jv_free(result);
		jq_teardown(&jq);
		return -1;
	}
	jq_teardown(&jq);
	*ret = result;
	return 0;
}

void query_guard(const char *expression, struct text *program)
{
	text_puts(program, "(try ([limit(1; (\n");
	text_puts(program, expression);
	text_puts(program, "\n))] | .[0]) catch {\"$error\": tostring})");
}

// The length of `\( … )` at `words`; 0 when its end is missing.
static size_t interpolation(const char *words)
{
	size_t depth = 0;
	bool quoted = false;

	for (size_t i = 1; words[i]; i++) {
		if (words[i] == '"')
			quoted = !quoted;
		else if (quoted && words[i] == '\\' && words[i + 1])
			i++;
		else if (!quoted && words[i] == '(')
			depth++;
		else if (!quoted && words[i] == ')' && --depth == 0)
			return i + 1;
	}
	return 0;
}

static void literal_char(char c, struct text *program)
{
	if (c == '"' || c == '\\')
		text_char(program, '\\');
	if ((unsigned char)c < ' ')
		text_format(program, "\\u%04x", (unsigned)c);
	else
		text_char(program, c);
}

void query_literal(const char *string, struct text *program)
{
	text_char(program, '"');
	for (; *string; string++)
		literal_char(*string, program);
	text_char(program, '"');
}

void query_template(const char *words, struct text *program)
{
	text_char(program, '"');
	while (*words) {
		size_t size = 0;

		if (words[0] == '\\' && words[1] == '(')
			size = interpolation(words);
		if (size) {
			text_add(program, words, size);
			words += size;
		} else {
			literal_char(*words == '\n' ? ' ' : *words, program);
			words++;
		}
	}
	text_char(program, '"');
}

jv query_error(jv value)
{
	jv message = jv_invalid();

	if (jv_get_kind(value) == JV_KIND_OBJECT)
		message = jv_object_get(jv_copy(value), jv_string("$error"));
	jv_free(value);
	if (jv_get_kind(message) != JV_KIND_STRING) {
		jv_free(message);
		return jv_invalid();
	}
	return message;
}
