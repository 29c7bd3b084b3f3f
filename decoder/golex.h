#ifndef GCR_GOLEX_H
#define GCR_GOLEX_H

/*
 * Go source text as tokens, with Go's own rule for semicolons: a newline after
 * a name, a literal or a closing bracket is one. Tokens are spans into the
 * text. Never fails: a byte that is no token is a GCR_TOKEN_BAD.
 */

#include "gocrash.h"

enum gcr_token_kind {
	GCR_TOKEN_END,
	GCR_TOKEN_NAME,
	GCR_TOKEN_INT,
	GCR_TOKEN_LITERAL, /* string, rune, float, imaginary */
	GCR_TOKEN_PUNCT,   /* one character, or `...`, `<-`, `<<`, `>>` */
	GCR_TOKEN_SEMI,	   /* `;`, or a newline that stands for one */
	GCR_TOKEN_BAD,
};

struct gcr_token {
	enum gcr_token_kind kind;
	struct gcr_span text;
	size_t start; /* offset in the lexer's text */
};

struct gcr_lexer {
	struct gcr_span text;
	size_t at;	  /* behind `token` */
	size_t token_end; /* behind the token before `token` */
	struct gcr_token token;
};

/* Begin at offset `at` of `text`, on the first token. */
void gcr_lexer_init(struct gcr_lexer *lexer, struct gcr_span text, size_t at);

/* Move to the next token. */
void gcr_lexer_next(struct gcr_lexer *lexer);

bool gcr_lexer_is(const struct gcr_lexer *lexer, const char *punct);
bool gcr_lexer_is_name(const struct gcr_lexer *lexer, const char *name);

/* If the token is this punctuation, move behind it. */
bool gcr_lexer_skip(struct gcr_lexer *lexer, const char *punct);

/*
 * On an opening bracket: move behind the one that closes it. False at the end
 * of the text. Brackets of other kinds inside must match too.
 */
bool gcr_lexer_skip_group(struct gcr_lexer *lexer);

/* The same for looking ahead: gives up after some thousand tokens. */
bool gcr_lexer_skip_short_group(struct gcr_lexer *lexer);

/* Line and column of an offset; linear in the offset. */
struct gcr_place gcr_text_place(struct gcr_span text, size_t offset);

/*
 * `text` on one line without comments, in the dump's or the set's arena: runs
 * of white space become one space, newlines that end a field `; `.
 */
GCR_MUST_CHECK int gcr_one_line(struct gcr_span text, struct gcr_arena *arena,
				struct gcr_span *ret, struct gcr_error *err);

#endif
