/*
 * A listing is a row of packages, each a row of functions, each a row of lines;
 * see listline.c. The first pass keeps where each function's lines are and how
 * many rows they have, and says what is odd; the second, on demand, reads them.
 */

#include "listing.h"

#include "arena.h"
#include "error.h"
#include "listline.h"
#include "listname.h"
#include "span.h"

enum {
	DEFAULT_NOTES = 1000,
	LONGEST_INSTRUCTION = 16, /* more than any machine's, in bytes */
	FEWEST_BUCKETS = 16
};

#define DEFAULT_MEMORY ((size_t)16 << 30)

struct listed {
	struct gcr_routine code;
	struct gcr_span body; /* its lines */
	size_t rows;
	size_t package; /* index; 0 is what has no `# path` before it */
	size_t prefix;	/* bytes before each row */
	struct gcr_place place;
	size_t next; /* of the same bucket, plus 1 */
};

struct gcr_listing {
	struct gcr_arena *arena;
	struct listed *functions;
	size_t count, capacity;
	struct gcr_listname_package *packages;
	size_t package_count, package_capacity;
	struct gcr_note *notes;
	size_t note_count, note_capacity, note_limit, notes_dropped;
	size_t *buckets; /* index plus 1 */
	size_t bucket_mask;
	size_t row_count;
};

/* The first pass. */
struct pass {
	struct gcr_listing *listing;
	struct gcr_error *err;
	struct gcr_span text;
	struct gcr_place place; /* of the line in hand */
	struct gcr_span line;
	struct gcr_listline read;
	struct listed *open; /* the function whose rows are being read */
	uint64_t last;	     /* offset of its last row */
};

static int note(struct pass *pass, struct gcr_place place, struct gcr_span line,
		const char *text)
{
	struct gcr_listing *listing = pass->listing;

	if (listing->note_count >= listing->note_limit) {
		listing->notes_dropped++;
		return 0;
	}
	if (gcr_arena_grow(listing->arena, &listing->notes, listing->note_count,
			   &listing->note_capacity, sizeof(*listing->notes),
			   pass->err) != 0)
		return -1;
	listing->notes[listing->note_count++] = (struct gcr_note){
		.place = place,
		.text = gcr_span_of(text),
		.line = gcr_span_head(line, 200),
	};
	return 0;
}

// The next line, without its end, into `*ret`; false behind the last.
static bool next_line(struct gcr_span text, uint64_t *at, struct gcr_span *ret)
{
	struct gcr_span rest = gcr_span_tail(text, (size_t)*at);

	if (rest.size == 0)
		return false;
	*ret = gcr_span_until(&rest, '\n');
	*at = text.size - rest.size;
	if (ret->size > 0 && ret->data[ret->size - 1] == '\r')
		ret->size--;
	return true;
}

static int close_function(struct pass *pass, bool at_end)
{
	struct listed *open = pass->open;
	const char *why = NULL;

	pass->open = NULL;
	if (open == NULL)
		return 0;
	open->body.size = (size_t)pass->place.offset -
			  (size_t)(open->body.data - pass->text.data);
	pass->listing->row_count += open->rows;
	if ((open->code.flags & GCR_ROUTINE_SIZE) == 0)
		return 0;
	if (open->rows > 0 && pass->last > open->code.size)
		why = "rows behind the function's end: two listings mixed?";
	else if (open->rows == 0 && open->code.size > 0)
		why = "a function without rows";
	else if (at_end && pass->last + LONGEST_INSTRUCTION < open->code.size)
		why = "the listing ends inside of this function";
	return why == NULL ? 0 : note(pass, open->place, open->code.name, why);
}

static int open_function(struct pass *pass, struct gcr_span name,
			 const struct gcr_routine *code)
{
	struct gcr_listing *listing = pass->listing;
	const char *start = pass->line.data;

	if (close_function(pass, false) != 0 ||
	    gcr_arena_grow(listing->arena, &listing->functions, listing->count,
			   &listing->capacity, sizeof(*listing->functions),
			   pass->err) != 0)
		return -1;
	struct listed *listed = &listing->functions[listing->count];
	*listed = (struct listed){
		.code = *code,
		.body = { start, 0 },
		.package = listing->package_count - 1,
		.place = pass->place,
	};
	listed->code.name = name;
	listed->code.index = listing->count++;
	pass->open = listed;
	pass->last = 0;
	return 0;
}

static int open_package(struct pass *pass, struct gcr_span path)
{
	struct gcr_listing *listing = pass->listing;

	if (close_function(pass, false) != 0 ||
	    gcr_arena_grow(listing->arena, &listing->packages,
			   listing->package_count, &listing->package_capacity,
			   sizeof(*listing->packages), pass->err) != 0)
		return -1;
	listing->packages[listing->package_count++] =
		(struct gcr_listname_package){ .path = path };
	return 0;
}

/*
 * `go:cuinfo.packagename.main SDWARFCUINFO dupok size=0`: all that tells the
 * package main from one at the path of its header.
 */
static int take_data(struct pass *pass)
{
	struct gcr_listing *listing = pass->listing;
	struct gcr_listname_package *package =
		&listing->packages[listing->package_count - 1];
	struct gcr_span name = pass->read.name;

	if (gcr_span_skip(&name, "go:cuinfo.packagename.") ||
	    gcr_span_skip(&name, "go.cuinfo.packagename.")) {
		package->named = true;
		package->main = gcr_span_is(name, "main");
	}
	return close_function(pass, false);
}

static bool has_word(struct gcr_span text, const char *word)
{
	return gcr_span_find_text(text, word) != GCR_NOWHERE;
}

// `TEXT	main.f(SB), DUPOK|WRAPPER|ABIInternal, $40-16`
static void take_text_row(struct listed *listed, const struct gcr_row *row)
{
	listed->code.file = row->file;
	listed->code.line = row->line;
	if (gcr_span_is(row->file, "<autogenerated>") ||
	    has_word(row->operands, "WRAPPER"))
		listed->code.flags |= GCR_ROUTINE_GENERATED;
}

// Rows that somebody cut out, without the line above them.
static int open_headless(struct pass *pass, const struct gcr_row *row)
{
	struct gcr_routine none = { 0 };
	ptrdiff_t at = gcr_span_find_text(row->operands, "(SB)");

	return open_function(pass,
			     at == GCR_NOWHERE
				     ? (struct gcr_span){ "?", 1 }
				     : gcr_span_head(row->operands, (size_t)at),
			     &none);
}

static int take_row(struct pass *pass)
{
	const struct gcr_row *row = &pass->read.row;
	bool begins = row->offset == 0 && gcr_span_is(row->mnemonic, "TEXT");
	struct listed *open = pass->open;

	if (open == NULL || (begins && open->rows > 0)) {
		if (!begins)
			return note(pass, pass->place, pass->line,
				    "a row outside of any function");
		if (open_headless(pass, row) != 0)
			return -1;
		open = pass->open;
	}
	if (row->offset < pass->last)
		return note(pass, pass->place, pass->line,
			    "offsets go backwards: two listings mixed?");
	if (open->rows == 0 && pass->read.prefix > 0) {
		open->prefix = pass->read.prefix;
		open->code.name = gcr_span_tail(open->code.name, open->prefix);
	}
	if (begins)
		take_text_row(open, row);
	pass->last = row->offset;
	open->rows++;
	return 0;
}

static int take_line(struct pass *pass)
{
	gcr_listline_read(pass->line, &pass->read);
	switch (pass->read.kind) {
	case GCR_LISTLINE_PACKAGE:
		return open_package(pass, pass->read.name);
	case GCR_LISTLINE_FUNCTION:
		return open_function(pass, pass->read.name, &pass->read.code);
	case GCR_LISTLINE_DATA:
		return take_data(pass);
	case GCR_LISTLINE_ROW:
		return take_row(pass);
	case GCR_LISTLINE_BAD:
		return note(pass, pass->place, pass->line, pass->read.why);
	case GCR_LISTLINE_OTHER:
	case GCR_LISTLINE_BYTES:
	default:
		return 0;
	}
}

static int read_all(struct pass *pass)
{
	uint64_t at = 0;

	pass->place = (struct gcr_place){ .line = 1, .column = 1 };
	if (open_package(pass, (struct gcr_span){ 0 }) != 0)
		return -1;
	while (next_line(pass->text, &at, &pass->line)) {
		if (take_line(pass) != 0)
			return -1;
		pass->place.offset = at;
		pass->place.line++;
	}
	return close_function(pass, true);
}

static int make_buckets(struct gcr_listing *listing, struct gcr_error *err)
{
	size_t count = FEWEST_BUCKETS;

	while (count < listing->count)
		count *= 2;
	listing->buckets = gcr_arena_array(listing->arena, count,
					   sizeof(*listing->buckets), err);
	if (listing->buckets == NULL)
		return -1;
	listing->bucket_mask = count - 1;
	// From the last on, so that the first is found first.
	for (size_t i = listing->count; i > 0; i--) {
		struct listed *listed = &listing->functions[i - 1];
		size_t *bucket =
			&listing->buckets[gcr_listname_hash(listed->code.name) &
					  listing->bucket_mask];

		listed->code.package = listing->packages[listed->package].path;
		listed->next = *bucket;
		*bucket = i;
	}
	return 0;
}

int gcr_listing_parse(struct gcr_span text, const struct gcr_limits *limits,
		      struct gcr_listing **ret, struct gcr_error *err)
{
	struct gcr_limits none = { 0 };
	struct gcr_listing *listing;
	struct gcr_arena *arena;

	if (limits == NULL)
		limits = &none;
	arena = gcr_arena_new(limits->memory > 0 ? limits->memory
						 : DEFAULT_MEMORY);
	if (arena == NULL)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	gcr_arena_fail_at(arena, limits->fail_at);
	listing = gcr_arena_alloc(arena, sizeof(*listing), err);
	if (listing != NULL) {
		listing->arena = arena;
		listing->note_limit =
			limits->notes > 0 ? limits->notes : DEFAULT_NOTES;
	}
	struct pass pass = { .listing = listing, .err = err, .text = text };
	if (listing == NULL || read_all(&pass) != 0 ||
	    make_buckets(listing, err) != 0) {
		gcr_arena_free(arena);
		return -1;
	}
	*ret = listing;
	return 0;
}

void gcr_listing_free(struct gcr_listing *listing)
{
	if (listing != NULL)
		gcr_arena_free(listing->arena);
}

size_t gcr_listing_function_count(const struct gcr_listing *listing)
{
	return listing->count;
}

const struct gcr_note *gcr_listing_notes(const struct gcr_listing *listing,
					 size_t *ret_count)
{
	*ret_count = listing->note_count;
	return listing->notes;
}

struct gcr_listing_totals gcr_listing_total(const struct gcr_listing *listing)
{
	return (struct gcr_listing_totals){
		.packages = listing->package_count - 1,
		.functions = listing->count,
		.rows = listing->row_count,
		.notes_dropped = listing->notes_dropped,
	};
}

struct gcr_routine gcr_listing_function(const struct gcr_listing *listing,
					size_t index)
{
	struct gcr_routine none = { 0 };

	return index < listing->count ? listing->functions[index].code : none;
}

// How many functions of `name` fit as well as `fit`; they go to `ret`.
static size_t collect(const struct gcr_listing *listing, struct gcr_span name,
		      enum gcr_listname_fit fit, struct gcr_routine *ret)
{
	size_t at = listing->buckets[gcr_listname_hash(name) &
				     listing->bucket_mask];
	size_t count = 0;

	while (at > 0) {
		const struct listed *listed = &listing->functions[at - 1];

		if (gcr_listname_fit(listed->code.name,
				     &listing->packages[listed->package],
				     name) == fit) {
			if (ret != NULL)
				ret[count] = listed->code;
			count++;
		}
		at = listed->next;
	}
	return count;
}

static int find(void *from, struct gcr_span name, struct gcr_arena *arena,
		struct gcr_routine **ret, size_t *ret_count,
		struct gcr_error *err)
{
	const struct gcr_listing *listing = from;

	*ret_count = 0;
	for (int fit = GCR_FIT_EXACT; fit < GCR_FIT_NONE; fit++) {
		size_t count = collect(listing, name,
				       (enum gcr_listname_fit)fit, NULL);

		if (count == 0)
			continue;
		*ret = gcr_arena_array(arena, count, sizeof(**ret), err);
		if (*ret == NULL)
			return -1;
		*ret_count = collect(listing, name, (enum gcr_listname_fit)fit,
				     *ret);
		break;
	}
	return 0;
}

/*
 * A row's bytes run to the next other offset. Of several rows with one offset
 * the last is the instruction: the others were dropped or are directives.
 */
static void measure(struct gcr_routine *code)
{
	uint64_t end = UINT64_MAX;

	if ((code->flags & GCR_ROUTINE_SIZE) != 0)
		end = code->size;
	for (size_t i = code->row_count; i > 0; i--) {
		struct gcr_row *row = &code->rows[i - 1];

		if ((row->flags & GCR_ROW_PSEUDO) != 0)
			continue;
		if (row->offset >= end) {
			row->flags = GCR_ROW_PSEUDO;
			continue;
		}
		row->size = end == UINT64_MAX ? 0 : end - row->offset;
		end = row->offset;
	}
}

static int read_rows(void *from, struct gcr_routine *code,
		     struct gcr_arena *arena, struct gcr_error *err)
{
	const struct gcr_listing *listing = from;
	const struct listed *listed = &listing->functions[code->index];
	struct gcr_span line;
	uint64_t at = 0;

	code->row_count = 0;
	code->rows =
		gcr_arena_array(arena, listed->rows, sizeof(*code->rows), err);
	if (code->rows == NULL)
		return -1;
	while (code->row_count < listed->rows &&
	       next_line(listed->body, &at, &line)) {
		struct gcr_listline read;
		size_t count = code->row_count;

		gcr_listline_read(line, &read);
		if (read.kind != GCR_LISTLINE_ROW ||
		    (count > 0 &&
		     read.row.offset < code->rows[count - 1].offset))
			continue;
		code->rows[code->row_count++] = read.row;
	}
	measure(code);
	return 0;
}

// Before the first `# path` only a package main says what it is.
static bool covers(void *from, struct gcr_span name)
{
	const struct gcr_listing *listing = from;

	for (size_t i = 0; i < listing->package_count; i++) {
		const struct gcr_listname_package *package =
			&listing->packages[i];

		if ((package->path.data != NULL ||
		     (package->named && package->main)) &&
		    gcr_listname_of_package(package, name))
			return true;
	}
	return false;
}

struct gcr_code_source gcr_listing_source(struct gcr_listing *listing)
{
	return (struct gcr_code_source){
		.from = listing,
		.what = "listing",
		.find = find,
		.read = read_rows,
		.covers = covers,
	};
}
