/*
 * The lexer looks at one character and hands over to the function for what it
 * starts:
 *
 *	a-z _ >=0x80   name          0-9   number
 *	" ' `          literal       / /   comment, like a space or a newline
 *	anything else  punctuation
 */

#include "golex.h"

#include "arena.h"
#include "error.h"
#include "span.h"

enum {
	SHORT_GROUP = 4096
};

static char byte_at(struct gcr_span text, size_t at)
{
	return at < text.size ? text.data[at] : '\0';
}

// Go lets letters of any alphabet into names; which ones does not matter here.
static bool is_name_byte(char c)
{
	return gcr_is_letter(c) || ((unsigned char)c & 0x80) != 0;
}

static bool ends_statement(struct gcr_token token)
{
	switch (token.kind) {
	case GCR_TOKEN_NAME:
	case GCR_TOKEN_INT:
	case GCR_TOKEN_LITERAL:
		return true;
	case GCR_TOKEN_PUNCT:
		return token.text.size == 1 &&
		       (token.text.data[0] == ')' ||
			token.text.data[0] == ']' || token.text.data[0] == '}');
	case GCR_TOKEN_END:
	case GCR_TOKEN_SEMI:
	case GCR_TOKEN_BAD:
		break;
	}
	return false;
}

// Behind a comment that starts at `at`; `*newline` if it holds one.
static size_t skip_comment(struct gcr_span text, size_t at, bool *newline)
{
	bool line = text.data[at + 1] == '/';

	for (at += 2; at < text.size; at++) {
		if (text.data[at] == '\n') {
			if (line)
				return at;
			*newline = true;
		}
		if (!line && text.data[at] == '*' &&
		    byte_at(text, at + 1) == '/')
			return at + 2;
	}
	return text.size;
}

static size_t skip_quoted(struct gcr_span text, size_t at)
{
	char quote = text.data[at++];

	while (at < text.size && text.data[at] != quote) {
		if (quote != '`' && text.data[at] == '\n')
			return at;
		if (quote != '`' && text.data[at] == '\\')
			at++;
		at++;
	}
	return at < text.size ? at + 1 : text.size;
}

static size_t skip_number(struct gcr_span text, size_t at, bool *integer)
{
	bool hex = text.data[at] == '0' && (byte_at(text, at + 1) == 'x' ||
					    byte_at(text, at + 1) == 'X');

	*integer = text.data[at] != '.';
	for (; at < text.size; at++) {
		char c = text.data[at];
		bool exponent =
			hex ? c == 'p' || c == 'P' : c == 'e' || c == 'E';
		if (c == '.' || exponent || c == 'i')
			*integer = false;
		if (exponent && (byte_at(text, at + 1) == '+' ||
				 byte_at(text, at + 1) == '-'))
			at++;
		else if (c != '.' && !gcr_is_letter(c) && !gcr_is_digit(c))
			break;
	}
	return at;
}

static size_t punct_size(struct gcr_span text, size_t at)
{
	static const char *const longer[] = { "...", "<-", "<<", ">>" };
	struct gcr_span rest = gcr_span_tail(text, at);

	for (size_t i = 0; i < sizeof(longer) / sizeof(longer[0]); i++)
		if (gcr_span_starts(rest, longer[i]))
			return strlen(longer[i]);
	return 1;
}

static struct gcr_token token_at(struct gcr_span text, size_t at)
{
	struct gcr_token token = { .kind = GCR_TOKEN_PUNCT, .start = at };
	char c = text.data[at];
	size_t end = at;
	bool integer;

	if (is_name_byte(c)) {
		token.kind = GCR_TOKEN_NAME;
		while (is_name_byte(byte_at(text, end)) ||
		       gcr_is_digit(byte_at(text, end)))
			end++;
	} else if (gcr_is_digit(c) ||
		   (c == '.' && gcr_is_digit(byte_at(text, at + 1)))) {
		end = skip_number(text, at, &integer);
		token.kind = integer ? GCR_TOKEN_INT : GCR_TOKEN_LITERAL;
	} else if (c == '"' || c == '\'' || c == '`') {
		token.kind = GCR_TOKEN_LITERAL;
		end = skip_quoted(text, at);
	} else if (c == ';') {
		token.kind = GCR_TOKEN_SEMI;
		end = at + 1;
	} else {
		if ((unsigned char)c < 0x20 || c == 0x7f)
			token.kind = GCR_TOKEN_BAD;
		end = at + punct_size(text, at);
	}
	token.text = gcr_span_head(gcr_span_tail(text, at), end - at);
	return token;
}

// True when the blank space holds a newline.
static bool skip_space(struct gcr_lexer *lexer)
{
	bool newline = false;

	while (lexer->at < lexer->text.size) {
		char c = lexer->text.data[lexer->at];
		char next = byte_at(lexer->text, lexer->at + 1);
		if (c == '/' && (next == '/' || next == '*')) {
			lexer->at =
				skip_comment(lexer->text, lexer->at, &newline);
		} else if (gcr_is_space(c) || c == '\r' || c == '\n') {
			newline = newline || c == '\n';
			lexer->at++;
		} else {
			break;
		}
	}
	return newline;
}

void gcr_lexer_next(struct gcr_lexer *lexer)
{
	struct gcr_token last = lexer->token;
	size_t end = lexer->at;

	lexer->token_end = end;
	bool newline = skip_space(lexer);
	if (newline && ends_statement(last)) {
		lexer->token = (struct gcr_token){
			.kind = GCR_TOKEN_SEMI,
			.text = { lexer->text.data + end, 0 },
			.start = end,
		};
		return;
	}
	if (lexer->at >= lexer->text.size) {
		lexer->token = (struct gcr_token){ .kind = GCR_TOKEN_END,
						   .start = lexer->text.size };
		return;
	}
	lexer->token = token_at(lexer->text, lexer->at);
	lexer->at += lexer->token.text.size;
}

void gcr_lexer_init(struct gcr_lexer *lexer, struct gcr_span text, size_t at)
{
	*lexer = (struct gcr_lexer){
		.text = text,
		.at = at < text.size ? at : text.size,
	};
	gcr_lexer_next(lexer);
}

bool gcr_lexer_is(const struct gcr_lexer *lexer, const char *punct)
{
	return lexer->token.kind == GCR_TOKEN_PUNCT &&
	       gcr_span_is(lexer->token.text, punct);
}

bool gcr_lexer_is_name(const struct gcr_lexer *lexer, const char *name)
{
	return lexer->token.kind == GCR_TOKEN_NAME &&
	       gcr_span_is(lexer->token.text, name);
}

bool gcr_lexer_skip(struct gcr_lexer *lexer, const char *punct)
{
	if (!gcr_lexer_is(lexer, punct))
		return false;
	gcr_lexer_next(lexer);
	return true;
}

static bool skip_group(struct gcr_lexer *lexer, size_t most)
{
	size_t depth = 0;

	do {
		if (lexer->token.kind == GCR_TOKEN_END || most-- == 0)
			return false;
		if (gcr_lexer_is(lexer, "(") || gcr_lexer_is(lexer, "[") ||
		    gcr_lexer_is(lexer, "{"))
			depth++;
		else if (gcr_lexer_is(lexer, ")") || gcr_lexer_is(lexer, "]") ||
			 gcr_lexer_is(lexer, "}"))
			depth--;
		gcr_lexer_next(lexer);
	} while (depth > 0);
	return true;
}

bool gcr_lexer_skip_group(struct gcr_lexer *lexer)
{
	return skip_group(lexer, SIZE_MAX);
}

bool gcr_lexer_skip_short_group(struct gcr_lexer *lexer)
{
	return skip_group(lexer, SHORT_GROUP);
}

struct gcr_place gcr_text_place(struct gcr_span text, size_t offset)
{
	struct gcr_place place = { .offset = offset, .line = 1 };
	size_t start = 0;

	for (size_t i = 0; i < offset && i < text.size; i++) {
		if (text.data[i] == '\n') {
			place.line++;
			start = i + 1;
		}
	}
	place.column = offset - start + 1;
	return place;
}

static bool is_one_line(struct gcr_span text)
{
	for (size_t i = 0; i < text.size; i++) {
		char c = text.data[i];
		if (c == '\n' || c == '\r' || c == '\t' || c == '/' ||
		    (c == ' ' && byte_at(text, i + 1) == ' '))
			return false;
	}
	return true;
}

// Copies token after token into a buffer twice the size of the text.
struct one_line {
	char *data;
	size_t size;
	bool brace; // the last token was `{`: no `;` behind it
	bool semi;  // a semicolon is due before the next token
};

static void put(struct one_line *line, const char *data, size_t size)
{
	memcpy(line->data + line->size, data, size);
	line->size += size;
}

static void put_token(struct one_line *line, const struct gcr_lexer *lexer)
{
	bool close = gcr_lexer_is(lexer, "}") || gcr_lexer_is(lexer, ")");
	bool gap = lexer->token.start > lexer->token_end;

	if (lexer->token.kind == GCR_TOKEN_SEMI) {
		line->semi = !line->brace && line->size > 0;
		return;
	}
	if (line->semi && !close)
		put(line, "; ", 2);
	else if (line->size > 0 && (gap || line->semi))
		put(line, " ", 1);
	line->semi = false;
	line->brace = gcr_lexer_is(lexer, "{");
	put(line, lexer->token.text.data, lexer->token.text.size);
}

int gcr_one_line(struct gcr_span text, struct gcr_arena *arena,
		 struct gcr_span *ret, struct gcr_error *err)
{
	struct gcr_lexer lexer;
	struct one_line line = { 0 };

	text = gcr_span_trim(text);
	if (is_one_line(text)) {
		*ret = text;
		return 0;
	}
	// A token of one byte may get `; ` before it.
	line.data = gcr_arena_array(arena, text.size + 1, 3, err);
	if (line.data == NULL)
		return -1;
	gcr_lexer_init(&lexer, text, 0);
	for (; lexer.token.kind != GCR_TOKEN_END; gcr_lexer_next(&lexer))
		put_token(&line, &lexer);
	*ret = (struct gcr_span){ line.data, line.size };
	return 0;
}
