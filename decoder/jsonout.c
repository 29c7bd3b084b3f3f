/* JSON, member by member: see jsonout.h. */

#include "jsonout.h"

#include "span.h"

#include <inttypes.h>

void gcr_json_init(struct gcr_json *json, const struct gcr_output *output)
{
	gcr_sink_init(&json->sink, output);
	json->comma = false;
}

int gcr_json_done(struct gcr_json *json, struct gcr_error *err)
{
	gcr_sink_char(&json->sink, '\n');
	return gcr_sink_done(&json->sink, err);
}

// What stands before any value: a comma, and the key of a member.
static void lead(struct gcr_json *json, const char *key)
{
	if (json->comma)
		gcr_sink_char(&json->sink, ',');
	json->comma = true;
	if (key != NULL) {
		gcr_sink_json(&json->sink, gcr_span_of(key));
		gcr_sink_char(&json->sink, ':');
	}
}

void gcr_json_open(struct gcr_json *json, const char *key, char bracket)
{
	lead(json, key);
	gcr_sink_char(&json->sink, bracket);
	json->comma = false;
}

void gcr_json_close(struct gcr_json *json, char bracket)
{
	gcr_sink_char(&json->sink, bracket);
	json->comma = true;
}

void gcr_json_span(struct gcr_json *json, const char *key, struct gcr_span text)
{
	lead(json, key);
	if (text.data == NULL)
		gcr_sink_text(&json->sink, "null");
	else
		gcr_sink_json(&json->sink, text);
}

void gcr_json_text(struct gcr_json *json, const char *key, const char *text)
{
	struct gcr_span none = { 0 };

	gcr_json_span(json, key, text != NULL ? gcr_span_of(text) : none);
}

void gcr_json_number(struct gcr_json *json, const char *key, uint64_t value)
{
	lead(json, key);
	gcr_sink_decimal(&json->sink, value);
}

void gcr_json_hex(struct gcr_json *json, const char *key, uint64_t value)
{
	lead(json, key);
	gcr_sink_char(&json->sink, '"');
	gcr_sink_hex(&json->sink, value);
	gcr_sink_char(&json->sink, '"');
}

void gcr_json_fingerprint(struct gcr_json *json, const char *key,
			  uint64_t value)
{
	lead(json, key);
	gcr_sink_print(&json->sink, "\"%016" PRIx64 "\"", value);
}

void gcr_json_bool(struct gcr_json *json, const char *key, bool value)
{
	lead(json, key);
	gcr_sink_text(&json->sink, value ? "true" : "false");
}

void gcr_json_null(struct gcr_json *json, const char *key)
{
	lead(json, key);
	gcr_sink_text(&json->sink, "null");
}

void gcr_json_number_if(struct gcr_json *json, const char *key, bool known,
			uint64_t value)
{
	if (known)
		gcr_json_number(json, key, value);
	else
		gcr_json_null(json, key);
}

void gcr_json_hex_if(struct gcr_json *json, const char *key, bool known,
		     uint64_t value)
{
	if (known)
		gcr_json_hex(json, key, value);
	else
		gcr_json_null(json, key);
}

void gcr_json_name(struct gcr_json *json, struct gcr_span name)
{
	lead(json, NULL);
	gcr_sink_json(&json->sink, name);
	gcr_sink_char(&json->sink, ':');
	json->comma = false;
}

void gcr_json_place(struct gcr_json *json, struct gcr_place place)
{
	gcr_json_number_if(json, "line", place.line > 0, place.line);
	gcr_json_number_if(json, "column", place.column > 0, place.column);
}

static void write_word(struct gcr_json *json, const struct gcr_word *word)
{
	if (word->kind == GCR_WORD_OPEN || word->kind == GCR_WORD_CLOSE)
		return;
	gcr_json_open(json, NULL, '{');
	if (word->kind == GCR_WORD_VALUE)
		gcr_json_hex(json, "word", word->value);
	else
		gcr_json_text(json, "word",
			      word->kind == GCR_WORD_GAP ? "_" : "...");
	gcr_json_text(json, "certainty",
		      gcr_certainty_name(word->kind == GCR_WORD_VALUE
						 ? word->certainty
						 : GCR_ELIDED));
	gcr_json_number(json, "depth", word->depth);
	gcr_json_close(json, '}');
}

// A len or cap is a Go int: junk in a stale one may be negative.
static void write_int(struct gcr_json *json, const char *key,
		      const struct gcr_value *value, size_t part)
{
	uint64_t bits = value->part[part];

	if (part >= value->part_count ||
	    value->part_certainty[part] == GCR_ELIDED ||
	    value->part_certainty[part] == GCR_UNKNOWN) {
		gcr_json_null(json, key);
		return;
	}
	lead(json, key);
	if (bits > INT64_MAX) {
		gcr_sink_char(&json->sink, '-');
		bits = 0 - bits;
	}
	gcr_sink_decimal(&json->sink, bits);
}

static void write_data(struct gcr_json *json, const struct gcr_value *value,
		       size_t part)
{
	gcr_json_hex_if(json, "data",
			part < value->part_count &&
				value->part_certainty[part] != GCR_ELIDED &&
				value->part_certainty[part] != GCR_UNKNOWN,
			value->part[part]);
}

static void write_string(struct gcr_json *json, const struct gcr_value *value)
{
	write_int(json, "len", value, 1);
	write_data(json, value, 0);
	gcr_json_span(json, "content", value->content);
}

static void write_slice(struct gcr_json *json, const struct gcr_value *value)
{
	write_int(json, "len", value, 1);
	write_int(json, "cap", value, 2);
	write_data(json, value, 0);
}

static void write_value(struct gcr_json *json, const struct gcr_value *value);
static void write_values(struct gcr_json *json, const char *key,
			 const struct gcr_value *values, size_t count);

// Entries are children by twos: key, value.
static void write_map(struct gcr_json *json, const struct gcr_value *value)
{
	write_int(json, "len", value, 1);
	write_data(json, value, 0);
	gcr_json_open(json, "entries", '[');
	for (size_t i = 0; i + 1 < value->child_count; i += 2) {
		gcr_json_open(json, NULL, '{');
		gcr_json_name(json, GCR_SPAN("key"));
		write_value(json, &value->children[i]);
		gcr_json_name(json, GCR_SPAN("value"));
		write_value(json, &value->children[i + 1]);
		gcr_json_close(json, '}');
	}
	gcr_json_close(json, ']');
}

// What a value leads to, by its kind.
static void write_beyond(struct gcr_json *json, const struct gcr_value *value)
{
	const char *key = NULL;

	if (value->kind == GCR_CHAN && value->part_count == 3)
		write_slice(json, value);
	if (value->kind == GCR_MAP && value->part_count == 2)
		write_map(json, value);
	if (value->child_count == 0 || value->kind == GCR_MAP)
		return;
	if (value->kind == GCR_ARRAY || value->kind == GCR_SLICE)
		key = "elements";
	else if (value->kind == GCR_CHAN)
		key = "queue";
	else if (value->kind == GCR_POINTER)
		key = "points_to";
	else if (value->kind == GCR_INTERFACE)
		key = "holds";
	if (key != NULL)
		write_values(json, key, value->children, value->child_count);
}

static void write_parts_certainty(struct gcr_json *json,
				  const struct gcr_value *value)
{
	if (value->part_count < 2)
		return;
	gcr_json_open(json, "part_certainty", '[');
	for (size_t i = 0; i < value->part_count; i++)
		gcr_json_text(json, NULL,
			      gcr_certainty_name(value->part_certainty[i]));
	gcr_json_close(json, ']');
}

// The depth is that of the declared type, which the parser bounds.
static void write_value(struct gcr_json *json, const struct gcr_value *value)
{
	gcr_json_open(json, NULL, '{');
	gcr_json_span(json, "name", value->name);
	gcr_json_span(json, "type", value->type);
	gcr_json_text(json, "certainty", gcr_certainty_name(value->certainty));
	gcr_json_span(json, "text", value->text);
	if (value->kind == GCR_STRING)
		write_string(json, value);
	if (value->kind == GCR_SLICE)
		write_slice(json, value);
	if (value->kind == GCR_ARRAY && value->child_count == 0)
		write_values(json, "elements", NULL, 0);
	write_beyond(json, value);
	if (value->kind == GCR_STRUCT)
		write_values(json, "fields", value->children,
			     value->child_count);
	write_parts_certainty(json, value);
	gcr_json_span(json, "from", value->from);
	gcr_json_close(json, '}');
}

static void write_values(struct gcr_json *json, const char *key,
			 const struct gcr_value *values, size_t count)
{
	gcr_json_open(json, key, '[');
	for (size_t i = 0; i < count; i++)
		write_value(json, &values[i]);
	gcr_json_close(json, ']');
}

// Which bits of which flat word are whose.
static void write_part(struct gcr_json *json, const struct gcr_part *part)
{
	gcr_json_open(json, NULL, '{');
	gcr_json_number(json, "word", part->word);
	gcr_json_number(json, "low", part->low);
	gcr_json_number(json, "high", part->high);
	gcr_json_hex(json, "bits", part->bits);
	gcr_json_span(json, "name", part->name);
	gcr_json_span(json, "text", part->text);
	gcr_json_close(json, '}');
}

void gcr_json_decoding(struct gcr_json *json,
		       const struct gcr_decoding *decoding)
{
	gcr_json_span(json, "declaration", decoding->declaration);
	gcr_json_open(json, "words", '[');
	for (size_t i = 0; i < decoding->words.count; i++)
		write_word(json, &decoding->words.items[i]);
	gcr_json_close(json, ']');
	write_values(json, "arguments", decoding->arguments,
		     decoding->argument_count);
	write_values(json, "results", decoding->results,
		     decoding->result_count);
	gcr_json_open(json, "parts", '[');
	for (size_t i = 0; i < decoding->part_count; i++)
		write_part(json, &decoding->parts[i]);
	gcr_json_close(json, ']');
}

void gcr_json_locals(struct gcr_json *json, const struct gcr_decoding *decoding)
{
	write_values(json, "locals", decoding->locals, decoding->local_count);
}

void gcr_json_notes(struct gcr_json *json, const char *key,
		    const struct gcr_note *notes, size_t count)
{
	gcr_json_open(json, key, '[');
	for (size_t i = 0; i < count; i++) {
		gcr_json_open(json, NULL, '{');
		gcr_json_place(json, notes[i].place);
		gcr_json_span(json, "text", notes[i].text);
		gcr_json_close(json, '}');
	}
	gcr_json_close(json, ']');
}

static void write_release(struct gcr_json *json, const char *key, bool known,
			  unsigned minor)
{
	char text[24] = "1.";
	size_t used = 2;

	if (!known) {
		gcr_json_null(json, key);
		return;
	}
	if (minor >= 100)
		text[used++] = (char)('0' + minor / 100 % 10);
	if (minor >= 10)
		text[used++] = (char)('0' + minor / 10 % 10);
	text[used++] = (char)('0' + minor % 10);
	gcr_json_span(json, key, (struct gcr_span){ text, used });
}

void gcr_json_target(struct gcr_json *json, const struct gcr_target *target)
{
	write_release(json, "go",
		      target->go_min != 0 && target->go_min == target->go_max,
		      target->go_min);
	write_release(json, "go_min", target->go_min != 0, target->go_min);
	write_release(json, "go_max", target->go_max != 0, target->go_max);
	// Never null: where nothing shows it, the layout that values are read with.
	bool shown = target->arch != GCR_ARCH_UNKNOWN;
	gcr_json_text(json, "arch",
		      gcr_arch_name(shown ? target->arch : GCR_AMD64));
	gcr_json_bool(json, "arch_shown", shown);
}
