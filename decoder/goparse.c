/*
 * Types and parameter lists.
 *
 * Two places of the grammar need to look ahead. In a list, `a` may be a name
 * whose type is still to come (`a, b int`) or a type (`int, string`): entries
 * are collected first and sorted out at the end. And `a [n]b` is a name and an
 * array, `a[n]` an instance: what follows the bracket decides.
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

static int fail_text(const struct gcr_parser *parser, size_t start,
		     const char *text)
{
	struct gcr_place place = { 0 };

	if (!parser->quiet)
		place = gcr_text_place(parser->lexer.text, start);
	return gcr_fail_at(parser->err, GCR_SYNTAX, place, "%s", text);
}

static int expect(struct gcr_parser *parser, const char *punct,
		  const char *what)
{
	if (!gcr_lexer_skip(&parser->lexer, punct))
		return gcr_parser_fail(parser, what);
	return 0;
}

static void skip_semi(struct gcr_parser *parser)
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

static struct gcr_gotype *new_type(struct gcr_parser *parser,
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
		return expect(parser, "]", "']'");
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
	return expect(parser, "]", "']'");
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
		return fail_text(parser, start - 1, "the array is too large");
	return 0;
}

static int parse_map(struct gcr_parser *parser, struct gcr_gotype *type)
{
	const struct gcr_gotype *key;

	gcr_lexer_next(&parser->lexer);
	if (expect(parser, "[", "'['") != 0 ||
	    gcr_parse_type(parser, &key) != 0 ||
	    expect(parser, "]", "']'") != 0)
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
static bool bracket_ends_entry(const struct gcr_parser *parser, bool is_field)
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

static int add_field(struct gcr_parser *parser, struct gcr_gofields *fields,
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
		return bracket_ends_entry(&ahead, true);
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
	return add_field(parser, fields, capacity, field);
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
		if (add_field(parser, fields, capacity, field) != 0)
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
	if (expect(parser, "{", "'{'") != 0)
		return -1;
	for (skip_semi(parser); !gcr_lexer_is(lexer, "}"); skip_semi(parser)) {
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
		return fail_text(parser, start, "the struct is too large");
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
	    expect(parser, ")", "')'") != 0)
		return -1;
	*ret = type;
	return 0;
}

static int parse_here(struct gcr_parser *parser, const struct gcr_gotype **ret)
{
	size_t start = parser->lexer.token.start;

	if (gcr_lexer_is(&parser->lexer, "("))
		return parse_grouped(parser, ret);
	struct gcr_gotype *type = new_type(parser, GCR_FORM_NAME);
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
		return fail_text(parser, parser->lexer.token.start,
				 "the type is nested too deeply");
	parser->depth++;
	int result = parse_here(parser, ret);
	parser->depth--;
	return result;
}

// An entry of a parameter list before names and types are told apart.
struct entry {
	struct gcr_gofield field; // a name alone has no type yet
	size_t start;
};

static bool is_type_word(const struct gcr_lexer *lexer)
{
	return gcr_lexer_is_name(lexer, "map") ||
	       gcr_lexer_is_name(lexer, "chan") ||
	       gcr_lexer_is_name(lexer, "func") ||
	       gcr_lexer_is_name(lexer, "interface") ||
	       gcr_lexer_is_name(lexer, "struct");
}

// Moves behind a parameter's name, if this is one.
static void take_name(struct gcr_parser *parser, struct entry *entry)
{
	struct gcr_lexer before = parser->lexer;
	struct gcr_lexer *lexer = &parser->lexer;

	if (lexer->token.kind != GCR_TOKEN_NAME || is_type_word(lexer))
		return;
	entry->field.name = lexer->token.text;
	gcr_lexer_next(lexer);
	bool type =
		gcr_lexer_is(lexer, ".") ||
		(gcr_lexer_is(lexer, "[") && bracket_ends_entry(parser, false));
	if (type) {
		entry->field.name = (struct gcr_span){ 0 };
		*lexer = before;
	}
}

// `...T`: what the function gets is a slice.
static int parse_variadic(struct gcr_parser *parser, struct entry *entry)
{
	const struct gcr_gotype *element;

	gcr_lexer_next(&parser->lexer);
	if (gcr_parse_type(parser, &element) != 0)
		return -1;
	struct gcr_gotype *type = new_type(parser, GCR_FORM_SLICE);
	if (type == NULL)
		return -1;
	type->element = element;
	entry->field.type = type;
	entry->field.variadic = true;
	return gcr_arena_print(parser->arena, &type->text, parser->err,
			       "[]%.*s", GCR_PRINT_SPAN(element->text));
}

static int parse_entry(struct gcr_parser *parser, struct entry *entry)
{
	struct gcr_lexer *lexer = &parser->lexer;

	*entry = (struct entry){ .start = lexer->token.start };
	take_name(parser, entry);
	if (entry->field.name.data != NULL &&
	    (gcr_lexer_is(lexer, ",") || gcr_lexer_is(lexer, ")")))
		return 0;
	if (gcr_lexer_is(lexer, "..."))
		return parse_variadic(parser, entry);
	return gcr_parse_type(parser, &entry->field.type);
}

// All entries have names, or all are types; a lone name is either.
static int name_entries(struct gcr_parser *parser, struct entry *entries,
			size_t count)
{
	const struct gcr_gotype *type = NULL;

	for (size_t i = count; i > 0; i--) {
		struct gcr_gofield *field = &entries[i - 1].field;
		if (field->name.data == NULL)
			return fail_text(parser, entries[i - 1].start,
					 "a parameter without a name among "
					 "named ones");
		if (field->type != NULL)
			type = field->type;
		else if (type == NULL)
			return fail_text(parser, entries[i - 1].start,
					 "a parameter without a type");
		field->type = type;
	}
	return 0;
}

static int type_entries(struct gcr_parser *parser, struct entry *entries,
			size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct gcr_gofield *field = &entries[i].field;
		if (field->type != NULL)
			continue;
		struct gcr_gotype *type = new_type(parser, GCR_FORM_NAME);
		if (type == NULL)
			return -1;
		type->text = type->name = field->name;
		field->type = type;
		field->name = (struct gcr_span){ 0 };
	}
	return 0;
}

static int settle_entries(struct gcr_parser *parser, struct entry *entries,
			  size_t count, struct gcr_gofields *ret)
{
	bool named = false;

	for (size_t i = 0; i < count; i++)
		if (entries[i].field.name.data != NULL &&
		    entries[i].field.type != NULL)
			named = true;
	if ((named ? name_entries : type_entries)(parser, entries, count) != 0)
		return -1;
	struct gcr_gofields fields = { .count = count };
	fields.items = gcr_arena_array(parser->arena, count,
				       sizeof(*fields.items), parser->err);
	if (fields.items == NULL)
		return -1;
	for (size_t i = 0; i < count; i++)
		fields.items[i] = entries[i].field;
	*ret = fields;
	return 0;
}

int gcr_parse_parameters(struct gcr_parser *parser, struct gcr_gofields *ret)
{
	struct gcr_lexer *lexer = &parser->lexer;
	struct entry *entries = NULL;
	size_t count = 0, capacity = 0;

	if (expect(parser, "(", "'('") != 0)
		return -1;
	while (!gcr_lexer_is(lexer, ")")) {
		if (gcr_arena_grow(parser->arena, &entries, count, &capacity,
				   sizeof(*entries), parser->err) != 0 ||
		    parse_entry(parser, &entries[count]) != 0)
			return -1;
		count++;
		skip_semi(parser);
		if (!gcr_lexer_is(lexer, ")") &&
		    expect(parser, ",", "',' or ')'") != 0)
			return -1;
	}
	gcr_lexer_next(lexer);
	return settle_entries(parser, entries, count, ret);
}

int gcr_parse_results(struct gcr_parser *parser, struct gcr_gofields *ret)
{
	struct gcr_lexer *lexer = &parser->lexer;
	struct gcr_gofield field = { 0 };
	size_t capacity = 0;

	if (gcr_lexer_is(lexer, "("))
		return gcr_parse_parameters(parser, ret);
	*ret = (struct gcr_gofields){ 0 };
	if (lexer->token.kind != GCR_TOKEN_NAME && !gcr_lexer_is(lexer, "*") &&
	    !gcr_lexer_is(lexer, "[") && !gcr_lexer_is(lexer, "<-"))
		return 0;
	if (gcr_parse_type(parser, &field.type) != 0)
		return -1;
	return add_field(parser, ret, &capacity, field);
}

int gcr_parse_type_parameters(struct gcr_parser *parser, struct gcr_span **ret,
			      size_t *ret_count)
{
	struct gcr_lexer *lexer = &parser->lexer;
	struct gcr_span *names = NULL;
	size_t count = 0, capacity = 0;

	gcr_lexer_next(lexer);
	while (!gcr_lexer_is(lexer, "]")) {
		if (gcr_arena_grow(parser->arena, &names, count, &capacity,
				   sizeof(*names), parser->err) != 0)
			return -1;
		if (lexer->token.kind == GCR_TOKEN_NAME)
			names[count++] = lexer->token.text;
		// The constraint may hold commas only inside brackets.
		while (!gcr_lexer_is(lexer, ",") && !gcr_lexer_is(lexer, "]")) {
			bool group = gcr_lexer_is(lexer, "[") ||
				     gcr_lexer_is(lexer, "(") ||
				     gcr_lexer_is(lexer, "{");
			if (lexer->token.kind == GCR_TOKEN_END)
				return gcr_parser_fail(parser, "']'");
			if (group && !gcr_lexer_skip_group(lexer))
				return gcr_parser_fail(parser, "a bracket");
			if (!group)
				gcr_lexer_next(lexer);
		}
		gcr_lexer_skip(lexer, ",");
	}
	gcr_lexer_next(lexer);
	*ret = names;
	*ret_count = count;
	return 0;
}
