/*
 * Free-format printing after Steele, White, Burger and Dybvig: the number r/s
 * with the distances m- and m+ to its neighbours' midpoints, in integers large
 * enough for any float64. Digits are taken until what is left cannot be
 * mistaken for a neighbour.
 */

#include "gofloat.h"

#include <string.h>

// 1074 bits of the smallest float64, 53 of a mantissa, a factor of 20.
enum {
	BIG_WORDS = 40,
	MOST_DIGITS = 18
};

struct big {
	uint32_t words[BIG_WORDS]; // least first
};

static void multiply(struct big *a, uint32_t by)
{
	uint64_t carry = 0;

	for (size_t i = 0; i < BIG_WORDS; i++) {
		carry += (uint64_t)a->words[i] * by;
		a->words[i] = (uint32_t)carry;
		carry >>= 32;
	}
}

static void shift(struct big *a, unsigned bits)
{
	for (; bits >= 16; bits -= 16)
		multiply(a, UINT32_C(1) << 16);
	multiply(a, UINT32_C(1) << bits);
}

static void add(struct big *a, const struct big *b)
{
	uint64_t carry = 0;

	for (size_t i = 0; i < BIG_WORDS; i++) {
		carry += (uint64_t)a->words[i] + b->words[i];
		a->words[i] = (uint32_t)carry;
		carry >>= 32;
	}
}

static void subtract(struct big *a, const struct big *b)
{
	uint64_t borrow = 0;

	for (size_t i = 0; i < BIG_WORDS; i++) {
		uint64_t difference =
			(uint64_t)a->words[i] - b->words[i] - borrow;
		a->words[i] = (uint32_t)difference;
		borrow = difference >> 63;
	}
}

static int compare(const struct big *a, const struct big *b)
{
	for (size_t i = BIG_WORDS; i > 0; i--)
		if (a->words[i - 1] != b->words[i - 1])
			return a->words[i - 1] < b->words[i - 1] ? -1 : 1;
	return 0;
}

static int compare_sum(const struct big *a, const struct big *b,
		       const struct big *c)
{
	struct big sum = *a;

	add(&sum, b);
	return compare(&sum, c);
}

// The digits of a number 0.ddd * 10^point.
struct digits {
	char text[MOST_DIGITS];
	size_t count;
	int point;
};

struct ratio {
	struct big r, s, plus, minus;
	bool even; // then the midpoints read back as this number too
};

static struct ratio ratio_of(uint64_t mantissa, int exponent, bool lowest)
{
	struct ratio ratio = { .even = mantissa % 2 == 0 };

	ratio.r.words[0] = (uint32_t)mantissa;
	ratio.r.words[1] = (uint32_t)(mantissa >> 32);
	ratio.s.words[0] = ratio.plus.words[0] = ratio.minus.words[0] = 1;
	shift(&ratio.r, 1 + lowest);
	shift(&ratio.s, 1 + lowest);
	shift(&ratio.plus, lowest);
	if (exponent >= 0) {
		shift(&ratio.r, (unsigned)exponent);
		shift(&ratio.plus, (unsigned)exponent);
		shift(&ratio.minus, (unsigned)exponent);
	} else {
		shift(&ratio.s, (unsigned)-exponent);
	}
	return ratio;
}

// Scale so that 0.1 <= r/s < 1, midpoints included.
static int scale(struct ratio *ratio)
{
	int point = 0;

	while (compare_sum(&ratio->r, &ratio->plus, &ratio->s) >=
	       (ratio->even ? 0 : 1)) {
		multiply(&ratio->s, 10);
		point++;
	}
	for (;;) {
		struct ratio next = *ratio;
		multiply(&next.r, 10);
		multiply(&next.plus, 10);
		multiply(&next.minus, 10);
		if (compare_sum(&next.r, &next.plus, &next.s) >=
		    (next.even ? 0 : 1))
			return point;
		*ratio = next;
		point--;
	}
}

static unsigned next_digit(struct ratio *ratio)
{
	unsigned digit = 0;

	multiply(&ratio->r, 10);
	multiply(&ratio->plus, 10);
	multiply(&ratio->minus, 10);
	while (compare(&ratio->r, &ratio->s) >= 0) {
		subtract(&ratio->r, &ratio->s);
		digit++;
	}
	return digit;
}

static unsigned round_digit(const struct ratio *ratio, unsigned digit, bool low,
			    bool high)
{
	int half = compare_sum(&ratio->r, &ratio->r, &ratio->s);

	if (low && high)
		return digit + (half > 0 || (half == 0 && digit % 2 != 0));
	return digit + high;
}

static struct digits shortest(uint64_t mantissa, int exponent, bool lowest)
{
	struct ratio ratio = ratio_of(mantissa, exponent, lowest);
	struct digits digits = { .point = scale(&ratio) };
	bool low = false, high = false;

	while (!low && !high && digits.count < MOST_DIGITS) {
		unsigned digit = next_digit(&ratio);
		low = compare(&ratio.r, &ratio.minus) < (ratio.even ? 1 : 0);
		high = compare_sum(&ratio.r, &ratio.plus, &ratio.s) >=
		       (ratio.even ? 0 : 1);
		if (low || high)
			digit = round_digit(&ratio, digit, low, high);
		digits.text[digits.count++] = (char)('0' + digit);
	}
	return digits;
}

static size_t put(char *text, size_t at, const char *data, size_t size)
{
	memcpy(text + at, data, size);
	return at + size;
}

static size_t put_zeros(char *text, size_t at, int count)
{
	while (count-- > 0)
		text[at++] = '0';
	return at;
}

// d.ddde+XX
static size_t put_exponent(char *text, size_t at, const struct digits *digits)
{
	int exponent = digits->point - 1;
	unsigned size = (unsigned)(exponent < 0 ? -exponent : exponent);

	text[at++] = digits->text[0];
	if (digits->count > 1)
		text[at++] = '.';
	at = put(text, at, digits->text + 1, digits->count - 1);
	text[at++] = 'e';
	text[at++] = exponent < 0 ? '-' : '+';
	if (size >= 100)
		text[at++] = (char)('0' + size / 100);
	text[at++] = (char)('0' + size / 10 % 10);
	text[at++] = (char)('0' + size % 10);
	return at;
}

static size_t put_plain(char *text, size_t at, const struct digits *digits)
{
	int point = digits->point, count = (int)digits->count;

	if (point <= 0) {
		at = put(text, at, "0.", 2);
		at = put_zeros(text, at, -point);
		return put(text, at, digits->text, digits->count);
	}
	if (point >= count) {
		at = put(text, at, digits->text, digits->count);
		return put_zeros(text, at, point - count);
	}
	at = put(text, at, digits->text, (size_t)point);
	text[at++] = '.';
	return put(text, at, digits->text + point, (size_t)(count - point));
}

size_t gcr_float_text(uint64_t bits, unsigned size, bool plus,
		      char text[GCR_FLOAT_TEXT])
{
	unsigned fraction = size == 4 ? 23 : 52;
	int most = size == 4 ? 0xff : 0x7ff;
	int exponent = (int)(bits >> fraction) & most;
	uint64_t mantissa = bits & ((UINT64_C(1) << fraction) - 1);
	bool negative = (bits >> (size * 8 - 1) & 1) != 0;
	bool lowest = mantissa == 0 && exponent > 1;
	size_t at = 0;

	if (exponent == most && mantissa != 0)
		return put(text, 0, plus ? "+NaN" : "NaN", plus ? 4 : 3);
	if (exponent == most)
		return put(text, 0, negative ? "-Inf" : "+Inf", 4);
	if (negative)
		text[at++] = '-';
	else if (plus)
		text[at++] = '+';
	if (exponent == 0 && mantissa == 0)
		return put(text, at, "0", 1);
	if (exponent > 0)
		mantissa |= UINT64_C(1) << fraction;
	exponent += exponent == 0;
	exponent -= most / 2 + (int)fraction;
	struct digits digits = shortest(mantissa, exponent, lowest);
	// Go strconv/ftoa.go, %g of the shortest digits: what fmt prints for %v.
	if (digits.point - 1 < -4 || digits.point - 1 >= 6)
		return put_exponent(text, at, &digits);
	return put_plain(text, at, &digits);
}
