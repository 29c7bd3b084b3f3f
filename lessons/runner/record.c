/*
 * Records of steps. Output is kept whole, as text: bytes that are not UTF-8 are
 * replaced, since JSON can hold no others.
 */

#include "record.h"

#include <string.h>

#include "cores.h"
#include "text.h"

static jv whole_text(const struct text *text)
{
	return jv_string_sized(text_string(text), (int)text->size);
}

// The lines without the empty one behind the last newline.
static jv lines_of(const struct text *text)
{
	jv lines = jv_array();
	const char *at = text_string(text), *end = at + text->size;

	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline : end;

		lines = jv_array_append(lines,
					jv_string_sized(at, (int)(stop - at)));
		at = newline ? newline + 1 : end;
	}
	return lines;
}

// `key name=0x2`: what a program says it passed, for witnesses.
static jv keys_of(const struct text *text)
{
	jv keys = jv_object();
	const char *at = text_string(text);

	while (*at) {
		size_t size = strcspn(at, "\n");
		const char *equals = memchr(at, '=', size);

		if (starts_with(at, "key ") && equals)
			keys = jv_object_set(
				keys,
				jv_string_sized(at + 4, (int)(equals - at - 4)),
				jv_string_sized(equals + 1,
						(int)(at + size - equals - 1)));
		at += size + (at[size] == '\n');
	}
	return keys;
}

static jv name_core(const char *folder)
{
	struct pool pool = { 0 };
	const char *name = core_in(folder, &pool);
	jv ret = name ? jv_string(name) : jv_null();

	pool_done(&pool);
	return ret;
}

jv record_step(const struct step *step, const struct child_result *result,
	       const char *lack, const char *outcome, const char *folder,
	       jv trace)
{
	jv record = jv_object();

	record =
		jv_object_set(record, jv_string("name"), jv_string(step->name));
	record = jv_object_set(record, jv_string("command"),
			       jv_string(step->command));
	record =
		jv_object_set(record, jv_string("outcome"), jv_string(outcome));
	record = jv_object_set(record, jv_string("skipped"),
			       lack ? jv_string(lack) : jv_null());
	record = jv_object_set(record, jv_string("status"),
			       jv_number(result->status));
	record = jv_object_set(record, jv_string("signal"),
			       jv_number(result->signal));
	record = jv_object_set(record, jv_string("core"),
			       lack ? jv_null() : name_core(folder));
	record = jv_object_set(
		record, jv_string("seconds"),
		jv_number((double)(long)(result->seconds * 1e3) / 1e3));
	record = jv_object_set(record, jv_string("stdout"),
			       whole_text(&result->out));
	record = jv_object_set(record, jv_string("stderr"),
			       whole_text(&result->err));
	record = jv_object_set(record, jv_string("lines"),
			       lines_of(&result->err));
	record = jv_object_set(record, jv_string("key"), keys_of(&result->out));
	return jv_object_set(record, jv_string("trace"), trace);
}

bool record_has_core(jv record)
{
	jv core = jv_object_get(record, jv_string("core"));
	bool ret = jv_get_kind(core) == JV_KIND_STRING;

	jv_free(core);
	return ret;
}

static jv trim_text(const char *text, const char *folder)
{
	struct text ret = { 0 };
	jv string;

	while (*text) {
		if (starts_with(text, folder)) {
			text_char(&ret, '.');
			text += strlen(folder);
		} else {
			text_char(&ret, *text++);
		}
	}
	string = whole_text(&ret);
	text_done(&ret);
	return string;
}

jv record_trim(jv record, const char *folder)
{
	static const char *const keys[] = { "stdout", "stderr" };
	struct text err = { 0 };

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		jv value = jv_object_get(jv_copy(record), jv_string(keys[i]));

		record = jv_object_set(
			record, jv_string(keys[i]),
			trim_text(jv_string_value(value), folder));
		if (i == 1) {
			jv_free(value);
			value = jv_object_get(jv_copy(record),
					      jv_string(keys[i]));
			text_puts(&err, jv_string_value(value));
		}
		jv_free(value);
	}
	record = jv_object_set(record, jv_string("lines"), lines_of(&err));
	text_done(&err);
	// Decoded anew whenever the capture is loaded.
	return jv_object_delete(record, jv_string("trace"));
}
