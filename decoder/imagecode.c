/*
 * A binary as a source of rows: functions from the pclntab, instructions from
 * the machine code, their lines and inlined calls from the pc-line tables. What
 * a CALL goes to is the function at its target.
 */

#include "imagecode.h"

#include "arena.h"
#include "disasm.h"
#include "goasm.h"
#include "image.h"
#include "listname.h"
#include "span.h"

#include <string.h>

enum {
	MOST_BARE = 1000
};

static struct gcr_routine routine_of(const struct gcr_image *image,
				     const struct gcr_image_function *function)
{
	struct gcr_routine routine = {
		.name = function->symbol,
		.file = function->file,
		.line = function->start_line,
		.flags = GCR_ROUTINE_ENTRY,
		.entry = function->entry,
		.index = function->index,
	};
	struct gcr_span code;

	if (gcr_image_code(image, function, &code)) {
		routine.size = code.size;
		routine.flags |= GCR_ROUTINE_SIZE;
	}
	if ((function->flags & GCR_FUNCTION_WRAPPER) != 0)
		routine.flags |= GCR_ROUTINE_GENERATED;
	if (routine.line == 0)
		gcr_image_line_at(image, function->entry, &routine.file,
				  &routine.line);
	return routine;
}

/* Functions being found. */
struct found {
	struct gcr_routine *items;
	size_t count, capacity;
};

static int keep(struct found *found, const struct gcr_image *image,
		const struct gcr_image_function *function,
		struct gcr_arena *arena, struct gcr_error *err)
{
	if (gcr_arena_grow(arena, &found->items, found->count, &found->capacity,
			   sizeof(*found->items), err) != 0)
		return -1;
	found->items[found->count++] = routine_of(image, function);
	return 0;
}

// `example` for `main.example`: every name has to be looked at.
static int find_bare(const struct gcr_image *image, struct gcr_span name,
		     struct gcr_arena *arena, struct found *found,
		     struct gcr_error *err)
{
	const struct gcr_listname_package none = { 0 };
	size_t count = gcr_image_function_count(image);

	for (size_t i = 0; i < count && found->count < MOST_BARE; i++) {
		struct gcr_image_function function;

		if (gcr_image_function(image, i, &function) &&
		    gcr_listname_fit(function.symbol, &none, name) ==
			    GCR_FIT_BARE &&
		    keep(found, image, &function, arena, err) != 0)
			return -1;
	}
	return 0;
}

static int find(void *from, struct gcr_span name, struct gcr_arena *arena,
		struct gcr_routine **ret, size_t *ret_count,
		struct gcr_error *err)
{
	struct gcr_image *image = from;
	struct gcr_image_function function;
	struct found found = { 0 };
	size_t after = 0;

	while (gcr_image_function_named(image, name, &after, &function))
		if (keep(&found, image, &function, arena, err) != 0)
			return -1;
	if (found.count == 0 && find_bare(image, name, arena, &found, err) != 0)
		return -1;
	*ret = found.items;
	*ret_count = found.count;
	return 0;
}

static struct gcr_span copy_text(struct gcr_arena *arena, const char *text,
				 struct gcr_error *err)
{
	struct gcr_span copy = { 0 };

	if (gcr_arena_copy(arena, gcr_span_of(text), &copy, err) != 0)
		copy.data = NULL;
	return copy;
}

static int put_text(const struct gcr_image *image,
		    const struct gcr_instruction *instruction,
		    struct gcr_arena *arena, struct gcr_row *row,
		    struct gcr_error *err)
{
	char text[GCR_GOASM_SIZE];
	struct gcr_span rest;

	if (gcr_image_info(image)->target.arch == GCR_AMD64) {
		gcr_goasm_print(instruction, text, sizeof(text));
		row->text = copy_text(arena, text, err);
	} else if (gcr_arena_print(arena, &row->text, err, "%s %s",
				   instruction->mnemonic,
				   instruction->text) != 0) {
		return -1;
	}
	if (row->text.data == NULL)
		return -1;
	rest = gcr_span_trim(row->text);
	row->mnemonic = gcr_span_until(&rest, ' ');
	row->operands = gcr_span_trim(rest);
	return 0;
}

// A jump inside of the function, as a listing has it: to which offset.
static int put_jump(const struct gcr_instruction *instruction,
		    const struct gcr_routine *code, struct gcr_arena *arena,
		    struct gcr_row *row, struct gcr_error *err)
{
	uint64_t to = instruction->target - code->entry;

	if ((instruction->op != GCR_OP_JUMP &&
	     instruction->op != GCR_OP_BRANCH) ||
	    !instruction->direct || to >= code->size)
		return 0;
	return gcr_arena_print(arena, &row->operands, err, "%llu",
			       (unsigned long long)to);
}

static void put_target(const struct gcr_image *image,
		       const struct gcr_instruction *instruction,
		       struct gcr_row *row)
{
	struct gcr_image_function function;

	if (instruction->op != GCR_OP_CALL)
		return;
	row->flags |= GCR_ROW_CALL;
	if (!instruction->direct ||
	    !gcr_image_function_at(image, instruction->target, &function))
		return;
	row->target = row->operands = function.symbol;
}

static int put_row(const struct gcr_image *image,
		   const struct gcr_instruction *instruction,
		   const struct gcr_routine *code, struct gcr_arena *arena,
		   struct gcr_row *row, struct gcr_error *err)
{
	struct gcr_image_lines lines;
	struct gcr_error none;

	*row = (struct gcr_row){
		.offset = instruction->address - code->entry,
		.size = instruction->size,
	};
	if (put_text(image, instruction, arena, row, err) != 0 ||
	    put_jump(instruction, code, arena, row, err) != 0)
		return -1;
	put_target(image, instruction, row);
	if (gcr_image_lines_at(image, instruction->address, arena, &lines,
			       &none) == 0 &&
	    lines.count > 0) {
		row->file = lines.items[0].file;
		row->line = lines.items[0].line;
	}
	return 0;
}

static int disassemble(const struct gcr_image *image, struct gcr_disasm *disasm,
		       struct gcr_span bytes, struct gcr_routine *code,
		       struct gcr_arena *arena, struct gcr_error *err)
{
	struct gcr_instruction instruction;
	uint64_t address = code->entry;
	size_t capacity = 0;

	while (gcr_disasm_next(disasm, &bytes, &address, &instruction)) {
		if (gcr_arena_grow(arena, &code->rows, code->row_count,
				   &capacity, sizeof(*code->rows), err) != 0 ||
		    put_row(image, &instruction, code, arena,
			    &code->rows[code->row_count], err) != 0)
			return -1;
		code->row_count++;
	}
	return 0;
}

static int read_rows(void *from, struct gcr_routine *code,
		     struct gcr_arena *arena, struct gcr_error *err)
{
	const struct gcr_image *image = from;
	struct gcr_image_function function;
	struct gcr_disasm disasm;
	struct gcr_span bytes;
	int result;

	code->rows = NULL;
	code->row_count = 0;
	if (!gcr_image_function(image, code->index, &function) ||
	    !gcr_image_code(image, &function, &bytes))
		return 0;
	if (gcr_disasm_init(&disasm, gcr_image_info(image)->target.arch, err) !=
	    0)
		return -1;
	result = disassemble(image, &disasm, bytes, code, arena, err);
	gcr_disasm_done(&disasm);
	return result;
}

static int chain(void *from, const struct gcr_routine *code, uint64_t offset,
		 struct gcr_arena *arena, struct gcr_inlining *ret,
		 struct gcr_error *err)
{
	struct gcr_image_lines lines;
	unsigned go = gcr_image_info(from)->target.go_min;

	if (gcr_image_lines_at(from, code->entry + offset, arena, &lines,
			       err) != 0) {
		*ret = (struct gcr_inlining){ 0 };
		return err->code == GCR_NOT_FOUND ? 0 : -1;
	}
	ret->items =
		gcr_arena_array(arena, lines.count, sizeof(*ret->items), err);
	if (ret->items == NULL)
		return -1;
	ret->count = lines.count;
	for (size_t i = 0; i < lines.count; i++) {
		const struct gcr_image_line *line = &lines.items[i];

		ret->items[i] = (struct gcr_inlined){ .file = line->file,
						      .line = line->line };
		if (gcr_symbol_print(line->symbol, go, arena,
				     &ret->items[i].function, err) != 0)
			return -1;
	}
	return 0;
}

// All of a program is in it.
static bool covers(void *from, struct gcr_span name)
{
	(void)from;
	(void)name;
	return true;
}

struct gcr_code_source gcr_image_source(struct gcr_image *image)
{
	return (struct gcr_code_source){
		.from = image,
		.what = "binary",
		.find = find,
		.read = read_rows,
		.chain = chain,
		.covers = covers,
	};
}
