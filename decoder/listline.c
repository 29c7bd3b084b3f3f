/*
 * Lines of a listing, as Go cmd/internal/obj/objfile.go writeSymDebugNamed
 * writes them:
 *
 *	# example.com/app
 *	main.main STEXT size=89 args=0x0 locals=0x78 funcid=0x0 align=0x0
 *		0x0000 00000 (/src/app/x.go:4)	TEXT	main.main(SB), $120-0
 *		0x0047 00071 (/src/app/x.go:5)	CALL	main.example(SB)
 *		0x0000 49 3b 66 10 76 4c 55 48 89 e5 48 83 ec 70 44 0f  I;f.vLUH
 *		rel 72+4 t=R_CALL main.example+0
 *	go:string."hello" SRODATA dupok size=5
 *
 * To go1.18 a package's own names begin with `"".`; with `-S -S` an ABI stands
 * behind the name (`main.main<1>`), and lines are those of the physical
 * function. A `//line` directive gives `(foo.y:78[/src/app/x.go:7])`.
 */

#include "listline.h"

#include "span.h"

// Sizes that do not fit are those the compiler does not know: -1, -2^31.
enum {
	LARGEST_SIZE = 0x7fffffff,
	SHORTEST_DECIMAL = 5
};

static const struct {
	struct gcr_span mnemonic;
	unsigned flags;
	const char *target;
} mnemonics[] = {
	// clang-format off
	{ GCR_LITERAL("CALL"),     GCR_ROW_CALL,   NULL },
	{ GCR_LITERAL("DUFFZERO"), GCR_ROW_CALL,   "runtime.duffzero" },
	{ GCR_LITERAL("DUFFCOPY"), GCR_ROW_CALL,   "runtime.duffcopy" },
	{ GCR_LITERAL("PCDATA"),   GCR_ROW_PSEUDO, NULL },
	{ GCR_LITERAL("FUNCDATA"), GCR_ROW_PSEUDO, NULL },
	{ GCR_LITERAL("TEXT"),     GCR_ROW_PSEUDO, NULL },
	// clang-format on
};

static struct gcr_span skip_blanks(struct gcr_span span)
{
	size_t i = 0;

	while (i < span.size && gcr_is_space(span.data[i]))
		i++;
	return gcr_span_tail(span, i);
}

// What stands before the next blank; `*rest` begins behind the blanks.
static struct gcr_span word(struct gcr_span *rest)
{
	struct gcr_span all = *rest;
	size_t i = 0;

	while (i < all.size && !gcr_is_space(all.data[i]))
		i++;
	*rest = skip_blanks(gcr_span_tail(all, i));
	return gcr_span_head(all, i);
}

/*
 * `main.example(SB)`, `"".example<ABIInternal>(SB)`, `runtime.f+16(SB)`; not
 * `AX` or `24(CX)`.
 */
static struct gcr_span called(struct gcr_span operands)
{
	struct gcr_span none = { 0 }, name = operands;

	if (!gcr_span_ends(name, "(SB)"))
		return none;
	name.size -= strlen("(SB)");
	if (name.size > 0 && name.data[name.size - 1] == '>') {
		ptrdiff_t open = gcr_span_find_last(name, '<');
		if (open != GCR_NOWHERE)
			name.size = (size_t)open;
	}
	return name.size > 0 ? name : none;
}

static void know_mnemonic(struct gcr_row *row)
{
	for (size_t i = 0; i < sizeof(mnemonics) / sizeof(mnemonics[0]); i++) {
		if (!gcr_span_equal(row->mnemonic, mnemonics[i].mnemonic))
			continue;
		row->flags |= mnemonics[i].flags;
		if (mnemonics[i].target != NULL)
			row->target = gcr_span_of(mnemonics[i].target);
		else if ((row->flags & GCR_ROW_CALL) != 0)
			row->target = called(row->operands);
	}
}

// `x.go:4`, `foo.y:78[/src/x.go:7]`, `<unknown line number>`.
static bool read_location(struct gcr_span text, struct gcr_row *row)
{
	uint64_t line;
	ptrdiff_t at;

	if (gcr_span_is(text, "<unknown line number>"))
		return true;
	if (text.size > 0 && text.data[text.size - 1] == ']') {
		at = gcr_span_find_last(text, '[');
		if (at > 0)
			text.size = (size_t)at;
	}
	at = gcr_span_find_last(text, ':');
	if (at <= 0)
		return false;
	struct gcr_span digits = gcr_span_tail(text, (size_t)at + 1);
	if (gcr_span_decimal(&digits, &line) != GCR_NUMBER_OK ||
	    digits.size > 0 || line > LARGEST_SIZE)
		return false;
	row->file = gcr_span_head(text, (size_t)at);
	row->line = (unsigned)line;
	return true;
}

/*
 * From behind the `(`. A file's name may hold a `)`: the one that closes has a
 * location before it and a blank behind it.
 */
static bool read_place(struct gcr_span *rest, struct gcr_row *row)
{
	enum {
		MOST_TRIES = 16
	};
	size_t from = 0;

	for (int i = 0; i < MOST_TRIES; i++) {
		struct gcr_span more = gcr_span_tail(*rest, from);
		ptrdiff_t close = gcr_span_find(more, ')');

		if (close == GCR_NOWHERE)
			break;
		from += (size_t)close + 1;
		if (from < rest->size && !gcr_is_space(rest->data[from]))
			continue;
		if (!read_location(gcr_span_head(*rest, from - 1), row))
			continue;
		*rest = skip_blanks(gcr_span_tail(*rest, from));
		return true;
	}
	return false;
}

static void fail(struct gcr_listline *ret, const char *why)
{
	ret->kind = GCR_LISTLINE_BAD;
	ret->why = why;
}

// From `0x0007 00007 (x.go:4)	MOVQ …` on; false when it is no row at all.
static bool read_row(struct gcr_span text, struct gcr_listline *ret)
{
	struct gcr_span rest = text;
	uint64_t offset, decimal;
	enum gcr_number hex = gcr_span_hex(&rest, &offset);
	size_t before;

	if (hex == GCR_NUMBER_NONE || !gcr_span_skip_char(&rest, ' '))
		return false;
	before = rest.size;
	enum gcr_number number = gcr_span_decimal(&rest, &decimal);
	if (before - rest.size < SHORTEST_DECIMAL ||
	    !gcr_span_skip(&rest, " ("))
		return false;
	ret->kind = GCR_LISTLINE_ROW;
	ret->row = (struct gcr_row){ .offset = offset, .text = text };
	if (hex == GCR_NUMBER_OVERFLOW || number == GCR_NUMBER_OVERFLOW ||
	    offset > LARGEST_SIZE)
		fail(ret, "an offset that no function can have");
	else if (offset != decimal)
		fail(ret, "the hexadecimal and the decimal offset differ");
	else if (!read_place(&rest, &ret->row))
		fail(ret, "no (file:line) behind the offsets");
	else if (rest.size == 0)
		fail(ret, "no instruction behind the place");
	if (ret->kind == GCR_LISTLINE_BAD)
		return true;
	ret->row.mnemonic = word(&rest);
	ret->row.operands = rest;
	know_mnemonic(&ret->row);
	return true;
}

// Where the row begins in a line: at `0x`, behind what blanks there are.
static bool find_row(struct gcr_span line, size_t *prefix, size_t *start)
{
	size_t at = 0;
	ptrdiff_t tab;

	while (at < line.size && gcr_is_space(line.data[at]))
		at++;
	*prefix = 0;
	*start = at;
	if (at > 0)
		return true;
	tab = gcr_span_find_text(line, "\t0x");
	if (tab == GCR_NOWHERE)
		return false;
	*prefix = (size_t)tab;
	*start = (size_t)tab + 1;
	return true;
}

static bool is_kind(struct gcr_span text)
{
	for (size_t i = 0; i < text.size; i++) {
		char c = text.data[i];
		if (!(c >= 'A' && c <= 'Z') && !gcr_is_digit(c) && c != '_')
			return false;
	}
	return text.size > 1 && text.data[0] == 'S';
}

static bool is_flag(struct gcr_span text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] < 'a' || text.data[i] > 'z')
			return false;
	return text.size > 0;
}

// ` args=0x10 locals=0x28 funcid=0x0 align=0x0 leaf`
static void read_frame(struct gcr_span rest, struct gcr_routine *code)
{
	uint64_t arguments, locals;

	rest = skip_blanks(rest);
	if (!gcr_span_skip(&rest, "args=") ||
	    gcr_span_hex(&rest, &arguments) != GCR_NUMBER_OK)
		return;
	rest = skip_blanks(rest);
	if (!gcr_span_skip(&rest, "locals=") ||
	    gcr_span_hex(&rest, &locals) != GCR_NUMBER_OK ||
	    arguments > LARGEST_SIZE || locals > LARGEST_SIZE)
		return;
	code->arguments = arguments;
	code->locals = locals;
	code->flags |= GCR_ROUTINE_FRAME;
}

// `main.main<1>`, `main.main<1><idx 3 4>`
static void take_off_abi(struct gcr_listline *ret)
{
	struct gcr_span *name = &ret->name;

	while (name->size > 2 && name->data[name->size - 1] == '>') {
		ptrdiff_t open = gcr_span_find_last(*name, '<');
		struct gcr_span inside;

		if (open <= 0)
			return;
		inside = gcr_span_tail(*name, (size_t)open + 1);
		if (!gcr_is_digit(inside.data[0]) &&
		    !gcr_span_starts(inside, "idx "))
			return;
		name->size = (size_t)open;
		ret->code.flags |= GCR_ROUTINE_OUTERMOST;
	}
}

/*
 * `NAME KIND FLAG... size=N …`. A name may hold anything, blanks and ` size=`
 * included, so it is read from its end.
 */
static bool read_symbol(struct gcr_span line, size_t equals,
			struct gcr_listline *ret)
{
	struct gcr_span head = gcr_span_head(line, equals - strlen(" size"));
	struct gcr_span rest = gcr_span_tail(line, equals + 1);
	uint64_t size;

	if (gcr_span_decimal(&rest, &size) != GCR_NUMBER_OK ||
	    (rest.size > 0 && rest.data[0] != ' '))
		return false;
	for (;;) {
		ptrdiff_t blank = gcr_span_find_last(head, ' ');
		struct gcr_span last = gcr_span_tail(head, (size_t)(blank + 1));

		if (blank <= 0)
			return false;
		head.size = (size_t)blank;
		if (is_flag(last))
			continue;
		if (!is_kind(last))
			return false;
		ret->name = head;
		ret->kind = gcr_span_starts(last, "STEXT")
				    ? GCR_LISTLINE_FUNCTION
				    : GCR_LISTLINE_DATA;
		break;
	}
	if (size <= LARGEST_SIZE)
		ret->code.flags |= GCR_ROUTINE_SIZE;
	ret->code.size = size <= LARGEST_SIZE ? size : 0;
	read_frame(rest, &ret->code);
	take_off_abi(ret);
	return true;
}

static bool read_header(struct gcr_span line, struct gcr_listline *ret)
{
	struct gcr_span rest = line;
	ptrdiff_t at;

	if (gcr_span_skip(&rest, "# ")) {
		ret->kind = GCR_LISTLINE_PACKAGE;
		ret->name = word(&rest);
		return true;
	}
	for (rest = line;; rest.size = (size_t)at) {
		at = gcr_span_find_last(rest, '=');
		if (at == GCR_NOWHERE)
			return false;
		if (gcr_span_ends(gcr_span_head(rest, (size_t)at), " size"))
			return read_symbol(line, (size_t)at, ret);
	}
}

void gcr_listline_read(struct gcr_span line, struct gcr_listline *ret)
{
	struct gcr_span text;
	size_t start;

	*ret = (struct gcr_listline){ .kind = GCR_LISTLINE_OTHER };
	if (!find_row(line, &ret->prefix, &start)) {
		read_header(line, ret);
		return;
	}
	text = gcr_span_tail(line, start);
	if (read_row(text, ret))
		return;
	if (ret->prefix > 0 && read_header(line, ret)) {
		ret->prefix = 0;
		return;
	}
	if (gcr_span_starts(text, "0x") || gcr_span_starts(text, "rel "))
		ret->kind = GCR_LISTLINE_BYTES;
}
