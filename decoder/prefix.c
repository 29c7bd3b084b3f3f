/*
 * A prefix is the sample before an anchor, with the digits of times left open:
 *
 *	2026-11-23T10:00:00.123Z stderr F goroutine 7 [running]:
 *	dddd-dd-ddTdd:dd:dd.dddZ stderr F
 *
 *	Nov 23 10:00:00 web-1 app[4711]: goroutine 7 [running]:
 *	Nov dd dd:dd:dd web-1 app[4711]:
 *
 * Digits vary when they belong to a cluster of two or more numbers joined by
 * the signs of times and dates, or are a long number (an epoch), or follow the
 * name of a month. Other digits (a pid, a replica's number) stay, so that
 * another writer's lines in between are not taken for ours.
 */

#include "prefix.h"

#include "span.h"

static bool joins_numbers(char c)
{
	return c == ':' || c == '-' || c == '/' || c == '.' || c == ',' ||
	       c == 'T';
}

static size_t digit_run(struct gcr_span text, size_t at)
{
	size_t end = at;

	while (end < text.size && gcr_is_digit(text.data[end]))
		end++;
	return end - at;
}

// End of the cluster of joined numbers at `at`; how many numbers it has.
static size_t cluster_end(struct gcr_span text, size_t at, size_t *numbers)
{
	size_t end = at + digit_run(text, at);

	*numbers = 1;
	while (end + 1 < text.size && joins_numbers(text.data[end]) &&
	       gcr_is_digit(text.data[end + 1])) {
		end++;
		end += digit_run(text, end);
		(*numbers)++;
	}
	return end;
}

static bool follows_month(struct gcr_span text, size_t at)
{
	static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr",
					    "May", "Jun", "Jul", "Aug",
					    "Sep", "Oct", "Nov", "Dec" };

	while (at > 0 && text.data[at - 1] == ' ')
		at--;
	if (at < 3 || (at > 3 && gcr_is_letter(text.data[at - 4])))
		return false;
	for (size_t i = 0; i < 12; i++)
		if (memcmp(text.data + at - 3, months[i], 3) == 0)
			return true;
	return false;
}

enum {
	EPOCH_DIGITS = 10
};

bool gcr_prefix_learn(struct gcr_prefix *prefix, struct gcr_span sample,
		      bool folded)
{
	size_t numbers, end;

	if (sample.size > GCR_PREFIX_MAX)
		return false;
	prefix->active = true;
	prefix->size = sample.size;
	prefix->folded = folded;
	if (sample.size > 0)
		memcpy(prefix->sample, sample.data, sample.size);
	memset(prefix->varies, 0, sizeof(prefix->varies));
	for (size_t at = 0; at < sample.size; at = end) {
		end = at + 1;
		if (!gcr_is_digit(sample.data[at]))
			continue;
		end = cluster_end(sample, at, &numbers);
		if (numbers < 2 && end - at < EPOCH_DIGITS &&
		    !follows_month(sample, at))
			continue;
		for (size_t i = at; i < end; i++)
			prefix->varies[i] = gcr_is_digit(sample.data[i]);
	}
	return true;
}

// Length of the sample without the white space it ends with.
static size_t solid_size(const struct gcr_prefix *prefix)
{
	size_t size = prefix->size;

	while (size > 0 && gcr_is_space(prefix->sample[size - 1]))
		size--;
	return size;
}

bool gcr_prefix_match(const struct gcr_prefix *prefix, struct gcr_span line,
		      size_t *ret)
{
	size_t i = 0, j = 0, solid = solid_size(prefix);
	const char *sample = prefix->sample;

	while (i < prefix->size) {
		if (j >= line.size) {
			if (i < solid)
				return false;
			break;
		}
		if (prefix->varies[i]) {
			size_t digits = digit_run(line, j);
			if (digits == 0)
				return false;
			j += digits;
			while (i < prefix->size && prefix->varies[i])
				i++;
		} else if (i < solid && sample[i] == ' ') {
			// Days and seconds are padded: `Nov  3`.
			if (line.data[j] != ' ')
				return false;
			while (i < solid && sample[i] == ' ')
				i++;
			while (j < line.size && line.data[j] == ' ')
				j++;
		} else if (line.data[j] == sample[i]) {
			i++;
			j++;
		} else {
			return false;
		}
	}
	*ret = j;
	return true;
}
