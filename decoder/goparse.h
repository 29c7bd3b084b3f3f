#ifndef GCR_GOPARSE_H
#define GCR_GOPARSE_H

/*
 * Recursive descent over Go's types, parameter lists and function heads.
 *
 * Each function starts on its first token and leaves the lexer behind its
 * last; on failure the error has the place, unless `quiet` (then only the
 * code: finding the line costs a walk over the text). Results are in the
 * parser's arena, spans point into its text.
 */

#include "golex.h"
#include "gotype.h"

struct gcr_parser {
	struct gcr_lexer lexer;
	struct gcr_arena *arena;
	struct gcr_error *err;
	unsigned depth;
	bool quiet;
};

enum {
	GCR_PARSE_DEPTH = 100
};

/* Fail at the current token: `'x' is not a type`. */
GCR_MUST_CHECK int gcr_parser_fail(const struct gcr_parser *parser,
				   const char *what);

GCR_MUST_CHECK int gcr_parse_type(struct gcr_parser *parser,
				  const struct gcr_gotype **ret);

/* `(a, b int, _ string, rest ...byte)`, on the parenthesis. */
GCR_MUST_CHECK int gcr_parse_parameters(struct gcr_parser *parser,
					struct gcr_gofields *ret);

/* Nothing, a type, or a list in parentheses. */
GCR_MUST_CHECK int gcr_parse_results(struct gcr_parser *parser,
				     struct gcr_gofields *ret);

/* `[K comparable, V any]`, on the bracket: the names only. */
GCR_MUST_CHECK int gcr_parse_type_parameters(struct gcr_parser *parser,
					     struct gcr_span **ret,
					     size_t *ret_count);

/* For goparams.c; the first fails with `text` about the place `start`. */
int gcr_parser_fail_at(const struct gcr_parser *parser, size_t start,
		       const char *text);
GCR_MUST_CHECK int gcr_parser_expect(struct gcr_parser *parser,
				     const char *punct, const char *what);
void gcr_parser_skip_semi(struct gcr_parser *parser);
struct gcr_gotype *gcr_parser_new_type(struct gcr_parser *parser,
				       enum gcr_form form);
GCR_MUST_CHECK int gcr_parser_add_field(struct gcr_parser *parser,
					struct gcr_gofields *fields,
					size_t *capacity,
					struct gcr_gofield field);

/* On the bracket behind a name: is it an instance and the entry's end? */
bool gcr_parser_bracket_ends_entry(const struct gcr_parser *parser,
				   bool is_field);

#endif
