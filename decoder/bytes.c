/* Bounded reads: see bytes.h. Bytes are put together one by one: no alignment
 * is asked for, and the compiler makes one load of it. */

#include "bytes.h"

#include <string.h>

struct gcr_span gcr_bytes_take(struct gcr_bytes *reader, uint64_t size)
{
	struct gcr_span taken = { 0 };

	if (reader->short_read || reader->at > reader->bytes.size ||
	    size > reader->bytes.size - reader->at) {
		reader->short_read = true;
		return taken;
	}
	if (reader->bytes.data != NULL)
		taken.data = reader->bytes.data + reader->at;
	taken.size = (size_t)size;
	reader->at += size;
	return taken;
}

static uint64_t take_little(struct gcr_bytes *reader, unsigned size)
{
	struct gcr_span taken = gcr_bytes_take(reader, size);
	uint64_t value = 0;

	for (size_t i = taken.size; i-- > 0;)
		value = value << 8 | (unsigned char)taken.data[i];
	return value;
}

uint8_t gcr_bytes_u8(struct gcr_bytes *reader)
{
	return (uint8_t)take_little(reader, 1);
}

uint16_t gcr_bytes_u16(struct gcr_bytes *reader)
{
	return (uint16_t)take_little(reader, 2);
}

uint32_t gcr_bytes_u32(struct gcr_bytes *reader)
{
	return (uint32_t)take_little(reader, 4);
}

uint64_t gcr_bytes_word(struct gcr_bytes *reader, unsigned word_size)
{
	return take_little(reader, word_size == 4 ? 4 : 8);
}

uint64_t gcr_bytes_varint(struct gcr_bytes *reader)
{
	uint64_t value = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint64_t byte = gcr_bytes_u8(reader);

		value |= (byte & 0x7f) << shift;
		if (byte < 0x80)
			return reader->short_read ? 0 : value;
	}
	reader->short_read = true;
	return 0;
}

struct gcr_span gcr_bytes_slice(struct gcr_span bytes, uint64_t at,
				uint64_t size)
{
	struct gcr_span slice = { 0 };

	if (bytes.data == NULL || at > bytes.size)
		return slice;
	slice.data = bytes.data + at;
	slice.size = bytes.size - (size_t)at;
	if (size < slice.size)
		slice.size = (size_t)size;
	return slice;
}

struct gcr_span gcr_bytes_text(struct gcr_span bytes, uint64_t at)
{
	struct gcr_span text = gcr_bytes_slice(bytes, at, GCR_BYTES_TEXT);
	const char *end =
		text.size > 0 ? memchr(text.data, 0, text.size) : NULL;

	if (end == NULL)
		return (struct gcr_span){ 0 };
	text.size = (size_t)(end - text.data);
	return text;
}
