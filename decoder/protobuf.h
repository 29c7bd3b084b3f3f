#ifndef GCR_PROTOBUF_H
#define GCR_PROTOBUF_H

/*
 * One message of Protocol Buffers, composed in memory: varints, numbers and
 * bytes, which is all that a profile is made of. A failed allocation latches:
 * the writer goes on and asks once at the end.
 */

#include "gocrash.h"

enum {
	GCR_LONGEST_VARINT = 10
};

struct gcr_message {
	struct gcr_arena *arena;
	char *data;
	size_t size, capacity;
	bool failed; /* for want of memory */
};

void gcr_message_init(struct gcr_message *message, struct gcr_arena *arena);

/* Empty it for the next one; what it has allocated is used again. */
void gcr_message_reset(struct gcr_message *message);

/* What is in it, valid until the next byte is added. */
struct gcr_span gcr_message_span(const struct gcr_message *message);

/* A bare varint, as in packed fields; the first returns its size. */
size_t gcr_varint(char *to, uint64_t value);
void gcr_message_varint(struct gcr_message *message, uint64_t value);

/* A field with a number; 0 is the default and is not written. */
void gcr_message_number(struct gcr_message *message, unsigned field,
			uint64_t value);

/* So many bytes, as they are. */
void gcr_message_put(struct gcr_message *message, struct gcr_span bytes);

/* A field of bytes: a string, a message within, packed numbers. */
void gcr_message_bytes(struct gcr_message *message, unsigned field,
		       struct gcr_span bytes);

#endif
