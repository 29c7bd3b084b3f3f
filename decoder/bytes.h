#ifndef GCR_BYTES_H
#define GCR_BYTES_H

/*
 * Bounded reads from untrusted little-endian bytes.
 *
 * A reader latches: the first read past the end sets `short_read` and returns 0,
 * and so do all later ones. Check once after a record, not after each field;
 * until checked, a value may be nothing but that 0.
 */

#include "gocrash.h"

struct gcr_bytes {
	struct gcr_span bytes;
	uint64_t at;
	bool short_read;
};

/* A reader of `bytes` from offset `at`, which may lie past the end. */
static inline struct gcr_bytes gcr_bytes_at(struct gcr_span bytes, uint64_t at)
{
	return (struct gcr_bytes){ bytes, at, at > bytes.size };
}

/* The next `size` bytes; an empty span without data when there are fewer. */
struct gcr_span gcr_bytes_take(struct gcr_bytes *reader, uint64_t size);

uint8_t gcr_bytes_u8(struct gcr_bytes *reader);
uint16_t gcr_bytes_u16(struct gcr_bytes *reader);
uint32_t gcr_bytes_u32(struct gcr_bytes *reader);

/* A word of 4 or 8 bytes. */
uint64_t gcr_bytes_word(struct gcr_bytes *reader, unsigned word_size);

/* Go's encoding/binary.Uvarint; one of more than 64 bits is a short read. */
uint64_t gcr_bytes_varint(struct gcr_bytes *reader);

/*
 * A NUL-terminated text at `at`, without the NUL; data NULL if none ends, or not
 * within GCR_BYTES_TEXT: tables of names that have no end are asked very often.
 */
enum {
	GCR_BYTES_TEXT = 1 << 17
};
struct gcr_span gcr_bytes_text(struct gcr_span bytes, uint64_t at);

/* `size` bytes from `at` on, clamped to what there is. */
struct gcr_span gcr_bytes_slice(struct gcr_span bytes, uint64_t at,
				uint64_t size);

/* Eight bytes as a number; the compiler makes one load of it. */
static inline uint64_t gcr_little_u64(const unsigned char bytes[8])
{
	uint64_t value = 0;

	for (unsigned i = 8; i-- > 0;)
		value = value << 8 | bytes[i];
	return value;
}

/* `a + b`; false, and `*ret` untouched, when it wraps. */
static inline bool gcr_add_u64(uint64_t a, uint64_t b, uint64_t *ret)
{
	if (b > UINT64_MAX - a)
		return false;
	*ret = a + b;
	return true;
}

#endif
