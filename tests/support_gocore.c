/* The composed Go core: see support_gocore.h. */

#include "support_gocore.h"

#include <check.h>
#include <string.h>

enum {
	KIND_STRUCT = 25,
	NAMED = 4,
	DESCRIPTOR = 88, /* a struct's, with its padding */
	FIELD = 24,
	STACK_SIZE = 0x400,
	G_SIZE = 456,
	MODULE = 0x400, /* in the data segment */
	DATA_SIZE = 0x1000,
	ALLGS = 0xa00,	 /* in the data segment: what .bss would be */
	REASONS = 0xb00, /* what .data would be */
	RETURN_IN_CALLEE = PROGRAM_TEXT + 0x45,
	RETURN_IN_CALLER = PROGRAM_TEXT + 0x15,
	CREATED_AT = PROGRAM_TEXT + 0x25,
};

static void put(struct text *to, uint64_t value, unsigned size)
{
	char bytes[8];

	for (unsigned i = 0; i < size; i++)
		bytes[i] = (char)(value >> 8 * i & 0xff);
	text_put(to, bytes, size);
}

static void pad_to(struct text *to, size_t size)
{
	while (to->size < size)
		put(to, 0, 1);
}

static uint64_t here(const struct gocore *gocore)
{
	return GOCORE_HEAP + gocore->memory.size;
}

static void poke(struct text *text, size_t at, uint64_t value)
{
	ck_assert_uint_le(at + 8, text->size);
	for (unsigned i = 0; i < 8; i++)
		text->data[at + i] = (char)(value >> 8 * i & 0xff);
}

void gocore_poke(struct gocore *gocore, uint64_t address, uint64_t value)
{
	if (address >= GOCORE_HEAP)
		poke(&gocore->memory, (size_t)(address - GOCORE_HEAP), value);
	else
		poke(&gocore->data, (size_t)(address - PROGRAM_DATA), value);
}

// Types ---------------------------------------------------------------------

struct field_row {
	const char *name;
	unsigned offset;
};

struct type_row {
	const char *name;
	const struct field_row *fields;
	size_t field_count;
};

static const struct field_row g_fields[] = {
	{ "stack", 0 },
	{ "_panic", 32 },
	{ "m", 48 },
	{ "sched", GOCORE_G_SCHED },
	{ "syscallsp", 112 },
	{ "syscallpc", 120 },
	{ "atomicstatus", GOCORE_G_STATUS },
	{ "goid", GOCORE_G_GOID },
	{ "waitsince", 168 },
	{ "waitreason", GOCORE_G_REASON },
	{ "lockedm", 208 },
	{ "parentGoid", GOCORE_G_PARENT },
	{ "gopc", GOCORE_G_CREATOR },
	{ "startpc", 296 },
};
static const struct field_row gobuf_fields[] = {
	{ "sp", 0 },
	{ "pc", 8 },
	{ "g", 16 },
};
static const struct field_row m_fields[] = {
	{ "g0", 0 },	 { "procid", 72 }, { "gsignal", 80 },
	{ "curg", 192 }, { "id", 232 },
};

static const struct field_row map_fields[] = {
	{ "count", 0 },
	{ "oldbuckets", 24 },
};

static const struct type_row types[] = {
	{ "runtime.g", g_fields, sizeof(g_fields) / sizeof(g_fields[0]) },
	{ "runtime.gobuf", gobuf_fields,
	  sizeof(gobuf_fields) / sizeof(gobuf_fields[0]) },
	{ "runtime.m", m_fields, sizeof(m_fields) / sizeof(m_fields[0]) },
	{ "runtime.hmap", map_fields,
	  sizeof(map_fields) / sizeof(map_fields[0]) },
};

enum {
	TYPES = sizeof(types) / sizeof(types[0])
};

static uint64_t put_name(struct gocore *gocore, const char *name)
{
	uint64_t at = here(gocore);

	put(&gocore->memory, 0, 1);
	put(&gocore->memory, strlen(name), 1);
	text_put(&gocore->memory, name, strlen(name));
	return at;
}

static void put_type(struct gocore *gocore, const struct type_row *row,
		     uint64_t descriptor)
{
	uint64_t names[32] = { 0 }, start = gocore->at[GOCORE_TYPES], fields,
		 name;

	ck_assert_uint_le(row->field_count, 32);
	name = put_name(gocore, row->name);
	for (size_t i = 0; i < row->field_count; i++)
		names[i] = put_name(gocore, row->fields[i].name);
	pad_to(&gocore->memory, (gocore->memory.size + 7) & ~(size_t)7);
	fields = here(gocore);
	for (size_t i = 0; i < row->field_count; i++) {
		put(&gocore->memory, names[i], 8);
		// All of the type itself: nobody follows that here.
		put(&gocore->memory, descriptor, 8);
		put(&gocore->memory, row->fields[i].offset, 8);
	}
	gocore_poke(gocore, descriptor, G_SIZE);
	gocore_poke(gocore, descriptor + 16,
		    (uint64_t)NAMED << 32 | (uint64_t)KIND_STRUCT << 56);
	gocore_poke(gocore, descriptor + 40, name - start);
	gocore_poke(gocore, descriptor + 56, fields);
	gocore_poke(gocore, descriptor + 64, row->field_count);
	gocore_poke(gocore, descriptor + 72, row->field_count);
}

static void put_types(struct gocore *gocore)
{
	uint64_t start = here(gocore);

	gocore->at[GOCORE_TYPES] = start;
	pad_to(&gocore->memory, gocore->memory.size + TYPES * DESCRIPTOR);
	for (size_t i = 0; i < TYPES; i++)
		put_type(gocore, &types[i], start + i * DESCRIPTOR);
}

// Goroutines ----------------------------------------------------------------

struct g_row {
	uint64_t id, status, reason, pc, sp, low, creator, parent;
};

static uint64_t put_g(struct gocore *gocore, const struct g_row *row)
{
	uint64_t at = here(gocore);

	pad_to(&gocore->memory, gocore->memory.size + G_SIZE);
	gocore_poke(gocore, at + GOCORE_G_LOW, row->low);
	gocore_poke(gocore, at + GOCORE_G_HIGH, row->low + STACK_SIZE);
	gocore_poke(gocore, at + GOCORE_G_SCHED, row->sp);
	gocore_poke(gocore, at + GOCORE_G_SCHED + 8, row->pc);
	gocore_poke(gocore, at + GOCORE_G_SCHED + 16, at);
	gocore_poke(gocore, at + GOCORE_G_STATUS, row->status);
	gocore_poke(gocore, at + GOCORE_G_GOID, row->id);
	gocore_poke(gocore, at + GOCORE_G_REASON, row->reason);
	gocore_poke(gocore, at + GOCORE_G_PARENT, row->parent);
	gocore_poke(gocore, at + GOCORE_G_CREATOR, row->creator);
	return at;
}

static uint64_t put_stack(struct gocore *gocore)
{
	uint64_t at = here(gocore);

	pad_to(&gocore->memory, gocore->memory.size + STACK_SIZE);
	return at;
}

static void put_goroutines(struct gocore *gocore)
{
	uint64_t first = put_stack(gocore), second = put_stack(gocore);
	uint64_t sp = first + STACK_SIZE - 0x40, list;

	gocore->at[GOCORE_STACK] = first;
	// callee has 8 bytes of frame, caller 16, each a return address behind.
	gocore_poke(gocore, sp + 8, RETURN_IN_CALLER);
	gocore_poke(gocore, sp + 16, PROGRAM_HELLO);
	gocore_poke(gocore, sp + 24, 5);
	gocore_poke(gocore, sp + 32, 42);
	gocore->at[GOCORE_FIRST] =
		put_g(gocore, &(struct g_row){ .id = 1,
					       .status = 4,
					       .reason = 2,
					       .pc = RETURN_IN_CALLEE,
					       .sp = sp,
					       .low = first });
	gocore->at[GOCORE_SECOND] =
		put_g(gocore, &(struct g_row){ .id = 7,
					       .status = 1,
					       .pc = PROGRAM_TEXT,
					       .sp = second + 0x3f8,
					       .low = second,
					       .creator = CREATED_AT,
					       .parent = 1 });
	list = here(gocore);
	put(&gocore->memory, gocore->at[GOCORE_FIRST], 8);
	put(&gocore->memory, gocore->at[GOCORE_SECOND], 8);
	gocore->at[GOCORE_ALLGS] = PROGRAM_DATA + ALLGS;
	gocore_poke(gocore, PROGRAM_DATA + ALLGS, list);
	gocore_poke(gocore, PROGRAM_DATA + ALLGS + 8, 2);
	gocore_poke(gocore, PROGRAM_DATA + ALLGS + 16, 2);
}

// Data ----------------------------------------------------------------------

static void put_reasons(struct gocore *gocore)
{
	static const char *const reasons[] = { "GC assist marking",
					       "chan receive" };
	uint64_t at = PROGRAM_DATA + REASONS;

	for (size_t i = 0; i < 2; i++) {
		at += 16;
		gocore_poke(gocore, at, here(gocore));
		gocore_poke(gocore, at + 8, strlen(reasons[i]));
		text_put(&gocore->memory, reasons[i], strlen(reasons[i]));
	}
	pad_to(&gocore->memory, (gocore->memory.size + 7) & ~(size_t)7);
}

static void put_module(struct gocore *gocore, uint64_t types_end)
{
	uint64_t at = PROGRAM_DATA + MODULE;

	gocore->at[GOCORE_MODULE] = at;
	gocore_poke(gocore, at, PROGRAM_RODATA);
	gocore_poke(gocore, at + 8 * 22, PROGRAM_TEXT);
	gocore_poke(gocore, at + 8 * 23, PROGRAM_TEXT + 0x80);
	gocore_poke(gocore, at + 8 * 26, PROGRAM_DATA + REASONS);
	gocore_poke(gocore, at + 8 * 27, PROGRAM_DATA + DATA_SIZE);
	gocore_poke(gocore, at + 8 * 28, PROGRAM_DATA + ALLGS);
	gocore_poke(gocore, at + 8 * 29, PROGRAM_DATA + REASONS);
	gocore_poke(gocore, at + 8 * 37, gocore->at[GOCORE_TYPES]);
	gocore_poke(gocore, at + 8 * 38, types_end);
}

struct gocore compose_gocore(void)
{
	struct gocore gocore = { .program = compose_program() };
	uint64_t types_end;

	pad_to(&gocore.data, DATA_SIZE);
	put_types(&gocore);
	types_end = here(&gocore);
	put_goroutines(&gocore);
	put_reasons(&gocore);
	put_module(&gocore, types_end);
	return gocore;
}

void gocore_free(struct gocore *gocore)
{
	text_free(&gocore->program);
	text_free(&gocore->memory);
	text_free(&gocore->data);
}

struct text gocore_file(const struct gocore *gocore)
{
	static const struct core_thread thread = { 4711, 0x7000000000,
						   0x7100000000, 0 };
	const struct core_piece pieces[] = {
		{ PROGRAM_DATA, gocore->data.size, gocore->data.data,
		  gocore->data.size, 6 },
		{ GOCORE_HEAP, gocore->memory.size, gocore->memory.data,
		  gocore->memory.size, 6 },
	};

	return compose_core(&(struct core_parts){ .pieces = pieces,
						  .piece_count = 2,
						  .threads = &thread,
						  .thread_count = 1 });
}
