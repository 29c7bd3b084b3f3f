/* See support_profile.h. */

#include "support_profile.h"

#include "span.h"

#include <check.h>
#include <stdlib.h>
#include <zlib.h>

enum {
	MOST = 1 << 20
};

struct field {
	unsigned number;
	bool bytes;
	uint64_t value;
	struct gcr_span span;
};

// Messages by id or, for strings, by index.
struct entries {
	struct gcr_span *items;
	size_t count;
};

struct reading {
	struct entries strings, functions, locations;
	struct text *out;
};

static struct text unpack(struct gcr_span gzipped)
{
	struct text out = { 0 };
	char chunk[4096], *input = malloc(gzipped.size);
	z_stream stream = { 0 };
	int status = Z_OK;

	ck_assert_ptr_nonnull(input);
	memcpy(input, gzipped.data, gzipped.size);
	ck_assert_int_eq(inflateInit2(&stream, 15 + 16), Z_OK);
	stream.next_in = (Bytef *)input;
	stream.avail_in = (uInt)gzipped.size;
	while (status != Z_STREAM_END) {
		stream.next_out = (Bytef *)chunk;
		stream.avail_out = sizeof(chunk);
		status = inflate(&stream, Z_NO_FLUSH);
		ck_assert_msg(status == Z_OK || status == Z_STREAM_END,
			      "inflate: %d", status);
		text_put(&out, chunk, sizeof(chunk) - stream.avail_out);
	}
	ck_assert_uint_eq(stream.avail_in, 0);
	inflateEnd(&stream);
	free(input);
	return out;
}

static uint64_t varint(struct gcr_span *from)
{
	uint64_t value = 0;

	for (unsigned shift = 0;; shift += 7) {
		ck_assert_uint_gt(from->size, 0);
		ck_assert_uint_lt(shift, 64);
		unsigned char byte = (unsigned char)from->data[0];
		*from = gcr_span_tail(*from, 1);
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return value;
	}
}

static bool next_field(struct gcr_span *from, struct field *ret)
{
	if (from->size == 0)
		return false;
	uint64_t head = varint(from);
	*ret = (struct field){ .number = (unsigned)(head >> 3),
			       .bytes = (head & 7) == 2 };
	ck_assert_msg((head & 7) == 0 || ret->bytes, "wire type %u",
		      (unsigned)(head & 7));
	ret->value = varint(from);
	if (ret->bytes) {
		ck_assert_uint_le(ret->value, from->size);
		ret->span = gcr_span_head(*from, (size_t)ret->value);
		*from = gcr_span_tail(*from, (size_t)ret->value);
	}
	return true;
}

static uint64_t number_in(struct gcr_span message, unsigned number)
{
	struct field field;

	while (next_field(&message, &field))
		if (field.number == number && !field.bytes)
			return field.value;
	return 0;
}

static void enter(struct entries *to, uint64_t at, struct gcr_span message)
{
	ck_assert_msg(at == to->count, "entry %u behind %zu", (unsigned)at,
		      to->count);
	ck_assert_uint_lt(at, MOST);
	to->items = realloc(to->items, (to->count + 1) * sizeof(*to->items));
	ck_assert_ptr_nonnull(to->items);
	to->items[to->count++] = message;
}

static struct gcr_span entry(const struct entries *from, uint64_t at)
{
	ck_assert_uint_lt(at, from->count);
	return from->items[at];
}

static void put_string(struct reading *reading, uint64_t index)
{
	struct gcr_span string = entry(&reading->strings, index);

	text_put(reading->out, string.data, string.size);
}

static void put_line(struct reading *reading, struct gcr_span line)
{
	uint64_t id = number_in(line, 1);
	ck_assert_uint_gt(id, 0);
	struct gcr_span function = entry(&reading->functions, id);

	ck_assert_uint_eq(number_in(function, 2), number_in(function, 3));
	put_string(reading, number_in(function, 2));
	if (number_in(function, 4) != 0) {
		text_print(reading->out, " ");
		put_string(reading, number_in(function, 4));
		text_print(reading->out, ":%u", (unsigned)number_in(line, 2));
	}
}

static void put_location(struct reading *reading, uint64_t id)
{
	ck_assert_uint_gt(id, 0);
	struct gcr_span location = entry(&reading->locations, id);
	uint64_t address = number_in(location, 3);
	struct field field;
	size_t lines = 0;

	while (next_field(&location, &field))
		if (field.number == 4) {
			text_print(reading->out, lines++ > 0 ? " < " : "");
			put_line(reading, field.span);
		}
	ck_assert_uint_gt(lines, 0);
	if (address != 0)
		text_print(reading->out, " @0x%llx",
			   (unsigned long long)address);
}

static void put_label(struct reading *reading, struct gcr_span label)
{
	uint64_t unit = number_in(label, 4);

	put_string(reading, number_in(label, 1));
	text_print(reading->out, "=");
	if (number_in(label, 2) != 0) {
		put_string(reading, number_in(label, 2));
		return;
	}
	text_print(reading->out, "%llu ",
		   (unsigned long long)number_in(label, 3));
	put_string(reading, unit);
}

static void put_sample(struct reading *reading, struct gcr_span sample)
{
	struct gcr_span labels = sample, locations = { 0 }, values = { 0 };
	struct field field;

	while (next_field(&sample, &field)) {
		if (field.number == 1)
			locations = field.span;
		else if (field.number == 2)
			values = field.span;
	}
	text_print(reading->out, "%llu ", (unsigned long long)varint(&values));
	ck_assert_uint_eq(values.size, 0);
	for (size_t i = 0; locations.size > 0; i++) {
		text_print(reading->out, i > 0 ? "; " : "");
		put_location(reading, varint(&locations));
	}
	text_print(reading->out, " |");
	while (next_field(&labels, &field))
		if (field.number == 3) {
			text_print(reading->out, " ");
			put_label(reading, field.span);
		}
	text_print(reading->out, "\n");
}

// Whatever the order of the fields, all that a sample names is there by then.
static void read_tables(struct reading *reading, struct gcr_span all)
{
	struct field field;

	enter(&reading->functions, 0, GCR_SPAN(""));
	enter(&reading->locations, 0, GCR_SPAN(""));
	while (next_field(&all, &field)) {
		struct gcr_span body = field.span;
		if (field.number == 6)
			enter(&reading->strings, reading->strings.count, body);
		else if (field.number == 5)
			enter(&reading->functions, number_in(body, 1), body);
		else if (field.number == 4)
			enter(&reading->locations, number_in(body, 1), body);
	}
	ck_assert_uint_eq(entry(&reading->strings, 0).size, 0);
}

struct text profile_text(struct gcr_span gzipped)
{
	struct text packed = unpack(gzipped), out = { 0 };
	struct gcr_span all = { packed.data, packed.size }, rest = all;
	struct reading reading = { .out = &out };
	struct field field;
	size_t types = 0;

	read_tables(&reading, all);
	while (next_field(&rest, &field)) {
		if (field.number == 2)
			put_sample(&reading, field.span);
		types += field.number == 1;
	}
	ck_assert_uint_eq(types, 1);
	text_put(&out, "", 1);
	out.size--;
	free(reading.strings.items);
	free(reading.functions.items);
	free(reading.locations.items);
	text_free(&packed);
	return out;
}
