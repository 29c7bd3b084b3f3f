/*
 * A profile is one message; each sample, location, function and string is a
 * field of it, written as soon as it is known. They name each other by number:
 *
 *	string 5 "main.f"    function 2 {name 5, file 6}
 *	location 3 {address, line {function 2, number 7}}
 *	sample {locations 3 …, values 120, label {key 7, text 8}}
 *
 * Format: github.com/google/pprof proto/profile.proto.
 */

#include "profile.h"

#include "arena.h"
#include "error.h"
#include "gzip.h"
#include "span.h"

enum profile_field {
	PROFILE_SAMPLE_TYPE = 1,
	PROFILE_SAMPLE = 2,
	PROFILE_MAPPING = 3,
	PROFILE_LOCATION = 4,
	PROFILE_FUNCTION = 5,
	PROFILE_STRING = 6,
	PROFILE_PERIOD_TYPE = 11,
	PROFILE_PERIOD = 12,
};

enum value_type_field {
	VALUE_TYPE = 1,
	VALUE_UNIT = 2,
};

enum sample_field {
	SAMPLE_LOCATIONS = 1,
	SAMPLE_VALUES = 2,
	SAMPLE_LABEL = 3,
};

enum label_field {
	LABEL_KEY = 1,
	LABEL_TEXT = 2,
	LABEL_NUMBER = 3,
	LABEL_UNIT = 4,
};

enum mapping_field {
	MAPPING_ID = 1,
	MAPPING_HAS_FUNCTIONS = 7,
	MAPPING_HAS_FILES = 8,
	MAPPING_HAS_LINES = 9,
	MAPPING_HAS_INLINED = 10,
};

enum location_field {
	LOCATION_MAPPING = 2,
	LOCATION_ADDRESS = 3,
	LOCATION_LINE = 4,
};

enum line_field {
	LINE_FUNCTION = 1,
	LINE_NUMBER = 2,
};

enum function_field {
	FUNCTION_NAME = 2,
	FUNCTION_SYSTEM_NAME = 3,
	FUNCTION_FILE = 4,
};

enum {
	NUMBER_FIELD = 1, /* of a location, a function */
	ONLY_MAPPING = 1
};

// The id that a message begins with is not part of what tells it apart.
struct interned {
	uint64_t id;
	struct gcr_span bytes;
	bool added; /* by this call */
};

static struct interned intern(struct gcr_profile *profile,
			      struct gcr_names *table, struct gcr_span bytes)
{
	const struct gcr_named *named = gcr_names_find(table, bytes);
	struct gcr_error unused;
	struct interned *entry;

	if (named != NULL) {
		entry = named->item;
		return (struct interned){ entry->id, entry->bytes, false };
	}
	entry = gcr_arena_alloc(profile->arena, sizeof(*entry), &unused);
	if (entry == NULL ||
	    gcr_arena_copy(profile->arena, bytes, &entry->bytes, &unused) !=
		    0 ||
	    gcr_names_add(table, profile->arena, entry->bytes, entry,
			  &unused) != 0) {
		profile->failed = true;
		return (struct interned){ 0 };
	}
	entry->id = table->count;
	return (struct interned){ entry->id, entry->bytes, true };
}

static void write_varint(struct gcr_profile *profile, uint64_t value)
{
	char bytes[GCR_LONGEST_VARINT];

	gcr_sink_put(&profile->sink, bytes, gcr_varint(bytes, value));
}

static void write_head(struct gcr_profile *profile, enum profile_field field,
		       size_t size)
{
	enum {
		KIND_BYTES = 2
	};

	write_varint(profile, (uint64_t)field << 3 | KIND_BYTES);
	write_varint(profile, size);
}

// A message that is numbered, by itself.
static void write_numbered(struct gcr_profile *profile,
			   enum profile_field field,
			   const struct interned *interned)
{
	char bytes[1 + GCR_LONGEST_VARINT] = { NUMBER_FIELD << 3 };
	size_t size = 1 + gcr_varint(bytes + 1, interned->id);

	write_head(profile, field, size + interned->bytes.size);
	gcr_sink_put(&profile->sink, bytes, size);
	gcr_sink_span(&profile->sink, interned->bytes);
}

static bool is_plain(struct gcr_span text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] < ' ' || text.data[i] > '~')
			return false;
	return true;
}

static int put_bytes(void *to, const char *data, size_t size)
{
	gcr_message_put(to, (struct gcr_span){ data, size });
	return 0;
}

// pprof prints names to a terminal as they are.
static struct gcr_span escape(struct gcr_profile *profile, struct gcr_span text)
{
	struct gcr_output output = { put_bytes, &profile->scratch };
	struct gcr_error unused;
	struct gcr_sink sink;

	gcr_message_reset(&profile->scratch);
	gcr_sink_init(&sink, &output);
	gcr_sink_safe(&sink, text, false);
	if (gcr_sink_done(&sink, &unused) != 0)
		profile->failed = true;
	return gcr_message_span(&profile->scratch);
}

// String 0 is the empty one.
static uint64_t string_id(struct gcr_profile *profile, struct gcr_span text)
{
	if (text.size == 0)
		return 0;
	if (!is_plain(text))
		text = escape(profile, text);
	struct interned string = intern(profile, &profile->strings, text);
	if (string.added) {
		write_head(profile, PROFILE_STRING, string.bytes.size);
		gcr_sink_span(&profile->sink, string.bytes);
	}
	return string.id;
}

static uint64_t function_id(struct gcr_profile *profile, struct gcr_span name,
			    struct gcr_span file)
{
	uint64_t name_id = string_id(profile, name);
	uint64_t file_id = string_id(profile, file);
	struct gcr_message *function = &profile->scratch;

	gcr_message_reset(function);
	gcr_message_number(function, FUNCTION_NAME, name_id);
	gcr_message_number(function, FUNCTION_SYSTEM_NAME, name_id);
	gcr_message_number(function, FUNCTION_FILE, file_id);
	struct interned interned = intern(profile, &profile->functions,
					  gcr_message_span(function));
	if (interned.added)
		write_numbered(profile, PROFILE_FUNCTION, &interned);
	return interned.id;
}

static void put_line(struct gcr_profile *profile, uint64_t function,
		     unsigned number)
{
	char bytes[2 * (1 + GCR_LONGEST_VARINT)] = { LINE_FUNCTION << 3 };
	size_t size = 1 + gcr_varint(bytes + 1, function);

	if (number > 0) {
		bytes[size++] = LINE_NUMBER << 3;
		size += gcr_varint(bytes + size, number);
	}
	gcr_message_bytes(&profile->entry, LOCATION_LINE,
			  (struct gcr_span){ bytes, size });
}

static uint64_t finish_location(struct gcr_profile *profile)
{
	struct interned interned = intern(profile, &profile->locations,
					  gcr_message_span(&profile->entry));

	if (interned.added)
		write_numbered(profile, PROFILE_LOCATION, &interned);
	return interned.id;
}

uint64_t gcr_profile_location(struct gcr_profile *profile,
			      const struct gcr_profile_place *place)
{
	gcr_message_reset(&profile->entry);
	gcr_message_number(&profile->entry, LOCATION_MAPPING, ONLY_MAPPING);
	gcr_message_number(&profile->entry, LOCATION_ADDRESS, place->address);
	for (size_t i = 0; i < place->count; i++) {
		const struct gcr_frame *frame = &place->frames[i];

		put_line(profile,
			 function_id(profile, frame->function, frame->file),
			 frame->line);
	}
	return finish_location(profile);
}

uint64_t gcr_profile_remark(struct gcr_profile *profile, const char *text)
{
	gcr_message_reset(&profile->entry);
	put_line(
		profile,
		function_id(profile, gcr_span_of(text), (struct gcr_span){ 0 }),
		0);
	return finish_location(profile);
}

void gcr_profile_label(struct gcr_profile *profile, struct gcr_message *to,
		       struct gcr_span key, struct gcr_span value)
{
	uint64_t key_id = string_id(profile, key);
	uint64_t value_id = string_id(profile, value);
	struct gcr_message *label = &profile->scratch;

	if (key_id == 0 || value_id == 0)
		return;
	gcr_message_reset(label);
	gcr_message_number(label, LABEL_KEY, key_id);
	gcr_message_number(label, LABEL_TEXT, value_id);
	gcr_message_bytes(to, SAMPLE_LABEL, gcr_message_span(label));
}

void gcr_profile_number(struct gcr_profile *profile, struct gcr_message *to,
			const char *key, uint64_t value)
{
	uint64_t key_id = string_id(profile, gcr_span_of(key));
	struct gcr_message *label = &profile->scratch;

	gcr_message_reset(label);
	gcr_message_number(label, LABEL_KEY, key_id);
	gcr_message_number(label, LABEL_NUMBER, value);
	gcr_message_number(label, LABEL_UNIT, key_id);
	gcr_message_bytes(to, SAMPLE_LABEL, gcr_message_span(label));
}

void gcr_profile_sample(struct gcr_profile *profile, uint64_t count,
			struct gcr_span locations, struct gcr_span labels)
{
	struct gcr_message *message = &profile->entry;
	char value[GCR_LONGEST_VARINT];
	size_t size = gcr_varint(value, count);

	gcr_message_reset(message);
	gcr_message_bytes(message, SAMPLE_LOCATIONS, locations);
	gcr_message_bytes(message, SAMPLE_VALUES,
			  (struct gcr_span){ value, size });
	gcr_message_put(message, labels);
	write_head(profile, PROFILE_SAMPLE, message->size);
	gcr_sink_span(&profile->sink, gcr_message_span(message));
}

// goroutine/count, as Go's own goroutine profile has it.
static void write_types(struct gcr_profile *profile)
{
	uint64_t type = string_id(profile, GCR_SPAN("goroutine"));
	uint64_t unit = string_id(profile, GCR_SPAN("count"));
	struct gcr_message *value_type = &profile->entry;

	gcr_message_reset(value_type);
	gcr_message_number(value_type, VALUE_TYPE, type);
	gcr_message_number(value_type, VALUE_UNIT, unit);
	write_head(profile, PROFILE_SAMPLE_TYPE, value_type->size);
	gcr_sink_span(&profile->sink, gcr_message_span(value_type));
	write_head(profile, PROFILE_PERIOD_TYPE, value_type->size);
	gcr_sink_span(&profile->sink, gcr_message_span(value_type));
	write_varint(profile, PROFILE_PERIOD << 3);
	write_varint(profile, 1);
}

/*
 * Nobody knows where the program was mapped: one mapping of everything says so to
 * pprof, and that there are no names left to look up.
 */
static void write_mapping(struct gcr_profile *profile)
{
	struct gcr_message *mapping = &profile->entry;

	gcr_message_reset(mapping);
	gcr_message_number(mapping, MAPPING_ID, ONLY_MAPPING);
	for (unsigned field = MAPPING_HAS_FUNCTIONS;
	     field <= MAPPING_HAS_INLINED; field++)
		gcr_message_number(mapping, field, true);
	write_head(profile, PROFILE_MAPPING, mapping->size);
	gcr_sink_span(&profile->sink, gcr_message_span(mapping));
}

int gcr_profile_init(struct gcr_profile *profile, struct gcr_arena *arena,
		     const struct gcr_output *output, struct gcr_error *err)
{
	*profile = (struct gcr_profile){ .arena = arena };
	gcr_message_init(&profile->scratch, arena);
	gcr_message_init(&profile->entry, arena);
	if (gcr_gzip_new(arena, output, &profile->gzip, err) != 0)
		return -1;
	profile->output = gcr_gzip_output(profile->gzip);
	gcr_sink_init(&profile->sink, &profile->output);
	write_head(profile, PROFILE_STRING, 0);
	write_types(profile);
	write_mapping(profile);
	return 0;
}

int gcr_profile_done(struct gcr_profile *profile, struct gcr_error *err)
{
	if (profile->failed || profile->scratch.failed || profile->entry.failed)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	if (gcr_sink_done(&profile->sink, err) != 0)
		return -1;
	return gcr_gzip_done(profile->gzip, err);
}
