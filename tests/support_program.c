/* The composed program: see support_program.h. */

#include "support_program.h"

#include <string.h>

enum {
	SEGMENTS = 3,
	ELF_HEADER = 64,
	SEGMENT_HEADER = 56,
};

static void put(struct text *to, uint64_t value, unsigned size)
{
	char bytes[8];

	for (unsigned i = 0; i < size; i++)
		bytes[i] = (char)(value >> 8 * i & 0xff);
	text_put(to, bytes, size);
}

static void put_words(struct text *to, const uint64_t *values, size_t count,
		      unsigned size)
{
	for (size_t i = 0; i < count; i++)
		put(to, values[i], size);
}

static void pad_to(struct text *to, size_t size)
{
	while (to->size < size)
		put(to, 0, 1);
}

#define PUT(to, size, ...)                                                     \
	put_words((to), (const uint64_t[]){ __VA_ARGS__ },                     \
		  sizeof((const uint64_t[]){ __VA_ARGS__ }) / 8, (size))
#define PUT_TEXT(to, text) text_put((to), (text), sizeof(text))

// Text ------------------------------------------------------------------------

// The caller's code, and where that puts the callee and the end of the text.
struct place {
	struct gcr_span code;
	size_t callee, end;
};

size_t program_callee(size_t code_size)
{
	return (code_size / 0x40 + 1) * 0x40;
}

// The callee is one CALL and a RET at its end, with padding behind.
static struct text compose_code(const struct place *at)
{
	struct text code = { 0 };

	text_put(&code, at->code.data, at->code.size);
	while (code.size < at->callee)
		put(&code, 0xcc, 1);
	while (code.size < at->callee + 0x28)
		PUT(&code, 1, 0xe8, 0, 0, 0, 0, 0x90, 0x90, 0xc3);
	while (code.size < at->end)
		put(&code, 0xcc, 1);
	return code;
}

// The pc-line table -------------------------------------------------------------

enum {
	NAMES = 72,
	UNITS = 120,
	FILES = 124,
	VALUES = 144,
	FUNCTIONS = 208,
	// Offsets in VALUES.
	FRAME_SIZES = 1,
	FILE_NUMBERS = 8,
	LINES = 12,
	INLINE_INDEX = 20,
	CALLEE_SIZES = 28,
	CALLEE_FILES = 32,
	CALLEE_LINES = 36,
	// Offsets of names.
	CALLER = 1,
	CALLEE = 13,
	INLINED = 25,
	// FUNCDATA, from its base.
	TREE = 0,
	PROGRAM = 16,
	FUNCDATA = 0x400,
};

static void put_varint(struct text *to, size_t value)
{
	for (; value > 0x7f; value >>= 7)
		put(to, 0x80 | (value & 0x7f), 1);
	put(to, value, 1);
}

static void put_values(struct text *to, const struct place *at)
{
	pad_to(to, VALUES + FRAME_SIZES);
	PUT(to, 1, 0x02, 0x04, 0x20);
	put_varint(to, at->code.size - 4);
	put(to, 0, 1);
	pad_to(to, VALUES + FILE_NUMBERS);
	PUT(to, 1, 0x02, 0x30, 0x00);
	pad_to(to, VALUES + LINES);
	PUT(to, 1, 0x16, 0x10, 0x16, 0x10, 0x11, 0x10, 0x00);
	pad_to(to, VALUES + INLINE_INDEX);
	PUT(to, 1, 0x00, 0x10, 0x02, 0x10, 0x01, 0x10, 0x00);
	pad_to(to, VALUES + CALLEE_SIZES);
	PUT(to, 1, 0x12, 0x28, 0x00);
	pad_to(to, VALUES + CALLEE_FILES);
	PUT(to, 1, 0x02, 0x28, 0x00);
	pad_to(to, VALUES + CALLEE_LINES);
	PUT(to, 1, 0x3e, 0x28, 0x00);
}

static void put_functions(struct text *to, const struct place *at)
{
	uint64_t none = UINT32_MAX;

	pad_to(to, FUNCTIONS);
	PUT(to, 4, 0, 20, at->callee, 100, at->end);
	// entry, name, arguments, deferreturn, sequences, pcdata, unit, line
	PUT(to, 4, 0, CALLER, 0, 0, FRAME_SIZES, FILE_NUMBERS, LINES, 3, 0, 9);
	PUT(to, 1, 0, 0, 0, 4);
	PUT(to, 4, 0, 0, INLINE_INDEX, none, none, none, TREE);
	pad_to(to, FUNCTIONS + 100);
	PUT(to, 4, at->callee, CALLEE, 24, 0, CALLEE_SIZES, CALLEE_FILES,
	    CALLEE_LINES, 0, 0, 29);
	PUT(to, 1, 0, 0, 0, 6);
	PUT(to, 4, none, none, none, none, none, PROGRAM);
}

static struct text compose_rodata(const struct place *at)
{
	struct text to = { 0 };

	PUT(&to, 4, 0xfffffff1, 0x08010000);
	PUT(&to, 8, 2, 1, PROGRAM_TEXT, NAMES, UNITS, FILES, VALUES, FUNCTIONS);
	put(&to, 0, 1);
	PUT_TEXT(&to, "main.caller");
	PUT_TEXT(&to, "main.callee");
	PUT_TEXT(&to, "main.inlined");
	pad_to(&to, UNITS);
	put(&to, 0, 4);
	PUT_TEXT(&to, "/src/main.go");
	put_values(&to, at);
	put_functions(&to, at);
	pad_to(&to, FUNCDATA + TREE);
	PUT(&to, 4, 0, INLINED, 8, 20);
	pad_to(&to, FUNCDATA + PROGRAM);
	PUT(&to, 1, 0xfe, 0, 8, 8, 8, 0xfd, 16, 8, 0xff);
	pad_to(&to, 0x800);
	PUT_TEXT(&to, "hello");
	return to;
}

// Data ------------------------------------------------------------------------

static struct text compose_data(const struct place *at)
{
	static const char modules[] = "0123456789abcdef"
				      "path\tmain\n"
				      "mod\texample.com/m\tv1.2.3\th1:sum\n"
				      "dep\texample.com/d\tv0.1.0\n"
				      "=>\t../d\t(devel)\n"
				      "build\t-gcflags=\"all=-N -l\"\n"
				      "build\tGOARCH=amd64\n"
				      "fedcba9876543210";
	struct text to = { 0 };

	text_put(&to, "\xff Go buildinf:\x08\x02", 16);
	pad_to(&to, 32);
	put(&to, 8, 1);
	text_put(&to, "go1.22.6", 8);
	put(&to, 0x80 | ((sizeof(modules) - 1) & 0x7f), 1);
	put(&to, (sizeof(modules) - 1) >> 7, 1);
	text_put(&to, modules, sizeof(modules) - 1);
	// moduledata: the table; lowest pc, highest, text, its end; gofunc.
	pad_to(&to, 0x400);
	put(&to, PROGRAM_RODATA, 8);
	pad_to(&to, 0x400 + 8 * 20);
	PUT(&to, 8, PROGRAM_TEXT, PROGRAM_TEXT + at->end, PROGRAM_TEXT,
	    PROGRAM_TEXT + at->end);
	pad_to(&to, 0x400 + 8 * 40);
	put(&to, PROGRAM_RODATA + FUNCDATA, 8);
	pad_to(&to, 0x800);
	PUT(&to, 8, PROGRAM_HELLO, 5);
	return to;
}

// DWARF 4 -----------------------------------------------------------------------

static struct text compose_abbreviations(void)
{
	static const unsigned char bytes[] = {
		1,    0x11, 1, 0x13, 0x0b, 0x11, 0x01, 0x12, 0x01, 0x25, 0x08,
		0,    0,    2, 0x2e, 1,	   0x03, 0x08, 0x11, 0x01, 0x12, 0x01,
		0,    0,    3, 0x05, 0,	   0x03, 0x08, 0x4b, 0x0c, 0x49, 0x13,
		0,    0,    4, 0x13, 0,	   0x03, 0x08, 0x80, 0x52, 0x0b, 0x0b,
		0x0b, 0,    0, 5,    0x13, 1,	 0x03, 0x08, 0x80, 0x52, 0x0b,
		0x0b, 0x0b, 0, 0,    6,	   0x0d, 0,    0x03, 0x08, 0x38, 0x0b,
		0x49, 0x13, 0, 0,    0,
	};
	struct text to = { 0 };

	text_put(&to, (const char *)bytes, sizeof(bytes));
	return to;
}

static void put_type(struct text *to, const char *name, unsigned kind,
		     unsigned size)
{
	put(to, 4, 1);
	text_put(to, name, strlen(name) + 1);
	PUT(to, 1, kind, size);
}

static void put_parameter(struct text *to, const char *name, bool result,
			  unsigned type)
{
	put(to, 3, 1);
	text_put(to, name, strlen(name) + 1);
	put(to, result, 1);
	put(to, type, 4);
}

// The unit's size is filled in last. References count from its start.
static struct text compose_entries(const struct place *at)
{
	struct text to = { 0 };
	size_t string, number, pair, size;

	put(&to, 0, 4);
	put(&to, 4, 2);
	put(&to, 0, 4);
	put(&to, 8, 1);
	PUT(&to, 1, 1, 0x16);
	PUT(&to, 8, PROGRAM_TEXT, PROGRAM_TEXT + at->end);
	PUT_TEXT(&to, "Go cmd/compile go1.22.6");
	string = to.size;
	put_type(&to, "string", 24, 16);
	number = to.size;
	put_type(&to, "int", 2, 8);
	// A struct that holds itself, as no compiler makes it.
	pair = to.size;
	PUT(&to, 1, 5);
	PUT_TEXT(&to, "example.com/m.cyclic");
	PUT(&to, 1, 25, 32, 6);
	PUT_TEXT(&to, "inner");
	PUT(&to, 1, 0);
	put(&to, pair, 4);
	put(&to, 0, 1);
	put(&to, 2, 1);
	PUT_TEXT(&to, "main.caller");
	PUT(&to, 8, PROGRAM_TEXT, PROGRAM_TEXT + at->code.size);
	put_parameter(&to, "cyclic", false, (unsigned)pair);
	put(&to, 0, 1);
	put(&to, 2, 1);
	PUT_TEXT(&to, "main.callee");
	PUT(&to, 8, PROGRAM_TEXT + at->callee,
	    PROGRAM_TEXT + at->callee + 0x28);
	put_parameter(&to, "str", false, (unsigned)string);
	put_parameter(&to, "n", false, (unsigned)number);
	put_parameter(&to, "~r0", true, (unsigned)number);
	PUT(&to, 1, 0, 0);
	size = to.size - 4;
	for (unsigned i = 0; i < 4; i++)
		to.data[i] = (char)(size >> 8 * i & 0xff);
	return to;
}

// ELF ---------------------------------------------------------------------------

struct part {
	const char *name;
	struct text bytes;
	uint64_t address;
	unsigned type, flags; /* of its section */
	size_t offset;
};

static void put_segment(struct text *to, const struct part *part,
			unsigned flags)
{
	PUT(to, 4, 1, flags);
	PUT(to, 8, part->offset, part->address, part->address, part->bytes.size,
	    part->bytes.size, 4096);
}

static void put_section(struct text *to, const struct part *part, size_t name)
{
	PUT(to, 4, name, part->type);
	PUT(to, 8, part->flags, part->address, part->offset, part->bytes.size);
	PUT(to, 4, 0, 0);
	PUT(to, 8, 1, 0);
}

static void put_header(struct text *to, size_t sections, unsigned count)
{
	text_put(to, "\177ELF\2\1\1\0\0\0\0\0\0\0\0\0", 16);
	PUT(to, 2, 2, 62);
	put(to, 1, 4);
	PUT(to, 8, PROGRAM_TEXT, ELF_HEADER, sections);
	put(to, 0, 4);
	PUT(to, 2, ELF_HEADER, SEGMENT_HEADER, SEGMENTS, 64, count, count - 1);
}

struct text compose_program(void)
{
	// CALLs of the callee; nothing that compiler would make.
	static const char call[] = "\xe8\x3b\0\0\0\x90\x90\x90";
	char code[0x30];

	for (size_t i = 0; i < sizeof(code); i++)
		code[i] = call[i % 8];
	return compose_program_of((struct gcr_span){ code, sizeof(code) });
}

struct text compose_program_of(struct gcr_span code)
{
	struct place at = { code, program_callee(code.size), 0 };
	at.end = at.callee + 0x40;
	struct part parts[] = {
		{ "", { 0 }, 0, 0, 0, 0 },
		{ ".text", compose_code(&at), PROGRAM_TEXT, 1, 6, 0 },
		{ ".gopclntab", compose_rodata(&at), PROGRAM_RODATA, 1, 2, 0 },
		{ ".go.buildinfo", compose_data(&at), PROGRAM_DATA, 1, 3, 0 },
		{ ".debug_abbrev", compose_abbreviations(), 0, 1, 0, 0 },
		{ ".debug_info", compose_entries(&at), 0, 1, 0, 0 },
		{ ".shstrtab", { 0 }, 0, 3, 0, 0 },
	};
	enum {
		COUNT = sizeof(parts) / sizeof(parts[0])
	};
	size_t names[COUNT], sections = ELF_HEADER + SEGMENTS * SEGMENT_HEADER;
	struct text to = { 0 };

	for (size_t i = 0; i < COUNT; i++) {
		names[i] = parts[COUNT - 1].bytes.size;
		text_put(&parts[COUNT - 1].bytes, parts[i].name,
			 strlen(parts[i].name) + 1);
	}
	for (size_t i = 0; i < COUNT; i++) {
		parts[i].offset = sections;
		sections += parts[i].bytes.size;
	}
	put_header(&to, sections, COUNT);
	put_segment(&to, &parts[1], 5);
	put_segment(&to, &parts[2], 4);
	put_segment(&to, &parts[3], 6);
	for (size_t i = 0; i < COUNT; i++)
		text_put(&to, parts[i].bytes.data, parts[i].bytes.size);
	for (size_t i = 0; i < COUNT; i++) {
		put_section(&to, &parts[i], names[i]);
		text_free(&parts[i].bytes);
	}
	return to;
}
