/*
 * Two readings of one list: what they agree on stays.
 */

#include "agree.h"

#include "reading.h"
#include "span.h"

static void forget(struct gcr_value *value)
{
	struct gcr_span none = { 0 };

	value->certainty = GCR_UNKNOWN;
	value->text = value->content = none;
	value->part_count = 0;
	for (size_t i = 0; i < value->child_count; i++)
		forget(&value->children[i]);
}

static bool same_leaf(const struct gcr_value *a, const struct gcr_value *b)
{
	if (a->part_count != b->part_count ||
	    (a->text.data == NULL) != (b->text.data == NULL) ||
	    !gcr_span_equal(a->text, b->text))
		return false;
	for (size_t i = 0; i < a->part_count; i++)
		if (a->part[i] != b->part[i])
			return false;
	return true;
}

// Keep of `value` what `other` agrees with; true if something was lost.
bool gcr_value_agree(struct gcr_value *value, const struct gcr_value *other,
		     bool other_is_loose)
{
	bool lost = false;

	if (value->child_count != other->child_count) {
		forget(value);
		return true;
	}
	for (size_t i = 0; i < value->child_count; i++)
		if (gcr_value_agree(&value->children[i], &other->children[i],
				    other_is_loose))
			lost = true;
	if (value->child_count == 0 && !same_leaf(value, other)) {
		if (other_is_loose) {
			gcr_value_weaken(value, GCR_UNMARKED);
			return false;
		}
		forget(value);
		return true;
	}
	if (lost) {
		value->text = (struct gcr_span){ 0 };
		value->certainty = GCR_UNKNOWN;
	}
	for (size_t i = 0; i < value->part_count; i++)
		value->part_certainty[i] = gcr_certainty_weaker(
			value->part_certainty[i], other->part_certainty[i]);
	// A group is as certain as its parts, which have just been merged.
	value->certainty = gcr_certainty_weaker(
		value->certainty, other_is_loose && value->child_count
					  ? value->certainty
					  : other->certainty);
	for (size_t i = 0; i < value->child_count; i++)
		if (!gcr_span_is(value->children[i].name, "_"))
			value->certainty = gcr_certainty_weaker(
				value->certainty, value->children[i].certainty);
	return lost;
}
