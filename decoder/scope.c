/*
 * Names inside a scope: types, constants, import qualifiers.
 *
 * A source file's scope is its package, then what it imports. A signature given
 * by hand has no imports: its own package is the one that the frame names, and
 * a qualifier is taken for a package's name. What could mean two things means
 * nothing.
 */

#include "declaration.h"
#include "golex.h"
#include "span.h"

// Does the qualifier stand for this import?
static bool import_fits(const struct gcr_import *import,
			struct gcr_span qualifier)
{
	ptrdiff_t slash = gcr_span_find_last(import->path, '/');

	if (import->alias.data != NULL)
		return gcr_span_equal(import->alias, qualifier);
	return gcr_span_equal(gcr_span_tail(import->path, (size_t)(slash + 1)),
			      qualifier);
}

struct gcr_span gcr_scope_import(const struct gcr_scope *scope,
				 struct gcr_span qualifier)
{
	if (scope->file == NULL)
		return qualifier;
	for (size_t i = 0; i < scope->file->import_count; i++)
		if (import_fits(&scope->file->imports[i], qualifier))
			return scope->file->imports[i].path;
	return qualifier;
}

// Of the packages that fit, the one; or NULL.
struct choice {
	const struct gcr_package *package;
	size_t rate;
	bool tied;
};

static void choose(struct choice *choice, const struct gcr_package *package,
		   size_t rate)
{
	if (choice->package == package)
		return;
	if (choice->package == NULL || rate > choice->rate)
		*choice = (struct choice){ package, rate, false };
	else if (rate == choice->rate)
		choice->tied = true;
}

// The directory in which a frame's file stands.
static struct gcr_span directory_of(struct gcr_span file)
{
	ptrdiff_t slash = gcr_span_find_last(file, '/');

	return gcr_span_head(file, slash == GCR_NOWHERE ? 0 : (size_t)slash);
}

static const struct gcr_package *own_package(const struct gcr_scope *scope)
{
	struct choice choice = { 0 };
	const struct gcr_named *named;

	if (scope->package != NULL)
		return scope->package;
	named = gcr_names_find(&scope->set->packages_by_name,
			       scope->package_name);
	for (; named != NULL; named = gcr_named_next(named)) {
		const struct gcr_package *package = named->item;
		choose(&choice, package,
		       gcr_common_tail(directory_of(scope->near),
				       package->directory));
	}
	return choice.tied ? NULL : choice.package;
}

static const struct gcr_package *other_package(const struct gcr_scope *scope,
					       struct gcr_span qualifier)
{
	struct gcr_span path = gcr_scope_import(scope, qualifier);
	struct choice choice = { 0 };
	const struct gcr_named *named =
		gcr_names_find(&scope->set->packages_by_name, qualifier);

	for (; named != NULL; named = gcr_named_next(named)) {
		const struct gcr_package *package = named->item;
		choose(&choice, package,
		       gcr_common_tail(path, package->directory));
	}
	return choice.tied ? NULL : choice.package;
}

// Two definitions of one name (build tags): none is known to be the one.
static const struct gcr_gotypedef *
find_in_package(const struct gcr_names *types,
		const struct gcr_package *package, struct gcr_span name)
{
	const struct gcr_named *named = gcr_names_find(types, name);
	const struct gcr_gotypedef *found = NULL;

	for (; named != NULL; named = gcr_named_next(named)) {
		const struct gcr_gotypedef *type = named->item;
		if (type->package != package)
			continue;
		if (found != NULL &&
		    !gcr_span_equal(found->type->text, type->type->text))
			return NULL;
		found = type;
	}
	return found;
}

const struct gcr_gotypedef *gcr_scope_find_type(const struct gcr_scope *scope,
						struct gcr_span package,
						struct gcr_span name)
{
	const struct gcr_package *in;

	if (scope == NULL || scope->set == NULL)
		return NULL;
	in = package.data == NULL ? own_package(scope)
				  : other_package(scope, package);
	return in == NULL ? NULL
			  : find_in_package(&scope->set->types, in, name);
}

/* Constant expressions, by precedence: * / % << >> before + -. */

enum {
	EXPRESSION_DEPTH = 16
};

struct evaluation {
	struct gcr_lexer lexer;
	const struct gcr_scope *scope;
	unsigned depth;
};

static bool evaluate_sum(struct evaluation *e, uint64_t *ret);
static bool evaluate(const struct gcr_scope *scope, struct gcr_span text,
		     unsigned depth, uint64_t *ret);

static bool find_constant(struct evaluation *e, struct gcr_span name,
			  uint64_t *ret)
{
	const struct gcr_package *package;
	const struct gcr_named *named;
	const struct gcr_constdef *found = NULL;

	if (e->scope == NULL || e->scope->set == NULL)
		return false;
	package = own_package(e->scope);
	named = gcr_names_find(&e->scope->set->constants, name);
	for (; named != NULL; named = gcr_named_next(named)) {
		const struct gcr_constdef *constant = named->item;
		if (constant->package != package)
			continue;
		if (found != NULL &&
		    !gcr_span_equal(found->expression, constant->expression))
			return false;
		found = constant;
	}
	return found != NULL &&
	       evaluate(e->scope, found->expression, e->depth + 1, ret);
}

static bool evaluate_operand(struct evaluation *e, uint64_t *ret)
{
	struct gcr_token token = e->lexer.token;

	if (e->depth >= EXPRESSION_DEPTH)
		return false;
	if (gcr_lexer_skip(&e->lexer, "(")) {
		e->depth++;
		bool ok = evaluate_sum(e, ret);
		e->depth--;
		return ok && gcr_lexer_skip(&e->lexer, ")");
	}
	gcr_lexer_next(&e->lexer);
	if (token.kind == GCR_TOKEN_INT)
		return gcr_go_integer(token.text, ret);
	return token.kind == GCR_TOKEN_NAME && !gcr_lexer_is(&e->lexer, "(") &&
	       !gcr_lexer_is(&e->lexer, ".") &&
	       find_constant(e, token.text, ret);
}

static bool apply(char op, bool shift, uint64_t b, uint64_t *a)
{
	if (shift) {
		if (b > 62 || (op == '<' && *a > UINT64_MAX >> b))
			return false;
		*a = op == '<' ? *a << b : *a >> b;
		return true;
	}
	switch (op) {
	case '*':
		if (b != 0 && *a > UINT64_MAX / b)
			return false;
		*a *= b;
		return true;
	case '+':
		if (*a > UINT64_MAX - b)
			return false;
		*a += b;
		return true;
	case '-':
		if (*a < b)
			return false;
		*a -= b;
		return true;
	default:
		if (b == 0)
			return false;
		*a = op == '/' ? *a / b : *a % b;
		return true;
	}
}

static bool is_operator(const struct evaluation *e, const char *characters)
{
	struct gcr_span text = e->lexer.token.text;

	return e->lexer.token.kind == GCR_TOKEN_PUNCT && text.size > 0 &&
	       strchr(characters, text.data[0]) != NULL &&
	       (text.size == 1 || (text.size == 2 && text.data[1] != '-'));
}

static bool evaluate_product(struct evaluation *e, uint64_t *ret)
{
	uint64_t right;

	if (!evaluate_operand(e, ret))
		return false;
	while (is_operator(e, "*/%<>")) {
		char op = e->lexer.token.text.data[0];
		bool shift = e->lexer.token.text.size == 2;
		gcr_lexer_next(&e->lexer);
		if (!evaluate_operand(e, &right) ||
		    !apply(op, shift, right, ret))
			return false;
	}
	return true;
}

static bool evaluate_sum(struct evaluation *e, uint64_t *ret)
{
	uint64_t right;

	if (!evaluate_product(e, ret))
		return false;
	while (is_operator(e, "+-")) {
		char op = e->lexer.token.text.data[0];
		gcr_lexer_next(&e->lexer);
		if (!evaluate_product(e, &right) ||
		    !apply(op, false, right, ret))
			return false;
	}
	return true;
}

static bool evaluate(const struct gcr_scope *scope, struct gcr_span text,
		     unsigned depth, uint64_t *ret)
{
	struct evaluation e = { .scope = scope, .depth = depth };
	uint64_t value;

	if (depth >= EXPRESSION_DEPTH)
		return false;
	gcr_lexer_init(&e.lexer, text, 0);
	if (!evaluate_sum(&e, &value) || e.lexer.token.kind != GCR_TOKEN_END)
		return false;
	*ret = value;
	return true;
}

bool gcr_scope_constant(const struct gcr_scope *scope,
			struct gcr_span expression, uint64_t *ret)
{
	return evaluate(scope, expression, 0, ret);
}
