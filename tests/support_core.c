/* The composed core: see support_core.h. */

#include "support_core.h"

#include <string.h>

enum {
	ELF_HEADER = 64,
	SEGMENT_HEADER = 56,
	STATUS_SIZE = 336,
	STATUS_ID = 32,
	STATUS_REGISTERS = 112,
};

static void put(struct text *to, uint64_t value, unsigned size)
{
	char bytes[8];

	for (unsigned i = 0; i < size; i++)
		bytes[i] = (char)(value >> 8 * i & 0xff);
	text_put(to, bytes, size);
}

static void put_zeros(struct text *to, size_t count)
{
	for (size_t i = 0; i < count; i++)
		put(to, 0, 1);
}

static void put_note(struct text *to, uint32_t type, const struct text *text)
{
	put(to, 5, 4);
	put(to, text->size, 4);
	put(to, type, 4);
	text_put(to, "CORE\0\0\0", 8);
	text_put(to, text->data, text->size);
}

static void put_thread(struct text *to, const struct core_thread *thread)
{
	struct text status = { 0 };

	put_zeros(&status, STATUS_ID);
	put(&status, thread->id, 4);
	put_zeros(&status, STATUS_REGISTERS - STATUS_ID - 4);
	for (unsigned i = 0; i < GCR_REGISTERS; i++)
		put(&status,
		    i == GCR_RIP       ? thread->rip
		    : i == GCR_RSP     ? thread->rsp
		    : i == GCR_FS_BASE ? thread->fs_base
				       : 0,
		    8);
	put_zeros(&status, STATUS_SIZE - status.size);
	put_note(to, 1, &status);
	text_free(&status);
}

static struct text compose_notes(const struct core_parts *parts)
{
	struct text to = { 0 }, auxv = { 0 };

	for (size_t i = 0; i < parts->thread_count; i++)
		put_thread(&to, &parts->threads[i]);
	if (parts->program_headers != 0) {
		put(&auxv, 3, 8);
		put(&auxv, parts->program_headers, 8);
	}
	if (parts->entry != 0) {
		put(&auxv, 9, 8);
		put(&auxv, parts->entry, 8);
	}
	put_zeros(&auxv, 16);
	put_note(&to, 6, &auxv);
	text_free(&auxv);
	return to;
}

static void put_header(struct text *to, size_t segments)
{
	text_put(to, "\177ELF\2\1\1\0\0\0\0\0\0\0\0\0", 16);
	put(to, 4, 2);
	put(to, 62, 2);
	put(to, 1, 4);
	put(to, 0, 8);
	put(to, ELF_HEADER, 8);
	put(to, 0, 8);
	put(to, 0, 4);
	put(to, ELF_HEADER, 2);
	put(to, SEGMENT_HEADER, 2);
	put(to, segments, 2);
	put_zeros(to, 6);
}

static void put_segment(struct text *to, unsigned type,
			const struct core_piece *piece, size_t offset)
{
	put(to, type, 4);
	put(to, piece->flags, 4);
	put(to, offset, 8);
	put(to, piece->address, 8);
	put(to, 0, 8);
	put(to, piece->saved, 8);
	put(to, piece->size, 8);
	put(to, 1, 8);
}

struct text compose_core(const struct core_parts *parts)
{
	size_t offset = ELF_HEADER + (parts->piece_count + 1) * SEGMENT_HEADER;
	struct text to = { 0 }, notes = compose_notes(parts);

	put_header(&to, parts->piece_count + 1);
	put_segment(&to, 4, &(struct core_piece){ .saved = notes.size },
		    offset);
	offset += notes.size;
	for (size_t i = 0; i < parts->piece_count; i++) {
		put_segment(&to, 1, &parts->pieces[i], offset);
		offset += parts->pieces[i].saved;
	}
	text_put(&to, notes.data, notes.size);
	text_free(&notes);
	for (size_t i = 0; i < parts->piece_count; i++) {
		if (parts->pieces[i].bytes != NULL)
			text_put(&to, parts->pieces[i].bytes,
				 parts->pieces[i].saved);
		else
			put_zeros(&to, parts->pieces[i].saved);
	}
	return to;
}
