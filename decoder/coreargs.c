/*
 * Arguments from a core: see coreargs.h.
 *
 *	program   ff end, fe {, fd }, fc ..., fb _, else offset and size
 *	liveness  the first offset it tells of, then bitmaps
 *
 * Go runtime/traceback.go printArgs; cmd/compile/internal/ssagen/ssa.go
 * EmitArgInfo, cmd/compile/internal/ssagen/arch.go.
 */

#include "coreargs.h"

#include "bytes.h"

enum {
	ARGS_END = 0xff,
	ARGS_OPEN = 0xfe,
	ARGS_CLOSE = 0xfd,
	ARGS_MORE = 0xfc,
	ARGS_GAP = 0xfb,
	NO_START = 0xff,
	MOST_FLAT = 10,
	LONGEST_STEP = 32, /* bytes that one step of a program prints */
};

/* A list while it is written. */
struct list {
	char *to;
	size_t used;
	bool start; /* of the whole or behind a brace: no comma */
};

size_t gcr_put_hex(char *to, uint64_t value)
{
	static const char digits[] = "0123456789abcdef";
	unsigned shift = 60;
	size_t used = 2;

	to[0] = '0';
	to[1] = 'x';
	while (shift > 0 && value >> shift == 0)
		shift -= 4;
	for (;; shift -= 4) {
		to[used++] = digits[value >> shift & 15];
		if (shift == 0)
			return used;
	}
}

static void put(struct list *list, const char *text)
{
	while (*text != '\0')
		list->to[list->used++] = *text++;
}

static void put_comma(struct list *list)
{
	if (!list->start)
		put(list, ", ");
}

static bool is_live(const struct gcr_core_pc *at, unsigned offset,
		    unsigned slot)
{
	uint64_t byte;

	if (at->live_index <= 0 || offset < (unsigned char)at->liveness.data[0])
		return true;
	byte = (uint64_t)(unsigned)at->live_index + slot / 8;
	return byte < at->liveness.size &&
	       (at->liveness.data[byte] >> slot % 8 & 1) != 0;
}

static void put_word(struct list *list, struct gcr_coremem *memory,
		     uint64_t address, unsigned size, bool *lost)
{
	uint64_t value;

	if (size >= 1 && size <= 8 &&
	    gcr_coremem_number(memory, address, size, &value)) {
		list->used += gcr_put_hex(list->to + list->used, value);
		return;
	}
	put(list, "_");
	*lost = true;
}

static size_t print_typed(const struct gcr_core_pc *at,
			  struct gcr_coremem *memory, uint64_t fp, char *to,
			  bool *lost)
{
	struct gcr_bytes program = gcr_bytes_at(at->program, 0);
	struct list list = { .to = to, .start = true };
	unsigned slot = 0, start = NO_START, offset, size;

	if (at->liveness.size > 0)
		start = (unsigned char)at->liveness.data[0];
	while (list.used + LONGEST_STEP < GCR_COREARGS_SIZE) {
		offset = gcr_bytes_u8(&program);
		if (offset == ARGS_END || program.short_read)
			break;
		if (offset == ARGS_CLOSE) {
			put(&list, "}");
			list.start = false;
			continue;
		}
		put_comma(&list);
		list.start = offset == ARGS_OPEN;
		if (offset == ARGS_OPEN) {
			put(&list, "{");
		} else if (offset == ARGS_MORE) {
			put(&list, "...");
		} else if (offset == ARGS_GAP) {
			put(&list, "_");
		} else {
			size = gcr_bytes_u8(&program);
			put_word(&list, memory, fp + offset, size, lost);
			if (!is_live(at, offset, slot))
				put(&list, "?");
			slot += offset >= start;
		}
	}
	return list.used;
}

// The words of parameters and results, ten of them. Those of a function whose
// size is not known are taken for more.
static size_t print_flat(const struct gcr_core_pc *at,
			 struct gcr_coremem *memory, uint64_t fp, char *to,
			 bool *lost)
{
	uint64_t count = at->arguments_size < 0
				 ? MOST_FLAT + 1
				 : (uint64_t)at->arguments_size / 8;
	struct list list = { .to = to, .start = true };

	for (uint64_t i = 0; i < count; i++) {
		put_comma(&list);
		list.start = false;
		if (i == MOST_FLAT) {
			put(&list, "...");
			break;
		}
		put_word(&list, memory, fp + 8 * i, 8, lost);
	}
	return list.used;
}

size_t gcr_coreargs_print(const struct gcr_core_pc *at,
			  struct gcr_coremem *memory, uint64_t fp, bool typed,
			  char *to, bool *lost)
{
	if (!typed)
		return print_flat(at, memory, fp, to, lost);
	if (at->program.size == 0)
		return 0;
	return print_typed(at, memory, fp, to, lost);
}
