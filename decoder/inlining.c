/*
 * From a pc to source lines and inlined calls, and what else the pc-line table
 * has by pc. See image.h.
 *
 * To go1.19 a call in the inline tree names its parent and its own place; since
 * go1.20 it has only an instruction of the parent's, where the parent's place
 * and number are looked up again.
 * Go runtime/symtabinl.go, before runtime/symtab.go (*Frames).Next.
 */

#include "image.h"

#include "arena.h"
#include "bytes.h"
#include "error.h"
#include "imagefile.h"

enum {
	DEEPEST = 1000,		/* calls inlined into one another */
	ARGUMENT_PROGRAM = 171, /* Go internal/abi TraceArgsMaxLen */
	ARGUMENT_END = 0xff,
};

static void place_of(const struct gcr_image *image,
		     const struct gcr_pclntab_function *function, uint64_t pc,
		     struct gcr_span *file, unsigned *line)
{
	int32_t value;

	*file = (struct gcr_span){ 0 };
	*line = 0;
	if (gcr_pclntab_value(&image->table, function->file_numbers,
			      function->entry, pc, &value))
		gcr_pclntab_file(&image->table, function->unit, value, file);
	if (gcr_pclntab_value(&image->table, function->lines, function->entry,
			      pc, &value) &&
	    value > 0)
		*line = (unsigned)value;
}

// FUNCDATA as bytes: from its address to the end of its segment.
static bool read_funcdata(const struct gcr_image *image,
			  const struct gcr_pclntab_function *function,
			  enum gcr_funcdata which, struct gcr_span *ret)
{
	uint64_t address;

	if (image->table.layout >= GCR_PCLNTAB_1_18 && image->funcdata == 0)
		return false;
	return gcr_pclntab_funcdata(&image->table, function, which,
				    image->funcdata, &address) &&
	       gcr_memory_read(&image->memory, address, UINT64_MAX, ret) !=
		       GCR_MEMORY_NONE &&
	       ret->data != NULL;
}

/* A chain while it is made. */
struct chain {
	const struct gcr_image *image;
	const struct gcr_pclntab_function *function;
	struct gcr_span tree; /* data NULL: none */
	struct gcr_arena *arena;
	struct gcr_error *err;
	struct gcr_image_lines lines;
	size_t capacity;
};

static int add_line(struct chain *chain, struct gcr_image_line line)
{
	struct gcr_image_lines *lines = &chain->lines;

	line.flags |= gcr_image_flags(chain->image, line.symbol, line.func_id);
	if (gcr_arena_grow(chain->arena, &lines->items, lines->count,
			   &chain->capacity, sizeof(line), chain->err) != 0)
		return -1;
	lines->items[lines->count++] = line;
	return 0;
}

/* Where the innermost frame not yet in the chain is. */
struct at {
	int32_t index; /* in the tree; negative: the physical function */
	struct gcr_span file;
	unsigned line;
};

static void go_to_parent(const struct chain *chain,
			 const struct gcr_pclntab_call *call, struct at *at)
{
	const struct gcr_pclntab_function *function = chain->function;
	uint64_t pc = function->entry + call->parent_offset;

	if (chain->image->table.layout == GCR_PCLNTAB_1_20) {
		at->index = gcr_pclntab_pcdata(&chain->image->table, function,
					       GCR_PCDATA_INLINE_TREE, pc);
		place_of(chain->image, function, pc, &at->file, &at->line);
		return;
	}
	at->index = call->parent;
	at->file = (struct gcr_span){ 0 };
	gcr_pclntab_file(&chain->image->table, function->unit, call->file,
			 &at->file);
	at->line = call->line > 0 ? (unsigned)call->line : 0;
}

// Adds the inlined frames; stops where the tree cannot be right.
static int add_inlined(struct chain *chain, struct at *at)
{
	struct gcr_pclntab_call call;

	for (unsigned depth = 0; at->index >= 0 && depth < DEEPEST; depth++) {
		if (!gcr_pclntab_inlined(&chain->image->table, chain->tree,
					 at->index, &call))
			return 0;
		if (add_line(chain,
			     (struct gcr_image_line){
				     .symbol = call.symbol,
				     .file = at->file,
				     .line = at->line,
				     .start_line =
					     call.start_line > 0
						     ? (unsigned)call.start_line
						     : 0,
				     .func_id = call.func_id,
				     .parent_offset = call.parent_offset }) !=
		    0)
			return -1;
		go_to_parent(chain, &call, at);
	}
	return 0;
}

int gcr_image_lines_at(const struct gcr_image *image, uint64_t pc,
		       struct gcr_arena *arena, struct gcr_image_lines *ret,
		       struct gcr_error *err)
{
	struct gcr_pclntab_function function;
	struct chain chain = { .image = image,
			       .function = &function,
			       .arena = arena,
			       .err = err };
	struct at at = { .index = -1 };
	struct gcr_image_function physical;

	if (image->table.function_count == 0 ||
	    !gcr_pclntab_find(&image->table, pc, &function) ||
	    !gcr_image_function(image, (size_t)function.index, &physical))
		return gcr_fail(err, GCR_NOT_FOUND, "no Go function at 0x%llx",
				(unsigned long long)pc);
	place_of(image, &function, pc, &at.file, &at.line);
	if (read_funcdata(image, &function, GCR_FUNCDATA_INLINE_TREE,
			  &chain.tree))
		at.index = gcr_pclntab_pcdata(&image->table, &function,
					      GCR_PCDATA_INLINE_TREE, pc);
	if (add_inlined(&chain, &at) != 0 ||
	    add_line(&chain,
		     (struct gcr_image_line){ .symbol = function.symbol,
					      .file = at.file,
					      .line = at.line,
					      .start_line = function.start_line,
					      .func_id = function.func_id,
					      .flags = physical.flags }) != 0)
		return -1;
	*ret = chain.lines;
	return 0;
}

bool gcr_image_line_at(const struct gcr_image *image, uint64_t pc,
		       struct gcr_span *file, unsigned *line)
{
	struct gcr_pclntab_function function;

	if (image->table.function_count == 0 ||
	    !gcr_pclntab_find(&image->table, pc, &function))
		return false;
	place_of(image, &function, pc, file, line);
	return *line != 0;
}

uint64_t gcr_image_line_end(const struct gcr_image *image, uint64_t pc)
{
	struct gcr_pclntab_function function;

	if (image->table.function_count == 0 ||
	    !gcr_pclntab_find(&image->table, pc, &function))
		return UINT64_MAX;
	return gcr_pclntab_line_end(&image->table, &function,
				    GCR_PCDATA_INLINE_TREE, pc);
}

bool gcr_image_frame_size(const struct gcr_image *image, uint64_t pc,
			  int64_t *ret)
{
	struct gcr_pclntab_function function;
	int32_t value;

	if (image->table.function_count == 0 ||
	    !gcr_pclntab_find(&image->table, pc, &function) ||
	    !gcr_pclntab_value(&image->table, function.frame_sizes,
			       function.entry, pc, &value) ||
	    value < 0)
		return false;
	*ret = value;
	return true;
}

int32_t gcr_image_pcdata(const struct gcr_image *image,
			 const struct gcr_image_function *function,
			 unsigned table, uint64_t pc)
{
	struct gcr_pclntab_function from;

	if (!gcr_pclntab_function(&image->table, function->index, &from))
		return -1;
	return gcr_pclntab_pcdata(&image->table, &from, table, pc);
}

bool gcr_image_argument_program(const struct gcr_image *image,
				const struct gcr_image_function *function,
				struct gcr_span *ret)
{
	struct gcr_pclntab_function from;
	struct gcr_span program = { 0 };

	if (!gcr_pclntab_function(&image->table, function->index, &from) ||
	    !read_funcdata(image, &from, GCR_FUNCDATA_ARGUMENTS, &program))
		return false;
	for (size_t i = 0; i < program.size && i < ARGUMENT_PROGRAM; i++)
		if ((unsigned char)program.data[i] == ARGUMENT_END) {
			*ret = (struct gcr_span){ program.data, i + 1 };
			return true;
		}
	return false;
}

bool gcr_image_argument_liveness(const struct gcr_image *image,
				 const struct gcr_image_function *function,
				 struct gcr_span *ret)
{
	struct gcr_pclntab_function from;
	struct gcr_span bytes = { 0 };

	if (!gcr_pclntab_function(&image->table, function->index, &from) ||
	    !read_funcdata(image, &from, GCR_FUNCDATA_ARGUMENTS_LIVE, &bytes) ||
	    bytes.size == 0)
		return false;
	*ret = bytes;
	return true;
}

// Go runtime stackmap: count of bitmaps, bits of each, then the bitmaps.
bool gcr_image_pointer_map(const struct gcr_image *image,
			   const struct gcr_image_function *function,
			   uint64_t pc, bool locals,
			   struct gcr_pointer_map *ret)
{
	enum gcr_funcdata which = locals ? GCR_FUNCDATA_LOCAL_POINTERS
					 : GCR_FUNCDATA_ARGUMENT_POINTERS;
	struct gcr_pclntab_function from;
	struct gcr_pointer_map found;
	struct gcr_bytes reader;
	uint32_t maps;
	int32_t index;

	if (!gcr_pclntab_function(&image->table, function->index, &from) ||
	    !read_funcdata(image, &from, which, &found.bits))
		return false;
	index = gcr_pclntab_pcdata(&image->table, &from, GCR_PCDATA_STACK_MAP,
				   pc);
	reader = gcr_bytes_at(found.bits, 0);
	maps = gcr_bytes_u32(&reader);
	found.count = gcr_bytes_u32(&reader);
	if (index < 0 || (uint32_t)index >= maps)
		return false;
	gcr_bytes_take(&reader, (uint64_t)index * ((found.count + 7) / 8));
	found.bits = gcr_bytes_take(&reader, (found.count + 7) / 8);
	if (reader.short_read)
		return false;
	*ret = found;
	return true;
}
