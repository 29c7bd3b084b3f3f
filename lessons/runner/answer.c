/*
 * Reading answers. A number may stand among words (`4 bytes`, `len 4`) as long
 * as it is the only one; anything doubtful is asked back, never guessed.
 */

#include "answer.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"

enum {
	NAME_PARTS_MOST = 16,
	DECIMAL = 10,
	HEXADECIMAL = 16
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int digit_value(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + DECIMAL;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + DECIMAL;
	return HEXADECIMAL;
}

static bool is_word(char c)
{
	return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* What one word of an answer is. */
enum token {
	TOKEN_WORD,
	TOKEN_NUMBER,
	TOKEN_TOO_LARGE,
	TOKEN_BAD, /* starts like a number and is none */
};

static enum token read_digits(const char *data, size_t size, int base,
			      uint64_t *ret)
{
	uint64_t value = 0;
	bool any = false;

	for (size_t i = 0; i < size; i++) {
		int digit = digit_value(data[i]);

		if (data[i] == '_')
			continue;
		if (digit >= base)
			return TOKEN_BAD;
		if (value > (UINT64_MAX - (uint64_t)digit) / (uint64_t)base)
			return TOKEN_TOO_LARGE;
		value = value * (uint64_t)base + (uint64_t)digit;
		any = true;
	}
	*ret = value;
	return any ? TOKEN_NUMBER : TOKEN_BAD;
}

static int prefix_base(const char *data, size_t size)
{
	static const char letters[] = "xXbBoO";
	static const int bases[] = { 16, 16, 2, 2, 8, 8 };
	const char *found;

	if (size < 3 || data[0] != '0')
		return 0;
	found = strchr(letters, data[1]);
	return found && *found ? bases[found - letters] : 0;
}

// `hex`: digits without a prefix are hexadecimal.
static enum token read_token(const char *data, size_t size, bool hex,
			     uint64_t *ret)
{
	int base = prefix_base(data, size);
	uint64_t value;

	// 0b1100 without 0x is two numbers where hexadecimal is meant.
	if (base && base != HEXADECIMAL && hex)
		return TOKEN_BAD;
	if (base)
		return read_digits(data + 2, size - 2, base, ret);
	if (!is_digit(data[0]))
		return hex && read_digits(data, size, HEXADECIMAL, &value) ==
					       TOKEN_NUMBER
			       ? read_digits(data, size, HEXADECIMAL, ret)
			       : TOKEN_WORD;
	if (hex)
		return read_digits(data, size, HEXADECIMAL, ret);
	if (read_digits(data, size, DECIMAL, &value) == TOKEN_BAD)
		// `1f` can only be hexadecimal.
		return read_digits(data, size, HEXADECIMAL, ret);
	return read_digits(data, size, DECIMAL, ret);
}

/* The numbers of a line, counted; the first is kept. */
struct scan {
	size_t numbers, words, bad, large;
	uint64_t number;
	bool negative, hexadecimal;
};

// Drops the blank or comma between groups of three digits: `32 402`.
static void join_thousands(char *text)
{
	char *to = text;

	for (char *from = text; *from; from++) {
		bool gap = (*from == ' ' || *from == ',') && from > text &&
			   is_digit(from[-1]) && is_digit(from[1]) &&
			   is_digit(from[2]) && is_digit(from[3]) &&
			   !is_word(from[4]);

		if (!gap)
			*to++ = *from;
	}
	*to = '\0';
}

static void scan_line(const char *text, bool hex, struct scan *ret)
{
	while (*text) {
		size_t size = 0;
		uint64_t value = 0;
		enum token token;

		if (!is_word(*text)) {
			text++;
			continue;
		}
		while (is_word(text[size]))
			size++;
		token = read_token(text, size, hex, &value);
		if (token == TOKEN_NUMBER && ret->numbers++ == 0) {
			ret->number = value;
			ret->negative = text[-1] == '-';
			ret->hexadecimal = read_digits(text, size, DECIMAL,
						       &value) != TOKEN_NUMBER;
		}
		ret->words += token == TOKEN_WORD;
		ret->bad += token == TOKEN_BAD;
		ret->large += token == TOKEN_TOO_LARGE;
		text += size;
	}
}

// `0x19`, `1f`, `a`: one word whose digits can only be hexadecimal.
static bool is_hexadecimal(const char *text)
{
	uint64_t value;
	size_t size = 0;
	int base;

	while (is_word(text[size]))
		size++;
	base = prefix_base(text, size);
	if (base)
		return base == HEXADECIMAL;
	return size && !text[size] &&
	       read_digits(text, size, DECIMAL, &value) == TOKEN_BAD &&
	       read_digits(text, size, HEXADECIMAL, &value) == TOKEN_NUMBER;
}

static int read_number(const struct question *question, const char *text,
		       struct pool *pool, struct answer *ret, const char **why)
{
	bool hex = question->kind == KIND_HEX;
	// A blank in front, so that text[-1] can be looked at.
	char *copy = pool_format(pool, " %s", text);
	struct scan scan = { 0 };

	if (!hex)
		join_thousands(copy);
	scan_line(copy + 1, hex, &scan);
	// Letters that happen to be hexadecimal digits are words beside 0x...
	if (hex && scan.numbers > 1 && strstr(copy, "0x")) {
		const char *at = strstr(copy, "0x");

		scan = (struct scan){ 0 };
		scan_line(at, hex, &scan);
	}
	// Numbers that no lesson asks for.
	*why = hex		   ? "An address looks like 0xc0ffee0."
	       : question->decimal ? "A decimal number looks like 4321."
				   : "A number looks like 4321 or 0x10e1.";
	if (scan.large)
		*why = "That number does not fit 64 bits.";
	else if (scan.numbers > 1)
		*why = "There is more than one number in that. Which is it?";
	else if (question->decimal && is_hexadecimal(copy + 1))
		*why = "Those are hexadecimal digits, as the trace has them. "
		       "What is it in decimal?";
	else if (scan.numbers == 1 && question->decimal && scan.hexadecimal)
		*why = "Write it in decimal.";
	else if (scan.numbers == 1 && !scan.bad) {
		ret->number = scan.number;
		ret->negative = scan.negative && scan.number;
		return 0;
	}
	return -1;
}

static int read_range(const char *text, struct pool *pool, struct answer *ret,
		      const char **why)
{
	const char *start = strpbrk(text, "0123456789");
	char *end, *copy;

	*why = "A number looks like 4321 or 43.21.";
	if (!start)
		return -1;
	if (start > text && start[-1] == '-')
		start--;
	copy = pool_string(pool, start);
	join_thousands(copy);
	ret->real = strtod(copy, &end);
	if (strpbrk(end, "0123456789")) {
		*why = "There is more than one number in that. Which is it?";
		return -1;
	}
	return 0;
}

static void lower_case(char *text)
{
	for (; *text; text++)
		if (*text >= 'A' && *text <= 'Z')
			*text = (char)(*text - 'A' + 'a');
}

static void add_word(struct pool *pool, struct answer *answer, const char *word,
		     size_t size)
{
	answer->words = pool_more(pool, answer->words, answer->word_count,
				  sizeof(*answer->words));
	answer->words[answer->word_count++] = pool_copy(pool, word, size);
}

// net/http.(*Server).Serve(...) is the parts http, server, serve.
static int read_name(const char *text, struct pool *pool, struct answer *ret,
		     const char **why)
{
	char *copy = pool_string(pool, text);
	char *to = copy;
	const char *slash;
	char *end;

	*why = "A function looks like pkg.Function or (*Type).Method.";
	lower_case(copy);
	// Signs alone, with no letter among them, are no name.
	if (!strpbrk(copy, "abcdefghijklmnopqrstuvwxyz_"))
		return -1;
	end = copy + strlen(copy);
	// An argument list at the end, `()` or `(...)`; not a receiver.
	if (end > copy && end[-1] == ')') {
		char *open = strrchr(copy, '(');

		if (open > copy && open[-1] != '.')
			*open = '\0';
	}
	for (char *from = copy; *from; from++)
		if (!strchr("()* \t", *from))
			*to++ = *from;
	*to = '\0';
	slash = strrchr(copy, '/');
	for (const char *part = slash ? slash + 1 : copy; *part;) {
		size_t size = strcspn(part, ".");

		if (size && ret->word_count < NAME_PARTS_MOST)
			add_word(pool, ret, part, size);
		part += size + (part[size] == '.');
	}
	return ret->word_count ? 0 : -1;
}

static int compare_words(const void *one, const void *other)
{
	const char *const *a = one, *const *b = other;

	return strcmp(*a, *b);
}

static int read_set(const char *text, struct pool *pool, struct answer *ret,
		    const char **why)
{
	char *copy = pool_string(pool, text);

	*why = "Write them with a comma or a blank between.";
	lower_case(copy);
	while (*(copy += strspn(copy, " \t\r\n,;"))) {
		size_t size = strcspn(copy, " \t\r\n,;");
		uint64_t value;

		if (read_token(copy, size, false, &value) == TOKEN_NUMBER) {
			const char *word = pool_format(
				pool, "%llu", (unsigned long long)value);

			add_word(pool, ret, word, strlen(word));
		} else {
			add_word(pool, ret, copy, size);
		}
		copy += size;
	}
	if (ret->word_count)
		qsort(ret->words, ret->word_count, sizeof(*ret->words),
		      compare_words);
	return ret->word_count ? 0 : -1;
}

static bool begins(const char *choice, const char *text)
{
	for (; *text; text++, choice++)
		if (!*choice || (*choice | 0x20) != (*text | 0x20))
			return false;
	return true;
}

// The number of a choice, a letter from a), or the first distinct letters.
static int read_choice(const struct question *question, const char *text,
		       struct answer *ret, const char **why)
{
	size_t size = strlen(text), found = 0, number = 0;
	int letter = (*text | 0x20) - 'a' + 1;

	*why = "Which one? Its number, or its first letters.";
	for (size_t i = 0; i < question->choice_count; i++) {
		if (equal_ignoring_case(question->choices[i], text)) {
			ret->number = i + 1;
			return 0;
		}
		if (begins(question->choices[i], text)) {
			number = i + 1;
			found++;
		}
	}
	if (size == 1 && is_digit(*text))
		number = (size_t)(*text - '0');
	else if (size == 1 && found != 1)
		number = letter > 0 ? (size_t)letter : 0;
	else if (found != 1)
		return -1;
	if (number < 1 || number > question->choice_count)
		return -1;
	ret->number = number;
	return 0;
}

int answer_read(const struct question *question, const char *text,
		struct pool *pool, struct answer *ret, const char **why)
{
	struct answer answer = { .kind = question->kind };
	size_t size;
	char *trimmed;
	int status = -1;

	while (is_blank(*text))
		text++;
	size = strlen(text);
	while (size && is_blank(text[size - 1]))
		size--;
	trimmed = pool_copy(pool, text, size);
	*why = "There is nothing in that line.";
	if (size == 0)
		return -1;
	switch (question->kind) {
	case KIND_INT:
	case KIND_HEX:
		status = read_number(question, trimmed, pool, &answer, why);
		break;
	case KIND_NAME:
		status = read_name(trimmed, pool, &answer, why);
		break;
	case KIND_CHOICE:
		status = read_choice(question, trimmed, &answer, why);
		break;
	case KIND_SET:
		status = read_set(trimmed, pool, &answer, why);
		break;
	case KIND_RANGE:
		status = read_range(trimmed, pool, &answer, why);
		break;
	case KIND_COUNT:
		break;
	}
	if (status == 0)
		*ret = answer;
	return status;
}

// `got` may lack the package: the parts are compared from the end.
static bool same_name(const struct answer *right, const struct answer *got)
{
	size_t lacks = right->word_count - got->word_count;

	if (got->word_count > right->word_count || lacks > 1)
		return false;
	for (size_t i = 0; i < got->word_count; i++)
		if (strcmp(right->words[lacks + i], got->words[i]) != 0)
			return false;
	return true;
}

static bool same_set(const struct answer *right, const struct answer *got)
{
	if (right->word_count != got->word_count)
		return false;
	for (size_t i = 0; i < got->word_count; i++)
		if (strcmp(right->words[i], got->words[i]) != 0)
			return false;
	return true;
}

static bool within(const struct question *question, double right, double got)
{
	double by = right < got ? got - right : right - got;
	double allowed = 0;
	char *end = NULL;

	if (question->tolerance)
		allowed = strtod(question->tolerance, &end);
	if (end && *end == '%')
		allowed *= (right < 0 ? -right : right) / 100;
	return by <= allowed;
}

bool answer_equal(const struct question *question, const struct answer *right,
		  const struct answer *got)
{
	switch (right->kind) {
	case KIND_NAME:
		return same_name(right, got);
	case KIND_SET:
		return same_set(right, got);
	case KIND_RANGE:
		return within(question, right->real, got->real);
	case KIND_INT:
	case KIND_HEX:
	case KIND_CHOICE:
	case KIND_COUNT:
		break;
	}
	return right->number == got->number && right->negative == got->negative;
}
