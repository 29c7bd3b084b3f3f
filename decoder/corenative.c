/*
 * C code in a core: see corenative.h. What a frame's table says is a small
 * program over registers and memory, of which C compilers use little.
 */

#include "corenative.h"

#include "arena.h"
#include "debugfile.h"
#include "error.h"
#include "span.h"

#include <string.h>

// Where the kernel keeps a register: in a thread's status, in a ucontext.
static const struct {
	enum gcr_register_place thread;
	unsigned context;
} places[GCR_NATIVE_REGISTERS] = {
	{ GCR_RAX, 144 }, { GCR_RDX, 136 }, { GCR_RCX, 152 }, { GCR_RBX, 128 },
	{ GCR_RSI, 112 }, { GCR_RDI, 104 }, { GCR_RBP, 120 }, { GCR_RSP, 160 },
	{ GCR_R8, 40 },	  { GCR_R9, 48 },   { GCR_R10, 56 },  { GCR_R11, 64 },
	{ GCR_R12, 72 },  { GCR_R13, 80 },  { GCR_R14, 88 },  { GCR_R15, 96 },
	{ GCR_RIP, 168 },
};

struct gcr_native_registers gcr_native_of_thread(const uint64_t *registers)
{
	struct gcr_native_registers ret;

	for (unsigned i = 0; i < GCR_NATIVE_REGISTERS; i++) {
		ret.value[i] = registers[places[i].thread];
		ret.known[i] = true;
	}
	return ret;
}

bool gcr_native_of_context(struct gcr_coremem *memory, uint64_t context,
			   struct gcr_native_registers *ret)
{
	struct gcr_native_registers registers;

	for (unsigned i = 0; i < GCR_NATIVE_REGISTERS; i++) {
		if (!gcr_coremem_word(memory, context + places[i].context,
				      &registers.value[i]))
			return false;
		registers.known[i] = true;
	}
	*ret = registers;
	return true;
}

#ifdef GCR_WITHOUT_ELFUTILS

int gcr_native_add(struct gcr_native *native, struct gcr_span bytes,
		   const struct gcr_core_library *where, struct gcr_error *err)
{
	(void)native, (void)bytes, (void)where;
	return gcr_fail(err, GCR_UNSUPPORTED,
			"this build reads no C code (no elfutils)");
}

void gcr_native_done(struct gcr_native *native)
{
	(void)native;
}

int gcr_native_unwind(struct gcr_native *native,
		      const struct gcr_native_registers *start,
		      struct gcr_native_frame **ret, size_t *ret_count,
		      struct gcr_error *err)
{
	(void)native, (void)start, (void)ret, (void)err;
	*ret_count = 0;
	return 0;
}

#else

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <gelf.h>

enum {
	MOST_FRAMES = 1000,
	DEEPEST = 32, /* words on the stack of a frame's program */
	MOST_UNITS = 100 * 1000,
	LANGUAGE_GO = 0x16,
	MOST_SYMBOLS = 1 << 22,
	LONGEST_NAME = 4096, /* of a function or a file */
};

struct gcr_native_file {
	struct gcr_native_file *next;
	Elf *elf;
	Elf *debug;   /* of debugfile.h */
	Dwarf *dwarf; /* NULL: none */
	Dwarf_CFI *frames;
	uint64_t bias, start, end;
};

// What it ran higher than it was linked, by where its first byte was mapped.
static uint64_t find_bias(Elf *elf, uint64_t first)
{
	GElf_Ehdr header;
	GElf_Phdr segment;
	size_t count = 0;

	if (gelf_getehdr(elf, &header) == NULL || header.e_type != ET_DYN ||
	    elf_getphdrnum(elf, &count) != 0)
		return 0;
	for (size_t i = 0; i < count; i++)
		if (gelf_getphdr(elf, (int)i, &segment) != NULL &&
		    segment.p_type == PT_LOAD)
			return first - (segment.p_vaddr - segment.p_offset);
	return 0;
}

// Libraries have their debug information elsewhere, if any. None is no failure.
static int open_lines(struct gcr_native *native, struct gcr_native_file *file,
		      struct gcr_error *err)
{
	size_t size;
	char *bytes;

	if (native->program == NULL ||
	    gcr_debugfile_make_lines(native->program, 0, native->arena, &bytes,
				     &size, err) != 0)
		return native->program != NULL && err->code == GCR_NOMEM ? -1
									 : 0;
	file->debug = elf_memory(bytes, size);
	if (file->debug != NULL)
		file->dwarf = dwarf_begin_elf(file->debug, DWARF_C_READ, NULL);
	return 0;
}

int gcr_native_add(struct gcr_native *native, struct gcr_span bytes,
		   const struct gcr_core_library *where, struct gcr_error *err)
{
	struct gcr_native_file *file;

	file = gcr_arena_alloc(native->arena, sizeof(*file), err);
	if (file == NULL)
		return -1;
	elf_version(EV_CURRENT);
	// libelf does not write to it here, though its prototype would let it.
	file->elf = elf_memory((char *)(uintptr_t)bytes.data, bytes.size);
	if (file->elf == NULL || elf_kind(file->elf) != ELF_K_ELF) {
		elf_end(file->elf);
		return gcr_fail(err, GCR_FORMAT, "not an ELF file");
	}
	if (where->program && open_lines(native, file, err) != 0) {
		elf_end(file->elf);
		return -1;
	}
	file->frames = dwarf_getcfi_elf(file->elf);
	file->bias = find_bias(file->elf, where->first);
	file->start = where->start;
	file->end = where->end;
	file->next = native->files;
	native->files = file;
	return 0;
}

void gcr_native_done(struct gcr_native *native)
{
	for (struct gcr_native_file *file = native->files; file != NULL;
	     file = file->next) {
		dwarf_cfi_end(file->frames);
		dwarf_end(file->dwarf);
		elf_end(file->debug);
		elf_end(file->elf);
	}
	native->files = NULL;
}

static struct gcr_native_file *find_file(const struct gcr_native *native,
					 uint64_t pc)
{
	struct gcr_native_file *file = native->files;

	while (file != NULL && (pc < file->start || pc >= file->end))
		file = file->next;
	return file;
}

/* A program of a frame's table while it runs. */
struct run {
	struct gcr_coremem *memory;
	const struct gcr_native_registers *registers;
	uint64_t cfa;
	uint64_t stack[DEEPEST];
	unsigned depth;
	bool is_value; /* the result is the value, not where it is */
	bool failed;
};

static void push(struct run *run, uint64_t value)
{
	if (run->depth == DEEPEST)
		run->failed = true;
	else
		run->stack[run->depth++] = value;
}

static uint64_t pop(struct run *run)
{
	if (run->depth == 0) {
		run->failed = true;
		return 0;
	}
	return run->stack[--run->depth];
}

static void push_register(struct run *run, uint64_t number, uint64_t offset)
{
	if (number >= GCR_NATIVE_REGISTERS || !run->registers->known[number])
		run->failed = true;
	else
		push(run, run->registers->value[number] + offset);
}

static void load(struct run *run)
{
	uint64_t value;

	if (gcr_coremem_word(run->memory, pop(run), &value))
		push(run, value);
	else
		run->failed = true;
}

// What PLT entries and signal frames use beside registers.
static void compute(struct run *run, unsigned atom)
{
	uint64_t right = pop(run), left = pop(run);

	switch (atom) {
	case DW_OP_plus:
		push(run, left + right);
		break;
	case DW_OP_minus:
		push(run, left - right);
		break;
	case DW_OP_and:
		push(run, left & right);
		break;
	case DW_OP_shl:
		push(run, right < 64 ? left << right : 0);
		break;
	case DW_OP_ge:
		push(run, (int64_t)left >= (int64_t)right);
		break;
	default:
		run->failed = true;
		break;
	}
}

static void step(struct run *run, const Dwarf_Op *op)
{
	unsigned atom = op->atom;

	if (atom >= DW_OP_breg0 && atom <= DW_OP_breg31)
		push_register(run, atom - DW_OP_breg0, op->number);
	else if (atom == DW_OP_bregx)
		push_register(run, op->number, op->number2);
	else if (atom >= DW_OP_reg0 && atom <= DW_OP_reg31) {
		push_register(run, atom - DW_OP_reg0, 0);
		run->is_value = true;
	} else if (atom >= DW_OP_lit0 && atom <= DW_OP_lit31)
		push(run, atom - DW_OP_lit0);
	else if (atom == DW_OP_call_frame_cfa)
		push(run, run->cfa);
	else if (atom == DW_OP_plus_uconst)
		push(run, pop(run) + op->number);
	else if (atom == DW_OP_deref)
		load(run);
	else if (atom == DW_OP_stack_value)
		run->is_value = true;
	else if (atom >= DW_OP_const1u && atom <= DW_OP_consts)
		push(run, op->number);
	else
		compute(run, atom);
}

static bool evaluate(struct run *run, const Dwarf_Op *ops, size_t count,
		     uint64_t *ret)
{
	for (size_t i = 0; i < count && !run->failed; i++)
		step(run, &ops[i]);
	if (run->failed || run->depth == 0)
		return false;
	*ret = run->stack[run->depth - 1];
	return true;
}

static void caller_register(struct gcr_native *native, Dwarf_Frame *frame,
			    const struct gcr_native_registers *now,
			    uint64_t cfa, int number,
			    struct gcr_native_registers *ret)
{
	struct run run = { .memory = native->memory,
			   .registers = now,
			   .cfa = cfa };
	Dwarf_Op three[3], *ops;
	size_t count;
	uint64_t value;

	ret->known[number] = false;
	if (dwarf_frame_register(frame, number, three, &ops, &count) != 0)
		return;
	// No program: unchanged, or when `ops` is the buffer, lost.
	if (count == 0) {
		ret->known[number] = ops == NULL && now->known[number];
		ret->value[number] = now->value[number];
		return;
	}
	if (!evaluate(&run, ops, count, &value))
		return;
	if (!run.is_value && !gcr_coremem_word(native->memory, value, &value))
		return;
	ret->value[number] = value;
	ret->known[number] = true;
}

// Without a table: compilers that keep a frame pointer put it before the return
// address.
static bool by_frame_pointer(struct gcr_native *native,
			     struct gcr_native_registers *registers)
{
	uint64_t at = registers->value[GCR_NATIVE_RBP], rbp, rip;

	if (!registers->known[GCR_NATIVE_RBP] ||
	    at < registers->value[GCR_NATIVE_RSP] ||
	    !gcr_coremem_word(native->memory, at, &rbp) ||
	    !gcr_coremem_word(native->memory, at + 8, &rip))
		return false;
	*registers = (struct gcr_native_registers){ 0 };
	registers->value[GCR_NATIVE_RBP] = rbp;
	registers->value[GCR_NATIVE_RSP] = at + 16;
	registers->value[GCR_NATIVE_RIP] = rip;
	registers->known[GCR_NATIVE_RBP] = registers->known[GCR_NATIVE_RSP] =
		registers->known[GCR_NATIVE_RIP] = true;
	return true;
}

static bool go_to_caller(struct gcr_native *native,
			 const struct gcr_native_file *file, uint64_t pc,
			 struct gcr_native_registers *registers)
{
	struct run run = { .memory = native->memory, .registers = registers };
	struct gcr_native_registers caller = { 0 };
	Dwarf_Frame *frame;
	Dwarf_Op *ops;
	size_t count;
	uint64_t cfa;

	if (file == NULL || file->frames == NULL ||
	    dwarf_cfi_addrframe(file->frames, pc - file->bias, &frame) != 0)
		return by_frame_pointer(native, registers);
	if (dwarf_frame_cfa(frame, &ops, &count) != 0 ||
	    !evaluate(&run, ops, count, &cfa) ||
	    cfa <= registers->value[GCR_NATIVE_RSP]) {
		gcr_foreign_free(frame);
		return false;
	}
	for (int i = 0; i < GCR_NATIVE_REGISTERS; i++)
		caller_register(native, frame, registers, cfa, i, &caller);
	gcr_foreign_free(frame);
	caller.value[GCR_NATIVE_RSP] = cfa;
	caller.known[GCR_NATIVE_RSP] = true;
	*registers = caller;
	return caller.known[GCR_NATIVE_RIP];
}

static bool symbol_in(Elf *elf, Elf_Scn *section, uint64_t address,
		      const char **ret)
{
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Shdr header;
	GElf_Sym symbol;

	if (data == NULL || gelf_getshdr(section, &header) == NULL)
		return false;
	for (int i = 0;
	     i < MOST_SYMBOLS && gelf_getsym(data, i, &symbol) != NULL; i++)
		if (GELF_ST_TYPE(symbol.st_info) == STT_FUNC &&
		    address >= symbol.st_value &&
		    address - symbol.st_value < symbol.st_size) {
			*ret = elf_strptr(elf, header.sh_link, symbol.st_name);
			return *ret != NULL;
		}
	return false;
}

static bool find_symbol(Elf *elf, uint64_t address, const char **ret)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;

	while ((section = elf_nextscn(elf, section)) != NULL)
		if (gelf_getshdr(section, &header) != NULL &&
		    (header.sh_type == SHT_SYMTAB ||
		     header.sh_type == SHT_DYNSYM) &&
		    symbol_in(elf, section, address, ret))
			return true;
	return false;
}

// Units of Go have no part in it; and there is no index that could be trusted.
static Dwarf_Line *find_line(Dwarf *dwarf, uint64_t address)
{
	Dwarf_Off at = 0, next;
	size_t size;

	for (unsigned i = 0; i < MOST_UNITS; i++, at = next) {
		Dwarf_Die unit;

		if (dwarf_nextcu(dwarf, at, &next, &size, NULL, NULL, NULL) !=
		    0)
			return NULL;
		if (dwarf_offdie(dwarf, at + size, &unit) != NULL &&
		    dwarf_srclang(&unit) != LANGUAGE_GO &&
		    dwarf_haspc(&unit, address) > 0)
			return dwarf_getsrc_die(&unit, address);
	}
	return NULL;
}

static int copy(struct gcr_arena *arena, const char *text, struct gcr_span *ret,
		struct gcr_error *err)
{
	if (text == NULL)
		return 0;
	return gcr_arena_copy(arena,
			      gcr_span_head(gcr_span_of(text), LONGEST_NAME),
			      ret, err);
}

static int name_frame(const struct gcr_native_file *file, uint64_t pc,
		      struct gcr_arena *arena, struct gcr_native_frame *frame,
		      struct gcr_error *err)
{
	const char *name = NULL;
	Dwarf_Line *line = NULL;
	int number = 0;

	if (file == NULL)
		return 0;
	if (find_symbol(file->elf, pc - file->bias, &name) &&
	    copy(arena, name, &frame->function, err) != 0)
		return -1;
	if (file->dwarf != NULL)
		line = find_line(file->dwarf, pc - file->bias);
	if (line == NULL || dwarf_lineno(line, &number) != 0 || number <= 0)
		return 0;
	frame->line = (unsigned)number;
	return copy(arena, dwarf_linesrc(line, NULL, NULL), &frame->file, err);
}

// Threads stand in the same few functions: each is looked up once.
static int find_name(struct gcr_native *native,
		     const struct gcr_native_file *file, uint64_t at,
		     struct gcr_native_frame *frame, struct gcr_error *err)
{
	struct gcr_native_frame *slot =
		&native->named[(at ^ at >> 10) % GCR_NATIVE_NAMED];
	uint64_t pc = frame->pc;

	if (slot->pc != at) {
		slot->pc = 0;
		if (name_frame(file, at, native->arena, frame, err) != 0)
			return -1;
		*slot = *frame;
		slot->pc = at;
	}
	*frame = *slot;
	frame->pc = pc;
	return 0;
}

int gcr_native_unwind(struct gcr_native *native,
		      const struct gcr_native_registers *start,
		      struct gcr_native_frame **ret, size_t *ret_count,
		      struct gcr_error *err)
{
	struct gcr_native_registers registers = *start;
	size_t count = 0;

	while (count < MOST_FRAMES) {
		uint64_t pc = registers.value[GCR_NATIVE_RIP], at = pc;
		struct gcr_native_frame frame = { .pc = pc };
		struct gcr_native_file *file;

		if (pc == 0 || (pc >= native->go_start && pc < native->go_end))
			break;
		// Behind the first, a pc is that of a return.
		at -= count > 0;
		file = find_file(native, at);
		if (find_name(native, file, at, &frame, err) != 0 ||
		    gcr_arena_grow(native->arena, &native->frames, count,
				   &native->room, sizeof(frame), err) != 0)
			return -1;
		native->frames[count++] = frame;
		if (!go_to_caller(native, file, at, &registers))
			break;
	}
	*ret = native->frames;
	*ret_count = count;
	return 0;
}

#endif
