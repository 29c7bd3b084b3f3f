/* gocrash words: a signature and its words, given by hand. */

#include "sources.h"
#include "terminal.h"
#include "verbs.h"

#include <stdlib.h>
#include <string.h>

static bool is_separator(char c)
{
	return c == ' ' || c == ',' || c == '\t' || c == '\n' || c == '\r';
}

/*
 * `main.example(0x1, {0x2, 0x3})` is a whole line of a trace: the list is
 * between the last `(` and the `)` behind it.
 */
static struct gcr_span list_in(struct gcr_span text)
{
	for (size_t i = text.size; i > 0; i--) {
		if (text.data[i - 1] != '(')
			continue;
		text.data += i;
		text.size -= i;
		for (size_t j = text.size; j > 0; j--)
			if (text.data[j - 1] == ')') {
				text.size = j - 1;
				break;
			}
		break;
	}
	return text;
}

// The operands, joined by blanks, in memory of the caller's to free.
static char *join(char **operands, size_t count)
{
	size_t size = 1;
	char *text;

	for (size_t i = 0; i < count; i++)
		size += strlen(operands[i]) + 1;
	text = calloc(1, size);
	size = 0;
	for (size_t i = 0; i < count && text != NULL; i++) {
		size_t length = strlen(operands[i]);

		if (i > 0)
			text[size++] = ' ';
		memcpy(text + size, operands[i], length);
		size += length;
	}
	return text;
}

/*
 * As a traceback spells it: one `, ` between elements, however they were
 * separated, none inside of a brace's edge. In place: never longer than twice
 * the text, which is what `to` has room for.
 */
static void respell(struct gcr_span list, char *to)
{
	bool pending = false;
	char last = '\0';

	for (size_t i = 0; i < list.size; i++) {
		char c = list.data[i];

		if (is_separator(c)) {
			pending = true;
			continue;
		}
		if (pending && last != '\0' && last != '{' && c != '}') {
			*to++ = ',';
			*to++ = ' ';
		}
		pending = false;
		last = c;
		*to++ = c;
	}
	*to = '\0';
}

static int check_signature(const char *signature)
{
	struct gcr_declarations *declarations;
	struct gcr_error err;
	int status = DONE;

	if (gcr_declarations_new(&declarations, &err) != 0) {
		complain_of(&err);
		return FAILED;
	}
	if (gcr_declarations_add(
		    declarations,
		    (struct gcr_span){ signature, strlen(signature) },
		    &err) != 0) {
		complain_at("the signature", signature, &err);
		status = USAGE;
	}
	gcr_declarations_free(declarations);
	return status;
}

static int write_words(const struct settings *settings, const char *list)
{
	const char *signature = settings->operands[0];
	struct gcr_output output = standard_output();
	struct gcr_view view = {
		.given = given_target(settings),
		.color = !settings->json && use_color(settings->color),
		.width = terminal_width(),
	};
	struct gcr_error err;

	if (gcr_write_words((struct gcr_span){ signature, strlen(signature) },
			    (struct gcr_span){ list, strlen(list) }, &view,
			    settings->json, &output, &err) == 0)
		return output_failed() ? FAILED : DONE;
	if (output_failed())
		return FAILED;
	if (err.code == GCR_SYNTAX || err.code == GCR_FORMAT) {
		complain_at("the words", list, &err);
		return USAGE;
	}
	complain_of(&err);
	return FAILED;
}

int run_words(const struct settings *settings)
{
	int status;

	if (settings->operand_count < 2) {
		complain(settings->operand_count == 0
				 ? "a signature and its words are needed"
				 : "words are needed behind the signature");
		complain("try 'gocrash words --help'");
		return USAGE;
	}
	status = check_signature(settings->operands[0]);
	if (status != DONE)
		return status;
	char *text = join(settings->operands + 1, settings->operand_count - 1);
	char *list = text != NULL ? calloc(2, strlen(text) + 1) : NULL;
	if (list == NULL) {
		complain("out of memory");
		status = FAILED;
	} else {
		respell(list_in((struct gcr_span){ text, strlen(text) }), list);
		status = write_words(settings, list);
	}
	free(text);
	free(list);
	return status;
}
