/*
 * A declaration given by hand is Go's own syntax or a frame's spelling:
 *
 *	func (s *Stack[T]) Push(x T)        receiver, name, parameters
 *	net/http.(*conn).serve(ctx context.Context)
 *	main.example(slice []string, str string, i int) error
 *
 * A frame's spelling is not Go (an import path is no expression), so the name
 * is taken off by hand up to the parenthesis that opens the parameters.
 */

#include "declaration.h"

#include "arena.h"
#include "crash.h"
#include "error.h"
#include "goparse.h"
#include "span.h"

enum {
	SET_MEMORY = 1 << 30
};

int gcr_declarations_new(struct gcr_declarations **ret, struct gcr_error *err)
{
	struct gcr_arena *arena = gcr_arena_new(SET_MEMORY);
	struct gcr_declarations *set = NULL;

	if (arena == NULL)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	set = gcr_arena_alloc(arena, sizeof(*set), err);
	if (set == NULL) {
		gcr_arena_free(arena);
		return -1;
	}
	set->arena = arena;
	*ret = set;
	return 0;
}

void gcr_declarations_free(struct gcr_declarations *declarations)
{
	if (declarations != NULL)
		gcr_arena_free(declarations->arena);
}

void gcr_declarations_use_image(struct gcr_declarations *declarations,
				struct gcr_image *image,
				const struct gcr_image_match *match)
{
	declarations->image = image;
	declarations->bias = match != NULL ? match->bias : 0;
	declarations->forced = match != NULL && match->kind == GCR_MATCH_NO;
	declarations->bias_known =
		match != NULL && match->bias_known && !declarations->forced;
}

struct gcr_image *
gcr_declarations_image(const struct gcr_declarations *declarations)
{
	return declarations != NULL ? declarations->image : NULL;
}

struct gcr_arena *gcr_declarations_arena(struct gcr_declarations *declarations)
{
	return declarations->arena;
}

static struct gcr_span receiver_type(const struct gcr_gotype *type,
				     bool *pointer, struct gcr_span *package)
{
	*pointer = type->form == GCR_FORM_POINTER;
	if (*pointer)
		type = type->element;
	*package = type->package;
	return type->form == GCR_FORM_NAME ? type->name
					   : (struct gcr_span){ 0 };
}

// `Stack[K, V]`: the receiver's type arguments are the type parameters.
static int receiver_parameters(struct gcr_parser *parser,
			       struct gcr_function *function)
{
	const struct gcr_gotype *type = function->receiver.items[0].type;

	if (type->form == GCR_FORM_POINTER)
		type = type->element;
	function->type_parameters = gcr_arena_array(
		parser->arena, type->argument_count,
		sizeof(*function->type_parameters), parser->err);
	if (function->type_parameters == NULL)
		return -1;
	for (size_t i = 0; i < type->argument_count; i++)
		function->type_parameters[i] = type->arguments[i]->name;
	function->type_parameter_count = type->argument_count;
	return 0;
}

// `(s *T)` before a method's name; the base is complete but for the method.
static int parse_receiver(struct gcr_parser *parser,
			  struct gcr_function *function, struct gcr_span *name,
			  bool *pointer)
{
	if (gcr_parse_parameters(parser, &function->receiver) != 0)
		return -1;
	if (function->receiver.count != 1)
		return gcr_parser_fail(parser, "one receiver");
	*name = receiver_type(function->receiver.items[0].type, pointer,
			      &function->package);
	if (name->size == 0)
		return gcr_parser_fail(parser, "a receiver of a named type");
	return receiver_parameters(parser, function);
}

// What follows the name: `[T any](x T) error`.
static int parse_tail(struct gcr_parser *parser, struct gcr_function *function)
{
	if (gcr_lexer_is(&parser->lexer, "[") &&
	    gcr_parse_type_parameters(parser, &function->type_parameters,
				      &function->type_parameter_count) != 0)
		return -1;
	if (gcr_parse_parameters(parser, &function->parameters) != 0)
		return -1;
	return gcr_parse_results(parser, &function->results);
}

// `func ` and the text of the head from `start` to the last token read.
static int head_text(struct gcr_parser *parser, size_t start,
		     struct gcr_span *ret)
{
	struct gcr_span line;
	struct gcr_span head =
		gcr_span_head(gcr_span_tail(parser->lexer.text, start),
			      parser->lexer.token_end - start);

	if (gcr_one_line(head, parser->arena, &line, parser->err) != 0)
		return -1;
	return gcr_arena_print(parser->arena, ret, parser->err, "func %.*s",
			       GCR_PRINT_SPAN(line));
}

int gcr_parse_function(struct gcr_parser *parser, struct gcr_function *ret)
{
	struct gcr_function function = { 0 };
	struct gcr_span type = { 0 };
	size_t start = parser->lexer.token.start;
	bool pointer = false;

	if (gcr_lexer_is(&parser->lexer, "(") &&
	    parse_receiver(parser, &function, &type, &pointer) != 0)
		return -1;
	struct gcr_span name = parser->lexer.token.text;
	if (parser->lexer.token.kind != GCR_TOKEN_NAME)
		return gcr_parser_fail(parser, "a function name");
	gcr_lexer_next(&parser->lexer);
	if (parse_tail(parser, &function) != 0 ||
	    head_text(parser, start, &function.declaration) != 0)
		return -1;
	function.base = name;
	if (type.data != NULL &&
	    gcr_arena_print(parser->arena, &function.base, parser->err,
			    pointer ? "(*%.*s).%.*s" : "%.*s.%.*s",
			    GCR_PRINT_SPAN(type), GCR_PRINT_SPAN(name)) != 0)
		return -1;
	*ret = function;
	return 0;
}

// Offset of the parenthesis that opens the parameters, or of the end.
static size_t find_parameters(struct gcr_span text, size_t at)
{
	size_t depth = 0;

	for (; at < text.size; at++) {
		char c = text.data[at];
		bool receiver = at > 0 && text.data[at - 1] == '.' &&
				at + 1 < text.size && text.data[at + 1] == '*';
		if (c == '[')
			depth++;
		else if (c == ']' && depth > 0)
			depth--;
		else if (c == '(' && depth == 0 && !receiver)
			break;
	}
	return at;
}

static bool is_name_char(char c)
{
	return (unsigned char)c > 0x20 && c != 0x7f && c != ',' && c != '"' &&
	       c != '{' && c != '}' && c != ';' && c != '\'' && c != '`';
}

// `main.(*Stack[T]).Push`: no blanks but inside brackets.
static int check_name(const struct gcr_parser *parser, size_t start, size_t end)
{
	struct gcr_span text = parser->lexer.text;
	size_t depth = 0;

	for (size_t i = start; i < end; i++) {
		char c = text.data[i];
		depth += c == '[';
		depth -= c == ']' && depth > 0;
		if (depth == 0 && !is_name_char(c))
			return gcr_fail_at(parser->err, GCR_SYNTAX,
					   gcr_text_place(text, i),
					   "a function name cannot have "
					   "'%c' in it",
					   (unsigned char)c < 0x20 ? ' ' : c);
	}
	if (start == end)
		return gcr_fail_at(parser->err, GCR_SYNTAX,
				   gcr_text_place(text, start),
				   "a function name is missing");
	return 0;
}

static const struct gcr_gotype *named_type(struct gcr_parser *parser,
					   struct gcr_span name, bool pointer)
{
	struct gcr_gotype *type =
		gcr_arena_alloc(parser->arena, sizeof(*type), parser->err);

	if (type == NULL)
		return NULL;
	*type = (struct gcr_gotype){
		.form = GCR_FORM_NAME, .name = name, .text = name, .least = 1
	};
	if (!pointer)
		return type;
	struct gcr_gotype *to =
		gcr_arena_alloc(parser->arena, sizeof(*to), parser->err);
	if (to == NULL)
		return NULL;
	*to = (struct gcr_gotype){ .form = GCR_FORM_POINTER,
				   .element = type,
				   .least = 1 };
	if (gcr_arena_print(parser->arena, &to->text, parser->err, "*%.*s",
			    GCR_PRINT_SPAN(name)) != 0)
		return NULL;
	return to;
}

// The receiver that `main.(*T).M` implies.
static int imply_receiver(struct gcr_parser *parser,
			  struct gcr_function *function)
{
	struct gcr_span receiver, method;
	bool pointer;

	if (!gcr_base_method(function->base, &pointer, &receiver, &method))
		return 0;
	struct gcr_gofield *field =
		gcr_arena_alloc(parser->arena, sizeof(*field), parser->err);
	if (field == NULL)
		return -1;
	field->type = named_type(parser, receiver, pointer);
	if (field->type == NULL)
		return -1;
	function->receiver = (struct gcr_gofields){ field, 1 };
	return 0;
}

// Go: `func (*T) M(x int)`; a closure keeps the frame's spelling.
static int spelled_text(struct gcr_parser *parser,
			struct gcr_function *function, size_t start)
{
	struct gcr_span receiver, method, tail;
	bool pointer;

	if (head_text(parser, start, &tail) != 0)
		return -1;
	tail = gcr_span_tail(tail, strlen("func "));
	if (gcr_base_method(function->base, &pointer, &receiver, &method))
		return gcr_arena_print(
			parser->arena, &function->declaration, parser->err,
			"func (%s%.*s) %.*s%.*s", pointer ? "*" : "",
			GCR_PRINT_SPAN(receiver), GCR_PRINT_SPAN(method),
			GCR_PRINT_SPAN(tail));
	return gcr_arena_print(parser->arena, &function->declaration,
			       parser->err, "func %.*s%.*s",
			       GCR_PRINT_SPAN(function->base),
			       GCR_PRINT_SPAN(tail));
}

// Where `[T any]` starts behind a name that ends before `end`; or `end`.
static size_t find_brackets(struct gcr_span text, size_t start, size_t end)
{
	size_t depth = 0;

	if (end == start || text.data[end - 1] != ']')
		return end;
	for (size_t at = end; at > start; at--) {
		depth += text.data[at - 1] == ']';
		if (text.data[at - 1] == '[' && --depth == 0)
			return at - 1;
	}
	return end;
}

static bool is_number(struct gcr_span text)
{
	for (size_t i = 0; i < text.size; i++)
		if (!gcr_is_digit(text.data[i]))
			return false;
	return text.size > 0;
}

// `func1`, `2`, `gowrap1`, `main-range1`: what the compiler names itself.
static bool is_closure_part(struct gcr_span part)
{
	static const char *const stems[] = { "func", "gowrap", "deferwrap",
					     "" };

	if (gcr_span_find_text(part, "-range") != GCR_NOWHERE ||
	    gcr_span_find_text(part, "\xc2\xb7") != GCR_NOWHERE)
		return true;
	for (size_t i = 0; i < sizeof(stems) / sizeof(stems[0]); i++)
		if (gcr_span_starts(part, stems[i]) &&
		    is_number(gcr_span_tail(part, strlen(stems[i]))))
			return true;
	return false;
}

static bool is_closure(struct gcr_span base)
{
	ptrdiff_t dot = gcr_span_find_last(base, '.');

	return dot != GCR_NOWHERE &&
	       is_closure_part(gcr_span_tail(base, (size_t)dot + 1));
}

bool gcr_base_method(struct gcr_span base, bool *pointer,
		     struct gcr_span *receiver, struct gcr_span *method)
{
	struct gcr_span rest = base;

	if (is_closure(base))
		return false;
	*pointer = gcr_span_skip(&rest, "(*");
	*receiver = gcr_span_until(&rest, *pointer ? ')' : '.');
	if (*pointer && !gcr_span_skip_char(&rest, '.'))
		return false;
	*method = rest;
	return receiver->size > 0 && rest.size > 0 &&
	       gcr_span_find(rest, '.') == GCR_NOWHERE;
}

// `main.(*T).M[...](x int) error`, from `start`.
static int parse_spelled(struct gcr_parser *parser, size_t start,
			 struct gcr_function *ret)
{
	struct gcr_span text = parser->lexer.text;
	struct gcr_function function = { 0 };
	struct gcr_function_name name;
	size_t end = find_parameters(text, start), blank = end;

	while (blank > start && (gcr_is_space(text.data[blank - 1]) ||
				 text.data[blank - 1] == '\n'))
		blank--;
	if (check_name(parser, start, blank) != 0 ||
	    gcr_function_name_read(
		    gcr_span_head(gcr_span_tail(text, start), blank - start),
		    parser->arena, &name, parser->err) != 0)
		return -1;
	if (name.base.size == 0)
		return gcr_fail_at(parser->err, GCR_SYNTAX,
				   gcr_text_place(text, blank),
				   "a function name is missing");
	function.package = name.package;
	function.base = name.base;
	size_t tail = find_brackets(text, start, blank);
	gcr_lexer_init(&parser->lexer, text, tail);
	if (parse_tail(parser, &function) != 0 ||
	    imply_receiver(parser, &function) != 0 ||
	    spelled_text(parser, &function, tail) != 0)
		return -1;
	*ret = function;
	return 0;
}

static int parse_given(struct gcr_parser *parser, struct gcr_function *ret)
{
	struct gcr_lexer *lexer = &parser->lexer;
	int result;

	if (!gcr_lexer_is_name(lexer, "func")) {
		result = parse_spelled(parser, lexer->token.start, ret);
	} else {
		gcr_lexer_next(lexer);
		result = gcr_lexer_is(lexer, "(")
				 ? gcr_parse_function(parser, ret)
				 : parse_spelled(parser, lexer->token.start,
						 ret);
	}
	if (result != 0)
		return -1;
	while (lexer->token.kind == GCR_TOKEN_SEMI)
		gcr_lexer_next(lexer);
	// The body of a pasted function does not matter.
	if (lexer->token.kind != GCR_TOKEN_END && !gcr_lexer_is(lexer, "{"))
		return gcr_parser_fail(parser, "the end of the declaration");
	return 0;
}

int gcr_declarations_add(struct gcr_declarations *declarations,
			 struct gcr_span signature, struct gcr_error *err)
{
	struct gcr_arena *arena = declarations->arena;
	struct gcr_parser parser = { .arena = arena, .err = err };
	struct gcr_function *function;
	struct gcr_span text;

	function = gcr_arena_alloc(arena, sizeof(*function), err);
	if (function == NULL || gcr_arena_copy(arena, signature, &text, err))
		return -1;
	gcr_lexer_init(&parser.lexer, text, 0);
	if (parse_given(&parser, function) != 0)
		return -1;
	function->closure = is_closure(function->base);
	return gcr_names_add(&declarations->functions, arena, function->base,
			     function, err);
}

int gcr_declarations_package(struct gcr_declarations *set, struct gcr_span file,
			     struct gcr_span name, struct gcr_package **ret,
			     struct gcr_error *err)
{
	ptrdiff_t slash = gcr_span_find_last(file, '/');
	struct gcr_span directory =
		gcr_span_head(file, slash == GCR_NOWHERE ? 0 : (size_t)slash);
	const struct gcr_named *named =
		gcr_names_find(&set->packages_by_name, name);

	for (; named != NULL; named = gcr_named_next(named)) {
		struct gcr_package *known = named->item;
		if (gcr_span_equal(known->directory, directory)) {
			*ret = known;
			return 0;
		}
	}
	struct gcr_package *package =
		gcr_arena_alloc(set->arena, sizeof(*package), err);
	if (package == NULL)
		return -1;
	*package = (struct gcr_package){ .name = name, .directory = directory };
	if (gcr_names_add(&set->packages_by_name, set->arena, name, package,
			  err) != 0)
		return -1;
	*ret = package;
	return 0;
}
