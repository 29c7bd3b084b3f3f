/*
 * Parameter lists. In a list `a` may be a name whose type is still to come
 * (`a, b int`) or a type (`int, string`): entries are collected first and
 * sorted out at the end.
 */

#include "goparse.h"

#include "arena.h"
#include "error.h"
#include "span.h"

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
	bool type = gcr_lexer_is(lexer, ".") ||
		    (gcr_lexer_is(lexer, "[") &&
		     gcr_parser_bracket_ends_entry(parser, false));
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
	struct gcr_gotype *type = gcr_parser_new_type(parser, GCR_FORM_SLICE);
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
			return gcr_parser_fail_at(
				parser, entries[i - 1].start,
				"a parameter without a name among "
				"named ones");
		if (field->type != NULL)
			type = field->type;
		else if (type == NULL)
			return gcr_parser_fail_at(parser, entries[i - 1].start,
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
		struct gcr_gotype *type =
			gcr_parser_new_type(parser, GCR_FORM_NAME);
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

	if (gcr_parser_expect(parser, "(", "'('") != 0)
		return -1;
	while (!gcr_lexer_is(lexer, ")")) {
		if (gcr_arena_grow(parser->arena, &entries, count, &capacity,
				   sizeof(*entries), parser->err) != 0 ||
		    parse_entry(parser, &entries[count]) != 0)
			return -1;
		count++;
		gcr_parser_skip_semi(parser);
		if (!gcr_lexer_is(lexer, ")") &&
		    gcr_parser_expect(parser, ",", "',' or ')'") != 0)
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
	return gcr_parser_add_field(parser, ret, &capacity, field);
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
