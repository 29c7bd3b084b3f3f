/*
 * Layouts. A named type is looked up where it is written, in this order: type
 * parameters, the package's own types, Go's own names, and a few types of the
 * standard library whose representation has been the same in every release. A
 * name that nobody defines is opaque: nothing is known of it but that it is
 * one component, or one group of them.
 */

#include "gotype.h"

#include "arena.h"
#include "declaration.h"
#include "error.h"
#include "golex.h"
#include "span.h"

// Sizes in bytes, or in words where `words` says so; 0: not a leaf.
struct kind_row {
	unsigned char parts, size, words;
};

// clang-format off
static const struct kind_row kind_rows[] = {
	[GCR_BOOL]           = { 1, 1, 0 },
	[GCR_INT]            = { 1, 0, 1 },
	[GCR_INT8]           = { 1, 1, 0 },
	[GCR_INT16]          = { 1, 2, 0 },
	[GCR_INT32]          = { 1, 4, 0 },
	[GCR_INT64]          = { 1, 8, 0 },
	[GCR_UINT]           = { 1, 0, 1 },
	[GCR_UINT8]          = { 1, 1, 0 },
	[GCR_UINT16]         = { 1, 2, 0 },
	[GCR_UINT32]         = { 1, 4, 0 },
	[GCR_UINT64]         = { 1, 8, 0 },
	[GCR_UINTPTR]        = { 1, 0, 1 },
	[GCR_FLOAT32]        = { 1, 4, 0 },
	[GCR_FLOAT64]        = { 1, 8, 0 },
	[GCR_COMPLEX64]      = { 2, 8, 0 },
	[GCR_COMPLEX128]     = { 2, 16, 0 },
	[GCR_STRING]         = { 2, 0, 2 },
	[GCR_SLICE]          = { 3, 0, 3 },
	[GCR_ARRAY]          = { 0, 0, 0 },
	[GCR_STRUCT]         = { 0, 0, 0 },
	[GCR_INTERFACE]      = { 2, 0, 2 },
	[GCR_POINTER]        = { 1, 0, 1 },
	[GCR_MAP]            = { 1, 0, 1 },
	[GCR_CHAN]           = { 1, 0, 1 },
	[GCR_FUNC]           = { 1, 0, 1 },
	[GCR_UNSAFE_POINTER] = { 1, 0, 1 },
	[GCR_OPAQUE]         = { 0, 0, 0 },
};
// clang-format on

_Static_assert(sizeof(kind_rows) / sizeof(kind_rows[0]) == GCR_KIND_COUNT,
	       "a row for every kind");

struct name_row {
	const char *path; /* import path, "" for Go's own names */
	const char *name;
	enum gcr_kind kind;
};

// clang-format off
// The language's names, then types of the standard library, go1.10 to go1.26.
static const struct name_row name_rows[] = {
	{ "", "bool", GCR_BOOL },       { "", "string", GCR_STRING },
	{ "", "int", GCR_INT },         { "", "uint", GCR_UINT },
	{ "", "int8", GCR_INT8 },       { "", "uint8", GCR_UINT8 },
	{ "", "int16", GCR_INT16 },     { "", "uint16", GCR_UINT16 },
	{ "", "int32", GCR_INT32 },     { "", "uint32", GCR_UINT32 },
	{ "", "int64", GCR_INT64 },     { "", "uint64", GCR_UINT64 },
	{ "", "byte", GCR_UINT8 },      { "", "rune", GCR_INT32 },
	{ "", "uintptr", GCR_UINTPTR }, { "", "error", GCR_INTERFACE },
	{ "", "float32", GCR_FLOAT32 }, { "", "float64", GCR_FLOAT64 },
	{ "", "any", GCR_INTERFACE },
	{ "", "complex64", GCR_COMPLEX64 },
	{ "", "complex128", GCR_COMPLEX128 },
	{ "unsafe", "Pointer", GCR_UNSAFE_POINTER },
	{ "context", "Context", GCR_INTERFACE },
	{ "context", "CancelFunc", GCR_FUNC },
	{ "crypto", "Hash", GCR_UINT },
	{ "crypto", "PrivateKey", GCR_INTERFACE },
	{ "crypto", "PublicKey", GCR_INTERFACE },
	{ "crypto", "Signer", GCR_INTERFACE },
	{ "database/sql/driver", "Conn", GCR_INTERFACE },
	{ "database/sql/driver", "Value", GCR_INTERFACE },
	{ "driver", "Value", GCR_INTERFACE },
	{ "encoding/json", "Number", GCR_STRING },
	{ "encoding/json", "RawMessage", GCR_SLICE },
	{ "json", "Number", GCR_STRING },
	{ "json", "RawMessage", GCR_SLICE },
	{ "flag", "Value", GCR_INTERFACE },
	{ "fmt", "Formatter", GCR_INTERFACE },
	{ "fmt", "State", GCR_INTERFACE },
	{ "fmt", "Stringer", GCR_INTERFACE },
	{ "hash", "Hash", GCR_INTERFACE },
	{ "io", "ByteReader", GCR_INTERFACE },
	{ "io", "ByteScanner", GCR_INTERFACE },
	{ "io", "ByteWriter", GCR_INTERFACE },
	{ "io", "Closer", GCR_INTERFACE },
	{ "io", "ReadCloser", GCR_INTERFACE },
	{ "io", "ReadSeeker", GCR_INTERFACE },
	{ "io", "ReadWriteCloser", GCR_INTERFACE },
	{ "io", "ReadWriter", GCR_INTERFACE },
	{ "io", "Reader", GCR_INTERFACE },
	{ "io", "ReaderAt", GCR_INTERFACE },
	{ "io", "ReaderFrom", GCR_INTERFACE },
	{ "io", "RuneReader", GCR_INTERFACE },
	{ "io", "Seeker", GCR_INTERFACE },
	{ "io", "StringWriter", GCR_INTERFACE },
	{ "io", "WriteCloser", GCR_INTERFACE },
	{ "io", "Writer", GCR_INTERFACE },
	{ "io", "WriterAt", GCR_INTERFACE },
	{ "io", "WriterTo", GCR_INTERFACE },
	{ "io/fs", "FS", GCR_INTERFACE },
	{ "io/fs", "File", GCR_INTERFACE },
	{ "io/fs", "FileInfo", GCR_INTERFACE },
	{ "io/fs", "FileMode", GCR_UINT32 },
	{ "fs", "FS", GCR_INTERFACE },
	{ "fs", "File", GCR_INTERFACE },
	{ "fs", "FileInfo", GCR_INTERFACE },
	{ "fs", "FileMode", GCR_UINT32 },
	{ "log/slog", "Handler", GCR_INTERFACE },
	{ "log/slog", "Level", GCR_INT },
	{ "slog", "Handler", GCR_INTERFACE },
	{ "slog", "Level", GCR_INT },
	{ "math/big", "Word", GCR_UINT },
	{ "big", "Word", GCR_UINT },
	{ "net", "Addr", GCR_INTERFACE },
	{ "net", "Conn", GCR_INTERFACE },
	{ "net", "Error", GCR_INTERFACE },
	{ "net", "HardwareAddr", GCR_SLICE },
	{ "net", "IP", GCR_SLICE },
	{ "net", "IPMask", GCR_SLICE },
	{ "net", "Listener", GCR_INTERFACE },
	{ "net", "PacketConn", GCR_INTERFACE },
	{ "net/http", "ConnState", GCR_INT },
	{ "net/http", "FileSystem", GCR_INTERFACE },
	{ "net/http", "Flusher", GCR_INTERFACE },
	{ "net/http", "Handler", GCR_INTERFACE },
	{ "net/http", "HandlerFunc", GCR_FUNC },
	{ "net/http", "Header", GCR_MAP },
	{ "net/http", "ResponseWriter", GCR_INTERFACE },
	{ "net/http", "RoundTripper", GCR_INTERFACE },
	{ "http", "ConnState", GCR_INT },
	{ "http", "FileSystem", GCR_INTERFACE },
	{ "http", "Flusher", GCR_INTERFACE },
	{ "http", "Handler", GCR_INTERFACE },
	{ "http", "HandlerFunc", GCR_FUNC },
	{ "http", "Header", GCR_MAP },
	{ "http", "ResponseWriter", GCR_INTERFACE },
	{ "http", "RoundTripper", GCR_INTERFACE },
	{ "net/url", "Values", GCR_MAP },
	{ "url", "Values", GCR_MAP },
	{ "os", "FileInfo", GCR_INTERFACE },
	{ "os", "FileMode", GCR_UINT32 },
	{ "os", "Signal", GCR_INTERFACE },
	{ "reflect", "ChanDir", GCR_INT },
	{ "reflect", "Kind", GCR_UINT },
	{ "reflect", "Type", GCR_INTERFACE },
	{ "runtime", "Error", GCR_INTERFACE },
	{ "sort", "Interface", GCR_INTERFACE },
	{ "sync", "Locker", GCR_INTERFACE },
	{ "syscall", "Errno", GCR_UINTPTR },
	{ "syscall", "Signal", GCR_INT },
	{ "testing", "TB", GCR_INTERFACE },
	{ "time", "Duration", GCR_INT64 },
	{ "time", "Month", GCR_INT },
	{ "time", "Weekday", GCR_INT },
};
// clang-format on

unsigned gcr_kind_parts(enum gcr_kind kind)
{
	return kind_rows[kind].parts;
}

unsigned gcr_layout_part_size(const struct gcr_layout *layout,
			      unsigned word_size)
{
	const struct kind_row *row = &kind_rows[layout->kind];

	if (row->parts == 0)
		return 0;
	return (row->size + row->words * word_size) / row->parts;
}

uint64_t gcr_align_up(uint64_t offset, uint64_t align)
{
	return (offset + align - 1) / align * align;
}

static struct gcr_layout *new_layout(struct gcr_layouter *layouter,
				     const struct gcr_gotype *type,
				     enum gcr_kind kind)
{
	const struct kind_row *row = &kind_rows[kind];
	struct gcr_layout *layout = gcr_arena_alloc(
		layouter->arena, sizeof(*layout), layouter->err);

	// What a type is called is cut where nobody would read on.
	enum {
		LONGEST_NAME = 1000
	};
	if (layout == NULL ||
	    gcr_one_line(gcr_span_head(type->text, LONGEST_NAME),
			 layouter->arena, &layout->type, layouter->err) != 0)
		return NULL;
	layout->kind = kind;
	layout->size = row->size + row->words * layouter->word_size;
	layout->align = row->parts > 0 ? layout->size / row->parts : 1;
	if (layout->align > layouter->word_size)
		layout->align = layouter->word_size;
	layout->sized = kind != GCR_OPAQUE;
	return layout;
}

static int make_leaf(struct gcr_layouter *layouter,
		     const struct gcr_gotype *type, enum gcr_kind kind,
		     const struct gcr_layout **ret)
{
	struct gcr_layout *layout = new_layout(layouter, type, kind);

	if (layout == NULL)
		return -1;
	*ret = layout;
	return 0;
}

// Go time/time.go, type Time: the same three fields since go1.9.
static int make_time(struct gcr_layouter *layouter,
		     const struct gcr_gotype *type,
		     const struct gcr_layout **ret)
{
	static const struct {
		const char *name, *type;
		enum gcr_kind kind;
	} rows[] = {
		{ "wall", "uint64", GCR_UINT64 },
		{ "ext", "int64", GCR_INT64 },
		{ "loc", "*Location", GCR_POINTER },
	};
	enum {
		FIELDS = sizeof(rows) / sizeof(rows[0])
	};
	struct gcr_layout *layout = new_layout(layouter, type, GCR_STRUCT);

	if (layout == NULL)
		return -1;
	layout->fields =
		gcr_arena_array(layouter->arena, FIELDS,
				sizeof(*layout->fields), layouter->err);
	if (layout->fields == NULL)
		return -1;
	for (size_t i = 0; i < FIELDS; i++) {
		struct gcr_gotype field = { .text = gcr_span_of(rows[i].type) };
		layout->fields[i].name = gcr_span_of(rows[i].name);
		layout->fields[i].offset = i * 8;
		if (make_leaf(layouter, &field, rows[i].kind,
			      &layout->fields[i].layout) != 0)
			return -1;
	}
	layout->field_count = FIELDS;
	layout->size = 16 + layouter->word_size;
	layout->align = layouter->word_size;
	*ret = layout;
	return 0;
}

static enum gcr_kind known_kind(struct gcr_span path, struct gcr_span name)
{
	for (size_t i = 0; i < sizeof(name_rows) / sizeof(name_rows[0]); i++)
		if (gcr_span_is(name, name_rows[i].name) &&
		    gcr_span_is(path, name_rows[i].path))
			return name_rows[i].kind;
	return GCR_OPAQUE;
}

static int make_known(struct gcr_layouter *layouter,
		      const struct gcr_gotype *type,
		      const struct gcr_scope *scope,
		      const struct gcr_layout **ret)
{
	struct gcr_span path = type->package;

	if (path.data != NULL && scope != NULL)
		path = gcr_scope_import(scope, path);
	if (gcr_span_is(path, "time") && gcr_span_is(type->name, "Time"))
		return make_time(layouter, type, ret);
	return make_leaf(layouter, type, known_kind(path, type->name), ret);
}

// The definition's layout under the name it is used by.
static int make_defined(struct gcr_layouter *layouter,
			const struct gcr_gotype *type,
			const struct gcr_scope *scope,
			const struct gcr_bindings *bindings,
			const struct gcr_gotypedef *definition,
			const struct gcr_layout **ret)
{
	const struct gcr_layout *layout;
	struct gcr_scope inner = {
		.set = scope->set,
		.package = definition->package,
		.file = definition->file,
	};
	struct gcr_bindings bound = {
		.names = definition->parameters,
		.count = definition->parameter_count,
		.scope = scope,
		.outer = bindings,
	};

	if (type->argument_count == definition->parameter_count)
		bound.types = type->arguments;
	if (gcr_layout_make(layouter, definition->type, &inner, &bound,
			    &layout) != 0)
		return -1;
	struct gcr_layout *renamed = new_layout(layouter, type, GCR_OPAQUE);
	if (renamed == NULL)
		return -1;
	struct gcr_span name = renamed->type;
	*renamed = *layout;
	renamed->type = name;
	*ret = renamed;
	return 0;
}

static int make_named(struct gcr_layouter *layouter,
		      const struct gcr_gotype *type,
		      const struct gcr_scope *scope,
		      const struct gcr_bindings *bindings,
		      const struct gcr_layout **ret)
{
	const struct gcr_gotypedef *definition;
	size_t count = bindings != NULL ? bindings->count : 0;

	for (size_t i = 0; i < count && type->package.data == NULL; i++) {
		if (!gcr_span_equal(bindings->names[i], type->name))
			continue;
		if (bindings->types == NULL)
			return make_leaf(layouter, type, GCR_OPAQUE, ret);
		return gcr_layout_make(layouter, bindings->types[i],
				       bindings->scope, bindings->outer, ret);
	}
	definition = gcr_scope_find_type(scope, type->package, type->name);
	if (definition != NULL)
		return make_defined(layouter, type, scope, bindings, definition,
				    ret);
	return make_known(layouter, type, scope, ret);
}

static int make_array(struct gcr_layouter *layouter,
		      const struct gcr_gotype *type,
		      const struct gcr_scope *scope,
		      const struct gcr_bindings *bindings,
		      const struct gcr_layout **ret)
{
	const struct gcr_layout *element;
	uint64_t length;

	if (gcr_layout_make(layouter, type->element, scope, bindings,
			    &element) != 0)
		return -1;
	if (!gcr_scope_constant(scope, type->length, &length) ||
	    (element->sized && element->size != 0 &&
	     length > GCR_LARGEST_TYPE / element->size))
		return make_leaf(layouter, type, GCR_OPAQUE, ret);
	struct gcr_layout *layout = new_layout(layouter, type, GCR_ARRAY);
	if (layout == NULL)
		return -1;
	layout->element = element;
	layout->length = length;
	layout->sized = element->sized;
	layout->align = element->align;
	layout->size = element->sized ? length * element->size : 0;
	*ret = layout;
	return 0;
}

// Offsets, size and alignment from the fields' own.
static void place_fields(struct gcr_layout *layout)
{
	uint64_t offset = 0;
	bool last_is_empty = false;

	for (size_t i = 0; i < layout->field_count; i++) {
		struct gcr_layout_field *field = &layout->fields[i];
		if (!field->layout->sized)
			layout->sized = false;
		if (field->layout->align > layout->align)
			layout->align = field->layout->align;
		offset = gcr_align_up(offset, field->layout->align);
		field->offset = offset;
		offset += field->layout->size;
		last_is_empty = field->layout->size == 0;
		if (offset > GCR_LARGEST_TYPE)
			layout->sized = false;
	}
	// Go cmd/compile/internal/types/size.go: a pointer to a last field of
	// no size must not point behind the struct.
	if (last_is_empty && offset > 0)
		offset++;
	layout->size = gcr_align_up(offset, layout->align);
}

static int make_struct(struct gcr_layouter *layouter,
		       const struct gcr_gotype *type,
		       const struct gcr_scope *scope,
		       const struct gcr_bindings *bindings,
		       const struct gcr_layout **ret)
{
	struct gcr_layout *layout = new_layout(layouter, type, GCR_STRUCT);
	size_t count = type->fields.count;

	if (count > layouter->nodes)
		return make_leaf(layouter, type, GCR_OPAQUE, ret);
	if (layout == NULL)
		return -1;
	layout->fields = gcr_arena_array(
		layouter->arena, count, sizeof(*layout->fields), layouter->err);
	if (layout->fields == NULL)
		return -1;
	for (size_t i = 0; i < count; i++) {
		layout->fields[i].name = type->fields.items[i].name;
		if (gcr_layout_make(layouter, type->fields.items[i].type, scope,
				    bindings, &layout->fields[i].layout) != 0)
			return -1;
	}
	layout->field_count = count;
	place_fields(layout);
	*ret = layout;
	return 0;
}

static int make_form(struct gcr_layouter *layouter,
		     const struct gcr_gotype *type,
		     const struct gcr_scope *scope,
		     const struct gcr_bindings *bindings,
		     const struct gcr_layout **ret)
{
	switch (type->form) {
	case GCR_FORM_NAME:
		return make_named(layouter, type, scope, bindings, ret);
	case GCR_FORM_ARRAY:
		return make_array(layouter, type, scope, bindings, ret);
	case GCR_FORM_STRUCT:
		return make_struct(layouter, type, scope, bindings, ret);
	case GCR_FORM_POINTER:
		return make_leaf(layouter, type, GCR_POINTER, ret);
	case GCR_FORM_SLICE:
		return make_leaf(layouter, type, GCR_SLICE, ret);
	case GCR_FORM_MAP:
		return make_leaf(layouter, type, GCR_MAP, ret);
	case GCR_FORM_CHAN:
		return make_leaf(layouter, type, GCR_CHAN, ret);
	case GCR_FORM_FUNC:
		return make_leaf(layouter, type, GCR_FUNC, ret);
	case GCR_FORM_INTERFACE:
		return make_leaf(layouter, type, GCR_INTERFACE, ret);
	}
	return gcr_fail(layouter->err, GCR_BUG, "a type of no form");
}

int gcr_layout_make(struct gcr_layouter *layouter,
		    const struct gcr_gotype *type,
		    const struct gcr_scope *scope,
		    const struct gcr_bindings *bindings,
		    const struct gcr_layout **ret)
{
	// `type T struct{ t T }` ends here, and so does what doubles.
	if (layouter->nodes == 0 || layouter->depth >= GCR_LAYOUT_DEPTH)
		return make_leaf(layouter, type, GCR_OPAQUE, ret);
	layouter->nodes--;
	layouter->depth++;
	int result = make_form(layouter, type, scope, bindings, ret);
	layouter->depth--;
	return result;
}
