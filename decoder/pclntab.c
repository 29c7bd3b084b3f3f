/*
 * The pc-line table: see pclntab.h.
 *
 *	header   magic u32, 0, 0, quantum u8, word size u8
 *	         1.2:   functions
 *	         1.16:  functions, files, 5 offsets from the header
 *	         1.18:  functions, files, text, 5 offsets
 *	functab  (entry, offset of record) ..., end
 *	record   entry, name, ..., offsets of pcdata, of funcdata
 *	sequence (value delta, pc delta) in varints ..., 0
 *
 * Go cmd/link/internal/ld/pcln.go writes it, runtime/symtab.go reads it.
 */

#include "pclntab.h"

#include "bytes.h"
#include "error.h"

/* What differs between the layouts. */
struct layout_row {
	uint32_t magic;
	unsigned oldest, newest;
	bool offsets;	  /* entries and funcdata are u32 offsets */
	bool has_parts;	  /* the table is in parts the header points to */
	bool has_text;	  /* so is the text */
	bool has_line;	  /* records have startLine; inlined calls no line */
	unsigned inlined; /* bytes of an inlined call */
	int funcdata[5];  /* numbers, by enum gcr_funcdata; -1: none */
};

// Go internal/abi/symtab.go; debug/gosym/pclntab.go has the magics.
// clang-format off
static const struct layout_row layouts[] = {
	[GCR_PCLNTAB_1_2]  = { 0xfffffffb, 2, 15, false, false, false, false, 20, { 4, -1, -1, 0, 1 } },
	[GCR_PCLNTAB_1_16] = { 0xfffffffa, 16, 17, false, true, false, false, 20, { 3, 5, -1, 0, 1 } },
	[GCR_PCLNTAB_1_18] = { 0xfffffff0, 18, 19, true, true, true, false, 20, { 3, 5, 6, 0, 1 } },
	[GCR_PCLNTAB_1_20] = { 0xfffffff1, 20, 0, true, true, true, true, 16, { 3, 5, 6, 0, 1 } },
};
// clang-format on

enum {
	LAYOUTS = sizeof(layouts) / sizeof(layouts[0]),
	HEADER_SIZE = 8,
	MOST_STEPS = 1 << 18, /* of one sequence */
};

_Static_assert(LAYOUTS == GCR_PCLNTAB_1_20 + 1, "a row for every layout");

static const struct layout_row *row_of(const struct gcr_pclntab *table)
{
	return &layouts[table->layout];
}

// The row of a header, or LAYOUTS.
static unsigned read_header(struct gcr_bytes *reader, struct gcr_pclntab *table)
{
	uint32_t magic = gcr_bytes_u32(reader);
	unsigned zeros = gcr_bytes_u16(reader), row = 0;

	table->quantum = gcr_bytes_u8(reader);
	table->word_size = gcr_bytes_u8(reader);
	while (row < LAYOUTS && layouts[row].magic != magic)
		row++;
	if (reader->short_read || zeros != 0 ||
	    (table->quantum != 1 && table->quantum != 2 &&
	     table->quantum != 4) ||
	    (table->word_size != 4 && table->word_size != 8))
		return LAYOUTS;
	return row;
}

bool gcr_pclntab_is(struct gcr_span bytes)
{
	struct gcr_bytes reader = gcr_bytes_at(bytes, 0);
	struct gcr_pclntab table = { 0 };

	return read_header(&reader, &table) < LAYOUTS;
}

static void read_parts(struct gcr_pclntab *table, struct gcr_bytes *reader)
{
	struct gcr_span *const parts[] = { &table->names, &table->units,
					   &table->files, &table->values,
					   &table->functions };

	table->file_count = gcr_bytes_word(reader, table->word_size);
	if (row_of(table)->has_text)
		table->text = gcr_bytes_word(reader, table->word_size);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		*parts[i] = gcr_bytes_slice(
			table->bytes, gcr_bytes_word(reader, table->word_size),
			UINT64_MAX);
}

static unsigned cell_size(const struct gcr_pclntab *table)
{
	return row_of(table)->offsets ? 4 : table->word_size;
}

// To go1.15 all is in one, and the files are an array behind the functions.
static void read_whole(struct gcr_pclntab *table)
{
	uint64_t end = (2 * table->function_count + 1) * table->word_size;
	struct gcr_bytes reader;

	table->names = table->units = table->values = table->bytes;
	table->functions = gcr_bytes_slice(
		table->bytes, HEADER_SIZE + table->word_size, UINT64_MAX);
	reader = gcr_bytes_at(table->functions, end);
	table->files = gcr_bytes_slice(table->bytes, gcr_bytes_u32(&reader),
				       UINT64_MAX);
	reader = gcr_bytes_at(table->files, 0);
	table->file_count = gcr_bytes_u32(&reader);
}

int gcr_pclntab_open(struct gcr_span bytes, uint64_t address,
		     struct gcr_pclntab *ret, struct gcr_error *err)
{
	struct gcr_pclntab table = { .bytes = bytes, .address = address };
	struct gcr_bytes reader = gcr_bytes_at(bytes, 0);
	unsigned row = read_header(&reader, &table);

	if (row == LAYOUTS)
		return gcr_fail(err, GCR_FORMAT, "no pc-line table here");
	table.layout = (enum gcr_pclntab_layout)row;
	table.function_count = gcr_bytes_word(&reader, table.word_size);
	if (table.function_count > bytes.size)
		return gcr_fail(err, GCR_FORMAT,
				"the pc-line table is cut short");
	if (row_of(&table)->has_parts)
		read_parts(&table, &reader);
	else
		read_whole(&table);
	if (reader.short_read ||
	    (2 * table.function_count + 1) * cell_size(&table) >
		    table.functions.size)
		return gcr_fail(err, GCR_FORMAT,
				"the pc-line table is cut short");
	*ret = table;
	return 0;
}

void gcr_pclntab_releases(const struct gcr_pclntab *table, unsigned *oldest,
			  unsigned *newest)
{
	*oldest = row_of(table)->oldest;
	*newest = row_of(table)->newest;
}

bool gcr_pclntab_entry(const struct gcr_pclntab *table, uint64_t index,
		       uint64_t *ret)
{
	unsigned cell = cell_size(table);
	struct gcr_bytes reader;

	if (index > table->function_count)
		return false;
	reader = gcr_bytes_at(table->functions, 2 * index * cell);
	*ret = gcr_bytes_word(&reader, cell);
	if (row_of(table)->offsets)
		*ret += table->text;
	return !reader.short_read;
}

static struct gcr_bytes record_of(const struct gcr_pclntab *table,
				  uint64_t index)
{
	unsigned cell = cell_size(table);
	struct gcr_bytes reader =
		gcr_bytes_at(table->functions, (2 * index + 1) * cell);
	uint64_t offset = gcr_bytes_word(&reader, cell);
	struct gcr_span from =
		row_of(table)->has_parts ? table->functions : table->bytes;

	if (index >= table->function_count || reader.short_read)
		offset = UINT64_MAX;
	reader = gcr_bytes_at(from, offset);
	// Its entry again.
	gcr_bytes_word(&reader, cell);
	return reader;
}

struct gcr_span gcr_pclntab_name(const struct gcr_pclntab *table,
				 int32_t offset)
{
	if (offset < 0)
		return (struct gcr_span){ 0 };
	return gcr_bytes_text(table->names, (uint64_t)offset);
}

bool gcr_pclntab_symbol(const struct gcr_pclntab *table, uint64_t index,
			struct gcr_span *ret)
{
	struct gcr_bytes reader = record_of(table, index);
	int32_t name = (int32_t)gcr_bytes_u32(&reader);
	struct gcr_span symbol = gcr_pclntab_name(table, name);

	if (reader.short_read || symbol.size == 0)
		return false;
	*ret = symbol;
	return true;
}

static void read_record(const struct gcr_pclntab *table,
			struct gcr_bytes *reader,
			struct gcr_pclntab_function *function)
{
	function->symbol =
		gcr_pclntab_name(table, (int32_t)gcr_bytes_u32(reader));
	function->arguments = (int32_t)gcr_bytes_u32(reader);
	function->deferreturn = gcr_bytes_u32(reader);
	function->frame_sizes = gcr_bytes_u32(reader);
	function->file_numbers = gcr_bytes_u32(reader);
	function->lines = gcr_bytes_u32(reader);
	function->pcdata_count = gcr_bytes_u32(reader);
	if (row_of(table)->has_parts)
		function->unit = gcr_bytes_u32(reader);
	if (row_of(table)->has_line)
		function->start_line = gcr_bytes_u32(reader);
	function->func_id = gcr_bytes_u8(reader);
	function->flags = gcr_bytes_u8(reader);
	if (table->layout == GCR_PCLNTAB_1_2)
		function->flags = 0;
	gcr_bytes_u8(reader);
	function->funcdata_count = gcr_bytes_u8(reader);
}

bool gcr_pclntab_function(const struct gcr_pclntab *table, uint64_t index,
			  struct gcr_pclntab_function *ret)
{
	struct gcr_pclntab_function function = { .index = index };
	struct gcr_bytes reader;

	if (index >= table->function_count ||
	    !gcr_pclntab_entry(table, index, &function.entry) ||
	    !gcr_pclntab_entry(table, index + 1, &function.end))
		return false;
	reader = record_of(table, index);
	read_record(table, &reader, &function);
	if (reader.short_read || function.end <= function.entry ||
	    function.symbol.size == 0)
		return false;
	// As an offset in the whole, where funcdata is aligned.
	function.record =
		(uint64_t)(reader.bytes.data - table->bytes.data) + reader.at;
	*ret = function;
	return true;
}

bool gcr_pclntab_find(const struct gcr_pclntab *table, uint64_t pc,
		      struct gcr_pclntab_function *ret)
{
	uint64_t low = 0, high = table->function_count, entry;

	// The last one that does not start behind pc.
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (!gcr_pclntab_entry(table, middle, &entry))
			return false;
		if (entry <= pc)
			low = middle + 1;
		else
			high = middle;
	}
	struct gcr_pclntab_function function;
	if (low == 0 || !gcr_pclntab_function(table, low - 1, &function) ||
	    pc < function.entry || pc >= function.end)
		return false;
	*ret = function;
	return true;
}

/* A sequence while it is read: `value` holds for pcs from `from` to `to`. */
struct sequence {
	struct gcr_bytes reader;
	unsigned quantum;
	uint64_t from, to;
	int32_t value;
	unsigned steps;
};

static struct sequence start_sequence(const struct gcr_pclntab *table,
				      uint32_t offset, uint64_t entry)
{
	return (struct sequence){ .reader = gcr_bytes_at(table->values, offset),
				  .quantum = table->quantum,
				  .from = entry,
				  .to = entry,
				  .value = -1 };
}

// Go runtime/symtab.go step. Ends at a zero, at the end of the bytes, where pcs do
// not grow, and where a damaged one goes on and on.
static bool next_in_sequence(struct sequence *at)
{
	uint64_t zigzag = gcr_bytes_varint(&at->reader);
	uint64_t advance;

	if (at->reader.short_read || (zigzag == 0 && at->steps > 0) ||
	    at->steps++ == MOST_STEPS)
		return false;
	zigzag &= UINT32_MAX;
	at->value = (int32_t)((uint32_t)at->value +
			      (uint32_t)((zigzag >> 1) ^ -(zigzag & 1)));
	advance = gcr_bytes_varint(&at->reader) & UINT32_MAX;
	at->from = at->to;
	return !at->reader.short_read && advance > 0 &&
	       gcr_add_u64(at->from, advance * at->quantum, &at->to);
}

bool gcr_pclntab_value(const struct gcr_pclntab *table, uint32_t sequence,
		       uint64_t entry, uint64_t pc, int32_t *ret)
{
	struct sequence at = start_sequence(table, sequence, entry);

	if (sequence == 0 || pc < entry)
		return false;
	while (next_in_sequence(&at))
		if (pc < at.to) {
			*ret = at.value;
			return true;
		}
	return false;
}

bool gcr_pclntab_extent(const struct gcr_pclntab *table, uint32_t sequence,
			uint64_t entry, uint64_t *ret)
{
	struct sequence at = start_sequence(table, sequence, entry);

	if (sequence == 0)
		return false;
	while (next_in_sequence(&at))
		;
	if (at.reader.short_read || at.to == entry)
		return false;
	*ret = at.to;
	return true;
}

static uint32_t pcdata_sequence(const struct gcr_pclntab *table,
				const struct gcr_pclntab_function *function,
				unsigned which)
{
	struct gcr_bytes reader =
		gcr_bytes_at(table->bytes, function->record + 4 * which);
	uint32_t sequence = gcr_bytes_u32(&reader);

	return which >= function->pcdata_count || reader.short_read ? 0
								    : sequence;
}

int32_t gcr_pclntab_pcdata(const struct gcr_pclntab *table,
			   const struct gcr_pclntab_function *function,
			   unsigned which, uint64_t pc)
{
	uint32_t sequence = pcdata_sequence(table, function, which);
	int32_t value;

	if (!gcr_pclntab_value(table, sequence, function->entry, pc, &value))
		return -1;
	return value;
}

// Where the value at `pc` ends.
static uint64_t run_end(const struct gcr_pclntab *table, uint32_t sequence,
			uint64_t entry, uint64_t pc)
{
	struct sequence at = start_sequence(table, sequence, entry);

	if (sequence == 0 || pc < entry)
		return UINT64_MAX;
	while (next_in_sequence(&at))
		if (pc < at.to)
			return at.to;
	return UINT64_MAX;
}

uint64_t gcr_pclntab_line_end(const struct gcr_pclntab *table,
			      const struct gcr_pclntab_function *function,
			      unsigned tree, uint64_t pc)
{
	uint64_t entry = function->entry;
	uint64_t line = run_end(table, function->lines, entry, pc);
	uint64_t call = run_end(table, pcdata_sequence(table, function, tree),
				entry, pc);

	return line < call ? line : call;
}

bool gcr_pclntab_funcdata(const struct gcr_pclntab *table,
			  const struct gcr_pclntab_function *function,
			  enum gcr_funcdata which, uint64_t base, uint64_t *ret)
{
	const struct layout_row *row = row_of(table);
	int number = row->funcdata[which];
	uint64_t at = function->record + 4 * (uint64_t)function->pcdata_count;
	struct gcr_bytes reader;
	uint64_t value;

	if (number < 0 || (unsigned)number >= function->funcdata_count)
		return false;
	// Pointers are aligned where the program runs, not in these bytes.
	if (!row->offsets && table->word_size == 8)
		at += (table->address + at) & 4;
	reader = gcr_bytes_at(table->bytes,
			      at + (unsigned)number * cell_size(table));
	value = gcr_bytes_word(&reader, cell_size(table));
	if (reader.short_read || value == (row->offsets ? UINT32_MAX : 0))
		return false;
	*ret = row->offsets ? base + value : value;
	return true;
}

bool gcr_pclntab_file(const struct gcr_pclntab *table, uint32_t unit,
		      int32_t number, struct gcr_span *ret)
{
	struct gcr_span from = table->files, text;
	struct gcr_bytes reader;
	uint32_t offset;

	if (number < 0)
		return false;
	if (row_of(table)->has_parts) {
		reader = gcr_bytes_at(table->units,
				      4 * ((uint64_t)unit + (uint32_t)number));
	} else {
		if (number == 0 || (uint32_t)number > table->file_count)
			return false;
		reader = gcr_bytes_at(from, 4 * (uint64_t)(uint32_t)number);
		from = table->bytes;
	}
	offset = gcr_bytes_u32(&reader);
	if (reader.short_read || offset == UINT32_MAX)
		return false;
	text = gcr_bytes_text(from, offset);
	if (text.size == 0)
		return false;
	*ret = text;
	return true;
}

bool gcr_pclntab_inlined(const struct gcr_pclntab *table, struct gcr_span tree,
			 int32_t index, struct gcr_pclntab_call *ret)
{
	const struct layout_row *row = row_of(table);
	struct gcr_pclntab_call inlined = { .parent = -1, .file = -1 };
	struct gcr_bytes reader;

	if (index < 0)
		return false;
	reader = gcr_bytes_at(tree, (uint64_t)(uint32_t)index * row->inlined);
	if (!row->has_line)
		inlined.parent = (int16_t)gcr_bytes_u16(&reader);
	inlined.func_id = gcr_bytes_u8(&reader);
	gcr_bytes_take(&reader, row->has_line ? 3 : 1);
	if (!row->has_line) {
		inlined.file = (int32_t)gcr_bytes_u32(&reader);
		inlined.line = (int32_t)gcr_bytes_u32(&reader);
	}
	inlined.symbol =
		gcr_pclntab_name(table, (int32_t)gcr_bytes_u32(&reader));
	inlined.parent_offset = gcr_bytes_u32(&reader);
	if (row->has_line)
		inlined.start_line = (int32_t)gcr_bytes_u32(&reader);
	if (reader.short_read || inlined.symbol.size == 0)
		return false;
	*ret = inlined;
	return true;
}
