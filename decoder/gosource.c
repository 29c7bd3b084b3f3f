/*
 * A source file is walked at its top level only:
 *
 *	package p            which package the rest belongs to
 *	import ( … )         what qualifiers mean
 *	const ( … )          lengths of arrays
 *	type ( … )           what names mean
 *	func … { … }         heads; bodies are passed over
 *
 * A declaration that cannot be read is given up where it went wrong, and the
 * walk goes on at the next line that starts with one of these words, so that
 * every byte is read once.
 */

#include "gosource.h"

#include "arena.h"
#include "error.h"
#include "goparse.h"
#include "span.h"

struct walk {
	struct gcr_declarations *set;
	struct gcr_sourcefile *file;
	struct gcr_parser parser;
	struct gcr_error error; // of what could not be read
	size_t import_capacity;
	size_t counted, line; // lines are counted up to this offset
};

static struct gcr_lexer *lexer_of(struct walk *walk)
{
	return &walk->parser.lexer;
}

static size_t line_at(struct walk *walk, size_t offset)
{
	struct gcr_span text = lexer_of(walk)->text;

	for (; walk->counted < offset && walk->counted < text.size;
	     walk->counted++)
		if (text.data[walk->counted] == '\n')
			walk->line++;
	return walk->line;
}

// -1 only for what is not the source's fault.
static int forgive(struct walk *walk)
{
	return walk->error.code == GCR_SYNTAX ? 0 : -1;
}

// Go on at the next line that starts with a word of the top level.
static void resume(struct walk *walk)
{
	static const char *const words[] = { "func ", "type ", "const ", "var ",
					     "import " };
	struct gcr_lexer *lexer = lexer_of(walk);
	size_t at = lexer->token.start;

	for (; at < lexer->text.size; at++) {
		struct gcr_span rest = gcr_span_tail(lexer->text, at + 1);
		if (lexer->text.data[at] != '\n')
			continue;
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
			if (gcr_span_starts(rest, words[i])) {
				gcr_lexer_init(lexer, lexer->text, at + 1);
				return;
			}
		}
	}
	gcr_lexer_init(lexer, lexer->text, lexer->text.size);
}

static bool at_end_of_line(const struct gcr_lexer *lexer)
{
	return lexer->token.kind == GCR_TOKEN_SEMI ||
	       lexer->token.kind == GCR_TOKEN_END;
}

static void skip_line(struct gcr_lexer *lexer)
{
	while (!at_end_of_line(lexer) && !gcr_lexer_is(lexer, ")")) {
		if (gcr_lexer_is(lexer, "(") || gcr_lexer_is(lexer, "[") ||
		    gcr_lexer_is(lexer, "{"))
			gcr_lexer_skip_group(lexer);
		else
			gcr_lexer_next(lexer);
	}
}

// `"net/http"` without its quotes.
static struct gcr_span unquote(struct gcr_span literal)
{
	if (literal.size < 2)
		return (struct gcr_span){ literal.data, 0 };
	return gcr_span_head(gcr_span_tail(literal, 1), literal.size - 2);
}

// `alias "path"`, `. "path"`, `"path"`
static int read_import(struct walk *walk)
{
	struct gcr_lexer *lexer = lexer_of(walk);
	struct gcr_sourcefile *file = walk->file;
	struct gcr_import import = { 0 };

	if (lexer->token.kind == GCR_TOKEN_NAME) {
		import.alias = lexer->token.text;
		gcr_lexer_next(lexer);
	}
	if (lexer->token.kind == GCR_TOKEN_LITERAL) {
		import.path = unquote(lexer->token.text);
		if (gcr_arena_grow(walk->set->arena, &file->imports,
				   file->import_count, &walk->import_capacity,
				   sizeof(import), walk->parser.err) != 0)
			return -1;
		file->imports[file->import_count++] = import;
	}
	skip_line(lexer);
	return 0;
}

// `n = 4`, `n int = 4`, `a, b = 1, 2` (left out)
static int read_constant(struct walk *walk)
{
	struct gcr_lexer *lexer = lexer_of(walk);
	struct gcr_arena *arena = walk->set->arena;
	struct gcr_constdef *constant;
	struct gcr_span name = lexer->token.text;

	if (lexer->token.kind != GCR_TOKEN_NAME)
		return gcr_parser_fail(&walk->parser, "a constant");
	gcr_lexer_next(lexer);
	if (lexer->token.kind == GCR_TOKEN_NAME)
		gcr_lexer_next(lexer);
	if (!gcr_lexer_skip(lexer, "=")) {
		skip_line(lexer);
		return 0;
	}
	size_t start = lexer->token.start;
	skip_line(lexer);
	constant = gcr_arena_alloc(arena, sizeof(*constant), walk->parser.err);
	if (constant == NULL)
		return -1;
	*constant = (struct gcr_constdef){
		.name = name,
		.expression = gcr_span_head(gcr_span_tail(lexer->text, start),
					    lexer->token_end - start),
		.package = walk->file->package,
	};
	return gcr_names_add(&walk->set->constants, arena, name, constant,
			     walk->parser.err);
}

// `[T any]` behind the name of a type; but `[4]int` and `[]T` are its type.
static bool has_type_parameters(const struct gcr_lexer *lexer)
{
	struct gcr_lexer ahead = *lexer;

	if (!gcr_lexer_skip(&ahead, "[") || ahead.token.kind != GCR_TOKEN_NAME)
		return false;
	gcr_lexer_next(&ahead);
	// `[n]T` and `[n*2]T` against `[T any]`, `[K, V any]`, `[T *int,]`.
	return ahead.token.kind == GCR_TOKEN_NAME ||
	       gcr_lexer_is(&ahead, ",") || gcr_lexer_is(&ahead, "~") ||
	       gcr_lexer_is(&ahead, "[");
}

// `T struct{ … }`, `T = U`, `G[T any] []T`
static int read_type(struct walk *walk)
{
	struct gcr_lexer *lexer = lexer_of(walk);
	struct gcr_arena *arena = walk->set->arena;
	struct gcr_gotypedef *type =
		gcr_arena_alloc(arena, sizeof(*type), walk->parser.err);

	if (type == NULL)
		return -1;
	if (lexer->token.kind != GCR_TOKEN_NAME)
		return gcr_parser_fail(&walk->parser, "a type name");
	type->name = lexer->token.text;
	type->package = walk->file->package;
	type->file = walk->file;
	gcr_lexer_next(lexer);
	if (has_type_parameters(lexer) &&
	    gcr_parse_type_parameters(&walk->parser, &type->parameters,
				      &type->parameter_count) != 0)
		return -1;
	gcr_lexer_skip(lexer, "=");
	if (gcr_parse_type(&walk->parser, &type->type) != 0)
		return -1;
	skip_line(lexer);
	return gcr_names_add(&walk->set->types, arena, type->name, type,
			     walk->parser.err);
}

static int read_function(struct walk *walk)
{
	struct gcr_lexer *lexer = lexer_of(walk);
	struct gcr_arena *arena = walk->set->arena;
	struct gcr_function *function =
		gcr_arena_alloc(arena, sizeof(*function), walk->parser.err);

	if (function == NULL)
		return -1;
	size_t line = line_at(walk, lexer->token.start);
	if (gcr_parse_function(&walk->parser, function) != 0)
		return -1;
	if (gcr_lexer_is(lexer, "{"))
		gcr_lexer_skip_group(lexer);
	function->first_line = line;
	function->last_line = line_at(walk, lexer->token_end);
	function->file = walk->file;
	function->package = walk->file->package->name;
	return gcr_names_add(&walk->set->functions, arena, function->base,
			     function, walk->parser.err);
}

// One declaration behind its keyword, or a group of them in parentheses.
static int read_group(struct walk *walk, int (*read)(struct walk *walk))
{
	struct gcr_lexer *lexer = lexer_of(walk);

	if (!gcr_lexer_skip(lexer, "("))
		return read(walk);
	for (;;) {
		while (lexer->token.kind == GCR_TOKEN_SEMI)
			gcr_lexer_next(lexer);
		if (gcr_lexer_skip(lexer, ")") ||
		    lexer->token.kind == GCR_TOKEN_END)
			return 0;
		if (read(walk) != 0)
			return -1;
		if (!at_end_of_line(lexer) && !gcr_lexer_is(lexer, ")"))
			return gcr_parser_fail(&walk->parser, "';'");
	}
}

// Anything else at the top level: `var x = …`
static int skip_declaration(struct walk *walk)
{
	skip_line(lexer_of(walk));
	if (gcr_lexer_is(lexer_of(walk), ")"))
		gcr_lexer_next(lexer_of(walk));
	return 0;
}

static int read_declaration(struct walk *walk)
{
	static const struct {
		const char *word;
		int (*read)(struct walk *walk);
	} readers[] = {
		{ "import", read_import },
		{ "const", read_constant },
		{ "type", read_type },
	};
	struct gcr_lexer *lexer = lexer_of(walk);

	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		if (gcr_lexer_is_name(lexer, readers[i].word)) {
			gcr_lexer_next(lexer);
			return read_group(walk, readers[i].read);
		}
	}
	if (!gcr_lexer_is_name(lexer, "func"))
		return skip_declaration(walk);
	gcr_lexer_next(lexer);
	return read_function(walk);
}

static int walk_file(struct walk *walk)
{
	struct gcr_lexer *lexer = lexer_of(walk);

	while (lexer->token.kind != GCR_TOKEN_END) {
		if (lexer->token.kind == GCR_TOKEN_SEMI) {
			gcr_lexer_next(lexer);
			continue;
		}
		if (read_declaration(walk) == 0)
			continue;
		if (forgive(walk) != 0)
			return -1;
		resume(walk);
	}
	return 0;
}

// `package p`; false when there is none.
static bool read_package(struct gcr_lexer *lexer, struct gcr_span *name)
{
	while (lexer->token.kind == GCR_TOKEN_SEMI)
		gcr_lexer_next(lexer);
	if (!gcr_lexer_is_name(lexer, "package"))
		return false;
	gcr_lexer_next(lexer);
	*name = lexer->token.text;
	if (lexer->token.kind != GCR_TOKEN_NAME)
		return false;
	gcr_lexer_next(lexer);
	return true;
}

int gcr_declarations_add_source(struct gcr_declarations *declarations,
				struct gcr_span file, struct gcr_span source,
				struct gcr_error *err)
{
	struct gcr_arena *arena = declarations->arena;
	struct walk walk = { .set = declarations, .line = 1 };
	struct gcr_span text, name;

	walk.parser = (struct gcr_parser){ .arena = arena,
					   .err = &walk.error,
					   .quiet = true };
	walk.file = gcr_arena_alloc(arena, sizeof(*walk.file), err);
	if (walk.file == NULL ||
	    gcr_arena_copy(arena, file, &walk.file->file, err) != 0 ||
	    gcr_arena_copy(arena, source, &text, err) != 0)
		return -1;
	gcr_span_skip(&text, "\xef\xbb\xbf");
	gcr_lexer_init(&walk.parser.lexer, text, 0);
	if (!read_package(&walk.parser.lexer, &name))
		return 0;
	if (gcr_declarations_package(declarations, walk.file->file, name,
				     &walk.file->package, err) != 0)
		return -1;
	if (walk_file(&walk) != 0) {
		*err = walk.error;
		return -1;
	}
	return 0;
}
