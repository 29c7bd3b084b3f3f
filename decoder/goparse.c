/*
 * Types. One place of the grammar needs to look ahead: `a [n]b` is a name and
 * an array, `a[n]` an instance, and what follows the bracket decides.
 */

#include "goparse.h"

#include "arena.h"
#include "error.h"
#include "span.h"

int gcr_parser_fail(const struct gcr_parser *parser, const char *what)
{
	const struct gcr_token *token = &parser->lexer.token;
	struct gcr_place place = { 0 };

	if (!parser->quiet)
		place = gcr_text_place(parser->lexer.text, token->start);
	if (token->kind == GCR_TOKEN_END || token->text.size == 0)
		return gcr_fail_at(parser->err, GCR_SYNTAX, place,
				   "%s is missing", what);
	return gcr_fail_at(parser->err, GCR_SYNTAX, place,
			   "%s expected instead of '%.*s'", what,
			   token->text.size < 40 ? (int)token->text.size : 40,
			   token->text.data);
}

int gcr_parser_fail_at(const struct gcr_parser *parser, size_t start,
		       const char *text)
{
	struct gcr_place place = { 0 };

	if (!parser->quiet)
		place = gcr_text_place(parser->lexer.text, start);
	return gcr_fail_at(parser->err, GCR_SYNTAX, place, "%s", text);
}

int gcr_parser_expect(struct gcr_parser *parser, const char *punct,
		      const char *what)
{
	if (!gcr_lexer_skip(&parser->lexer, punct))
		return gcr_parser_fail(parser, what);
	return 0;
}

void gcr_parser_skip_semi(struct gcr_parser *parser)
{
	while (parser->lexer.token.kind == GCR_TOKEN_SEMI)
		gcr_lexer_next(&parser->lexer);
}

bool gcr_go_integer(struct gcr_span literal, uint64_t *ret)
{
	unsigned base = 10;
	uint64_t value = 0;
	bool digits = false;

	if (literal.size > 1 && literal.data[0] == '0') {
		char c = (char)(literal.data[1] | 0x20);
		base = c == 'x' ? 16 : c == 'b' ? 2 : 8;
		literal = gcr_span_tail(
			literal, c == 'x' || c == 'b' || c == 'o' ? 2 : 1);
	}
	for (size_t i = 0; i < literal.size; i++) {
		if (literal.data[i] == '_')
			continue;
		int digit = gcr_hex_digit(literal.data[i]);
		if (digit < 0 || (unsigned)digit >= base ||
		    value > (UINT64_MAX - (unsigned)digit) / base)
			return false;
		value = value * base + (unsigned)digit;
		digits = true;
	}
	if (digits)
		*ret = value;
	return digits;
}

static uint64_t add_least(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static uint64_t multiply_least(uint64_t a, uint64_t b)
{
	return b != 0 && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

struct gcr_gotype *gcr_parser_new_type(struct gcr_parser *parser,
				       enum gcr_form form)
{
	struct gcr_gotype *type =
		gcr_arena_alloc(parser->arena, sizeof(*type), parser->err);

	if (type != NULL) {
		type->form = form;
		type->least = form != GCR_FORM_STRUCT;
	}
	return type;
}

// `G[int, string]` behind the name.
static int parse_arguments(struct gcr_parser *parser, struct gcr_gotype *type)
{
	size_t capacity = 0;

	gcr_lexer_next(&parser->lexer);
	if (gcr_lexer_skip(&parser->lexer, "...")) // as frames print it
		return gcr_parser_expect(parser, "]", "']'");
	do {
		const struct gcr_gotype *argument;
		if (gcr_lexer_is(&parser->lexer, "]") &&
		    type->argument_count > 0)
			break;
		if (gcr_arena_grow(parser->arena, &type->arguments,
				   type->argument_count, &capacity,
				   sizeof(const struct gcr_gotype *),
				   parser->err) != 0 ||
		    gcr_parse_type(parser, &argument) != 0)
			return -1;
		type->arguments[type->argument_count++] = argument;
	} while (gcr_lexer_skip(&parser->lexer, ","));
	return gcr_parser_expect(parser, "]", "']'");
}

// `T`, `pkg.T`, `G[int]`
static int parse_named(struct gcr_parser *parser, struct gcr_gotype *type)
{
	struct gcr_lexer *lexer = &parser->lexer;

	type->name = lexer->token.text;
	gcr_lexer_next(lexer);
	if (gcr_lexer_skip(lexer, ".")) {
		if (lexer->token.kind != GCR_TOKEN_NAME)
			return gcr_parser_fail(parser, "a type name");
		type->package = type->name;
		type->name = lexer->token.text;
		gcr_lexer_next(lexer);
	}
	if (gcr_lexer_is(lexer, "["))
		return parse_arguments(parser, type);
	return 0;
}

static int parse_element(struct gcr_parser *parser, struct gcr_gotype *type)
{
	return gcr_parse_type(parser, &type->element);
}

// `[]T`, `[4]T`, `[n*2]T`, `[...]T`
static int parse_bracket(struct gcr_parser *parser, struct gcr_gotype *type)
{
	struct gcr_lexer *lexer = &parser->lexer;
	struct gcr_lexer inside;
	uint64_t length = 0;

	type->form = GCR_FORM_SLICE;
	inside = *lexer;
	gcr_lexer_next(lexer);
	if (gcr_lexer_skip(lexer, "]"))
		return parse_element(parser, type);
	type->form = GCR_FORM_ARRAY;
	size_t start = lexer->token.start;
	*lexer = inside;
	if (!gcr_lexer_skip_group(lexer))
		return gcr_parser_fail(parser, "']'");
	type->length =
		gcr_span_trim(gcr_span_head(gcr_span_tail(lexer->text, start),
					    lexer->token_end - 1 - start));
	if (parse_element(parser, type) != 0)
		return -1;
	type->least = 0;
	if (gcr_go_integer(type->length, &length))
		type->least = multiply_least(length, type->element->least);
	if (type->least > GCR_LARGEST_TYPE)
		return gcr_parser_fail_at(parser, start - 1,
					  "the array is too large");
	return 0;
}

static int parse_map(struct gcr_parser *parser, struct gcr_gotype *type)
{
	const struct gcr_gotype *key;

	gcr_lexer_next(&parser->lexer);
	if (gcr_parser_expect(parser, "[", "'['") != 0 ||
	    gcr_parse_type(parser, &key) != 0 ||
	    gcr_parser_expect(parser, "]", "']'") != 0)
		return -1;
	return parse_element(parser, type);
}

// `chan T`, `chan<- T`, and behind the arrow of `<-chan T`
static int parse_chan(struct gcr_parser *parser, struct gcr_gotype *type)
{
	if (!gcr_lexer_is_name(&parser->lexer, "chan"))
		return gcr_parser_fail(parser, "'chan'");
	gcr_lexer_next(&parser->lexer);
	gcr_lexer_skip(&parser->lexer, "<-");
	return parse_element(parser, type);
}

static int parse_func(struct gcr_parser *parser)
{
	struct gcr_gofields fields;

	gcr_lexer_next(&parser->lexer);
	if (gcr_parse_parameters(parser, &fields) != 0)
		return -1;
	return gcr_parse_results(parser, &fields);
}

// Methods and unions do not change what an interface value is.
static int parse_interface(struct gcr_parser *parser)
{
	gcr_lexer_next(&parser->lexer);
	if (!gcr_lexer_is(&parser->lexer, "{"))
		return gcr_parser_fail(parser, "'{'");
	if (!gcr_lexer_skip_group(&parser->lexer))
		return gcr_parser_fail(parser, "'}'");
	return 0;
}

// A name and what the bracket behind it is: an instance ends the entry.
bool gcr_parser_bracket_ends_entry(const struct gcr_parser *parser,
				   bool is_field)
{
	struct gcr_lexer ahead = parser->lexer;

	if (!gcr_lexer_skip_short_group(&ahead))
		return false;
	if (is_field)
		return ahead.token.kind == GCR_TOKEN_SEMI ||
		       ahead.token.kind == GCR_TOKEN_LITERAL ||
		       gcr_lexer_is(&ahead, "}");
	return gcr_lexer_is(&ahead, ",") || gcr_lexer_is(&ahead, ")");
}

int gcr_parser_add_field(struct gcr_parser *parser, struct gcr_gofields *fields,
			 size_t *capacity, struct gcr_gofield field)
{
	if (gcr_arena_grow(parser->arena, &fields->items, fields->count,
			   capacity, sizeof(*fields->items), parser->err) != 0)
		return -1;
	fields->items[fields->count++] = field;
	return 0;
}

// True for `T`, `pkg.T`, `G[int]` alone on its line: an embedded field.
static bool is_embedded(const struct gcr_parser *parser)
{
	struct gcr_parser ahead = *parser;

	if (gcr_lexer_is(&ahead.lexer, "*"))
		return true;
	gcr_lexer_next(&ahead.lexer);
	if (gcr_lexer_is(&ahead.lexer, "["))
		return gcr_parser_bracket_ends_entry(&ahead, true);
	return ahead.lexer.token.kind == GCR_TOKEN_SEMI ||
	       ahead.lexer.token.kind == GCR_TOKEN_LITERAL ||
	       gcr_lexer_is(&ahead.lexer, ".") ||
	       gcr_lexer_is(&ahead.lexer, "}");
}

static int parse_embedded(struct gcr_parser *parser,
			  struct gcr_gofields *fields, size_t *capacity)
{
	struct gcr_gofield field = { 0 };

	if (gcr_parse_type(parser, &field.type) != 0)
		return -1;
	const struct gcr_gotype *type = field.type;
	while (type->form == GCR_FORM_POINTER)
		type = type->element;
	field.name = type->name;
	return gcr_parser_add_field(parser, fields, capacity, field);
}

// `a, b int` with an optional tag; the names get the type in the end.
static int parse_field_line(struct gcr_parser *parser,
			    struct gcr_gofields *fields, size_t *capacity)
{
	struct gcr_lexer *lexer = &parser->lexer;
	const struct gcr_gotype *type;
	size_t first = fields->count;

	if (is_embedded(parser))
		return parse_embedded(parser, fields, capacity);
	do {
		if (lexer->token.kind != GCR_TOKEN_NAME)
			return gcr_parser_fail(parser, "a field name");
		struct gcr_gofield field = { .name = lexer->token.text };
		if (gcr_parser_add_field(parser, fields, capacity, field) != 0)
			return -1;
		gcr_lexer_next(lexer);
	} while (gcr_lexer_skip(lexer, ","));
	if (gcr_parse_type(parser, &type) != 0)
		return -1;
	for (size_t i = first; i < fields->count; i++)
		fields->items[i].type = type;
	return 0;
}

static int parse_struct(struct gcr_parser *parser, struct gcr_gotype *type)
{
	struct gcr_lexer *lexer = &parser->lexer;
	size_t capacity = 0, start = lexer->token.start;

	gcr_lexer_next(lexer);
	if (gcr_parser_expect(parser, "{", "'{'") != 0)
		return -1;
	for (gcr_parser_skip_semi(parser); !gcr_lexer_is(lexer, "}");
	     gcr_parser_skip_semi(parser)) {
		if (parse_field_line(parser, &type->fields, &capacity) != 0)
			return -1;
		if (lexer->token.kind == GCR_TOKEN_LITERAL)
			gcr_lexer_next(lexer);
		if (lexer->token.kind != GCR_TOKEN_SEMI &&
		    !gcr_lexer_is(lexer, "}"))
			return gcr_parser_fail(parser, "';' or '}'");
	}
	gcr_lexer_next(lexer);
	for (size_t i = 0; i < type->fields.count; i++)
		type->least = add_least(type->least,
					type->fields.items[i].type->least);
	if (type->least > GCR_LARGEST_TYPE)
		return gcr_parser_fail_at(parser, start,
					  "the struct is too large");
	return 0;
}

static int parse_keyword(struct gcr_parser *parser, struct gcr_gotype *type)
{
	static const struct {
		const char *word;
		enum gcr_form form;
	} words[] = {
		{ "map", GCR_FORM_MAP },
		{ "chan", GCR_FORM_CHAN },
		{ "func", GCR_FORM_FUNC },
		{ "interface", GCR_FORM_INTERFACE },
		{ "struct", GCR_FORM_STRUCT },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (gcr_lexer_is_name(&parser->lexer, words[i].word))
			type->form = words[i].form;
	type->least = type->form != GCR_FORM_STRUCT;
	switch (type->form) {
	case GCR_FORM_MAP:
		return parse_map(parser, type);
	case GCR_FORM_CHAN:
		return parse_chan(parser, type);
	case GCR_FORM_FUNC:
		return parse_func(parser);
	case GCR_FORM_INTERFACE:
		return parse_interface(parser);
	case GCR_FORM_STRUCT:
		return parse_struct(parser, type);
	case GCR_FORM_NAME:
	case GCR_FORM_POINTER:
	case GCR_FORM_SLICE:
	case GCR_FORM_ARRAY:
		break;
	}
	return parse_named(parser, type);
}

static int parse_body(struct gcr_parser *parser, struct gcr_gotype *type)
{
	struct gcr_lexer *lexer = &parser->lexer;

	if (lexer->token.kind == GCR_TOKEN_NAME)
		return parse_keyword(parser, type);
	if (gcr_lexer_is(lexer, "["))
		return parse_bracket(parser, type);
	if (gcr_lexer_skip(lexer, "*")) {
		type->form = GCR_FORM_POINTER;
		type->least = 1;
		return parse_element(parser, type);
	}
	if (gcr_lexer_skip(lexer, "<-")) {
		type->form = GCR_FORM_CHAN;
		type->least = 1;
		return parse_chan(parser, type);
	}
	return gcr_parser_fail(parser, "a type");
}

// `(T)` is T.
static int parse_grouped(struct gcr_parser *parser,
			 const struct gcr_gotype **ret)
{
	const struct gcr_gotype *type;

	gcr_lexer_next(&parser->lexer);
	if (gcr_parse_type(parser, &type) != 0 ||
	    gcr_parser_expect(parser, ")", "')'") != 0)
		return -1;
	*ret = type;
	return 0;
}

static int parse_here(struct gcr_parser *parser, const struct gcr_gotype **ret)
{
	size_t start = parser->lexer.token.start;

	if (gcr_lexer_is(&parser->lexer, "("))
		return parse_grouped(parser, ret);
	struct gcr_gotype *type = gcr_parser_new_type(parser, GCR_FORM_NAME);
	if (type == NULL || parse_body(parser, type) != 0)
		return -1;
	type->text = gcr_span_head(gcr_span_tail(parser->lexer.text, start),
				   parser->lexer.token_end - start);
	*ret = type;
	return 0;
}

int gcr_parse_type(struct gcr_parser *parser, const struct gcr_gotype **ret)
{
	if (parser->depth >= GCR_PARSE_DEPTH)
		return gcr_parser_fail_at(parser, parser->lexer.token.start,
					  "the type is nested too deeply");
	parser->depth++;
	int result = parse_here(parser, ret);
	parser->depth--;
	return result;
}
