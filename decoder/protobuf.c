/*
 * The wire format: a field is the varint of `number << 3 | kind` and its value.
 * Kind 0 is a varint, kind 2 a length and so many bytes.
 */

#include "protobuf.h"

#include "arena.h"
#include "span.h"

enum {
	KIND_VARINT = 0,
	KIND_BYTES = 2,
	FIRST_CAPACITY = 256
};

void gcr_message_init(struct gcr_message *message, struct gcr_arena *arena)
{
	*message = (struct gcr_message){ .arena = arena };
}

void gcr_message_reset(struct gcr_message *message)
{
	message->size = 0;
}

struct gcr_span gcr_message_span(const struct gcr_message *message)
{
	return (struct gcr_span){ message->data, message->size };
}

static bool make_room(struct gcr_message *message, size_t size)
{
	size_t capacity = message->capacity;
	struct gcr_error unused;
	char *data;

	if (message->failed)
		return false;
	if (size <= capacity - message->size)
		return true;
	if (capacity == 0)
		capacity = FIRST_CAPACITY;
	while (capacity - message->size < size && capacity <= SIZE_MAX / 2)
		capacity *= 2;
	data = gcr_arena_alloc(message->arena, capacity, &unused);
	if (data == NULL) {
		message->failed = true;
		return false;
	}
	if (message->size > 0)
		memcpy(data, message->data, message->size);
	message->data = data;
	message->capacity = capacity;
	return true;
}

void gcr_message_put(struct gcr_message *message, struct gcr_span bytes)
{
	if (bytes.size == 0 || !make_room(message, bytes.size))
		return;
	memcpy(message->data + message->size, bytes.data, bytes.size);
	message->size += bytes.size;
}

size_t gcr_varint(char *to, uint64_t value)
{
	size_t count = 0;

	for (; value >= 0x80; value >>= 7)
		to[count++] = (char)(unsigned char)(value | 0x80);
	to[count++] = (char)value;
	return count;
}

void gcr_message_varint(struct gcr_message *message, uint64_t value)
{
	char bytes[GCR_LONGEST_VARINT];
	size_t size = gcr_varint(bytes, value);

	gcr_message_put(message, (struct gcr_span){ bytes, size });
}

void gcr_message_number(struct gcr_message *message, unsigned field,
			uint64_t value)
{
	if (value == 0)
		return;
	gcr_message_varint(message, (uint64_t)field << 3 | KIND_VARINT);
	gcr_message_varint(message, value);
}

void gcr_message_bytes(struct gcr_message *message, unsigned field,
		       struct gcr_span bytes)
{
	gcr_message_varint(message, (uint64_t)field << 3 | KIND_BYTES);
	gcr_message_varint(message, bytes.size);
	gcr_message_put(message, bytes);
}
