/*
 * A node is a piece of text and what may come behind it: the digits of a blank,
 * or one of the texts below, no two of which begin with the same byte.
 *
 *	"goroutine "  digits  " ["  +- "select]:\nmain.f(0x"  digits  ")\n…"
 *	                            +- "IO wait"  +- "]:\nnet.…"
 *	                                          +- ", "  digits  " minutes]:\n…"
 *
 * So no text is looked at twice, however many shapes there are.
 */

#include "likeness.h"

#include "arena.h"
#include "span.h"

enum blank {
	NO_BLANK,
	HEX,
	DECIMAL
};

enum {
	WORD = 8, /* bytes that are compared at once */
};

struct leaf {
	struct gcr_shape *shape;
	void *knows;
};

struct node {
	uint64_t first, mask; /* the first bytes of `text`, and which count */
	struct gcr_span text;
	enum blank blank;
	size_t below_count, below_capacity;
	unsigned char *keys; /* the first bytes of those below */
	struct node **below;
	struct node *behind; /* the blank */
	struct leaf *leaf;   /* the text ends here */
};

struct gcr_likeness {
	struct gcr_arena *arena;
	struct node *root;
};

int gcr_likeness_new(struct gcr_arena *arena, struct gcr_likeness **ret,
		     struct gcr_error *err)
{
	struct gcr_likeness *likeness =
		gcr_arena_alloc(arena, sizeof(*likeness), err);

	if (likeness == NULL)
		return -1;
	likeness->arena = arena;
	*ret = likeness;
	return 0;
}

/* Words of eight bytes ----------------------------------------------------- */

// Little-endian on any machine; compilers make one load of it.
static inline uint64_t load(const char *at)
{
	const unsigned char *p = (const unsigned char *)at;

	return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
	       (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 |
	       (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
	       (uint64_t)p[7] << 56;
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))
#define HIGH EACH(0x80)

// The high bit of each byte that is in the range; bytes are below 0x80.
static inline uint64_t in_range(uint64_t bytes, unsigned from, unsigned to)
{
	return (bytes + EACH(0x80u - from)) & ~(bytes + EACH(0x7fu - to));
}

// How many bytes at the start of `word` are digits.
static inline size_t leading_digits(uint64_t word, bool hex)
{
	uint64_t low = word & ~HIGH;
	uint64_t digits = in_range(low, '0', '9'), other;

	if (hex)
		digits |= in_range(low, 'a', 'f');
	other = ~(digits & ~word) & HIGH;
	if (other == 0)
		return WORD;
	// All bits below the first byte that is none, summed up.
	other = (other & (0 - other)) - 1;
	return (size_t)(((other & EACH(1)) * EACH(1)) >> 56) - 1;
}

// `at` has two words and a byte more before the end.
static inline size_t digit_run(const char *at, bool hex)
{
	size_t size = leading_digits(load(at), hex);

	if (size == WORD)
		size += leading_digits(load(at + WORD), hex);
	return size;
}

/* Adding ------------------------------------------------------------------- */

static void set_text(struct node *node, struct gcr_span text)
{
	node->text = text;
	node->first = node->mask = 0;
	for (size_t i = 0; i < text.size && i < WORD; i++) {
		node->first |= (uint64_t)(unsigned char)text.data[i] << 8 * i;
		node->mask |= UINT64_C(0xff) << 8 * i;
	}
}

static struct node *new_node(struct gcr_likeness *likeness,
			     struct gcr_span text, struct gcr_error *err)
{
	struct node *node =
		gcr_arena_alloc(likeness->arena, sizeof(*node), err);

	if (node != NULL)
		set_text(node, text);
	return node;
}

static int add_below(struct gcr_likeness *likeness, struct node *node,
		     struct node *below, struct gcr_error *err)
{
	size_t keys = node->below_capacity;

	if (gcr_arena_grow(likeness->arena, &node->keys, node->below_count,
			   &keys, sizeof(*node->keys), err) != 0 ||
	    gcr_arena_grow(likeness->arena, &node->below, node->below_count,
			   &node->below_capacity, sizeof(struct node *),
			   err) != 0)
		return -1;
	node->keys[node->below_count] = (unsigned char)below->text.data[0];
	node->below[node->below_count++] = below;
	return 0;
}

static struct node *find_below(const struct node *node, char first)
{
	for (size_t i = 0; i < node->below_count; i++)
		if (node->keys[i] == (unsigned char)first)
			return node->below[i];
	return NULL;
}

// The node keeps the first `size` bytes, the rest becomes one below it.
static int split(struct gcr_likeness *likeness, struct node *node, size_t size,
		 struct gcr_error *err)
{
	struct node *rest =
		gcr_arena_alloc(likeness->arena, sizeof(*rest), err);
	struct node head = { 0 };

	if (rest == NULL)
		return -1;
	*rest = *node;
	set_text(rest, gcr_span_tail(node->text, size));
	set_text(&head, gcr_span_head(node->text, size));
	if (add_below(likeness, &head, rest, err) != 0)
		return -1;
	*node = head;
	return 0;
}

static size_t common_size(struct gcr_span a, struct gcr_span b)
{
	size_t size = 0;

	while (size < a.size && size < b.size && a.data[size] == b.data[size])
		size++;
	return size;
}

// Could `c` be a digit of the blank?
static bool is_digit_of(enum blank blank, char c)
{
	return gcr_is_digit(c) || (blank == HEX && c >= 'a' && c <= 'f');
}

/*
 * The node at the end of `text`, from `*at` downwards, made where there is none.
 * NULL in `*ret` when a blank there might be taken for some of the text.
 */
static int walk(struct gcr_likeness *likeness, struct node **at,
		struct gcr_span text, struct node **ret, struct gcr_error *err)
{
	struct node *node = *at;

	*ret = NULL;
	if (node == NULL) {
		*ret = *at = new_node(likeness, text, err);
		return *at != NULL ? 0 : -1;
	}
	for (;;) {
		size_t same = common_size(node->text, text);
		if (same < node->text.size &&
		    split(likeness, node, same, err) != 0)
			return -1;
		text = gcr_span_tail(text, same);
		if (text.size == 0) {
			*ret = node;
			return 0;
		}
		if (node->leaf != NULL ||
		    (node->blank != NO_BLANK &&
		     is_digit_of(node->blank, text.data[0])))
			return 0;
		struct node *below = find_below(node, text.data[0]);
		if (below == NULL) {
			*ret = new_node(likeness, text, err);
			return *ret == NULL
				       ? -1
				       : add_below(likeness, node, *ret, err);
		}
		node = below;
	}
}

static bool takes_blank(struct node *node, enum blank blank)
{
	if (node->blank != NO_BLANK)
		return node->blank == blank;
	for (size_t i = 0; i < node->below_count; i++)
		if (is_digit_of(blank, (char)node->keys[i]))
			return false;
	node->blank = blank;
	return true;
}

bool gcr_likeness_full(const struct gcr_likeness *likeness)
{
	return gcr_arena_used(likeness->arena) >= GCR_SHAPES_MEMORY;
}

int gcr_likeness_add(struct gcr_likeness *likeness, struct gcr_shape *shape,
		     void *knows, struct gcr_error *err)
{
	struct node **at = &likeness->root, *node;

	if (gcr_likeness_full(likeness))
		return 0;
	for (size_t i = 0; i < shape->blank_count; i++) {
		const struct gcr_blank *blank = &shape->blanks[i];
		if (walk(likeness, at, blank->before, &node, err) != 0)
			return -1;
		if (node == NULL || node->leaf != NULL ||
		    !takes_blank(node, blank->hex ? HEX : DECIMAL))
			return 0;
		at = &node->behind;
	}
	if (walk(likeness, at, shape->rest, &node, err) != 0)
		return -1;
	if (node == NULL || node->leaf != NULL || node->blank != NO_BLANK ||
	    node->below_count > 0)
		return 0;
	node->leaf = gcr_arena_alloc(likeness->arena, sizeof(*node->leaf), err);
	if (node->leaf == NULL)
		return -1;
	*node->leaf = (struct leaf){ shape, knows };
	return 0;
}

/* Finding ------------------------------------------------------------------ */

// What may be looked at behind a piece of text, and is not in it.
enum {
	AHEAD = 2 * WORD + 1
};

static inline bool has_text(const struct node *node, const char *at,
			    const char *end)
{
	struct gcr_span text = node->text;

	return (size_t)(end - at) >= text.size + AHEAD &&
	       ((load(at) ^ node->first) & node->mask) == 0 &&
	       (text.size <= WORD ||
		memcmp(at + WORD, text.data + WORD, text.size - WORD) == 0);
}

// The digits of the blank behind `node`; false when there are none.
static inline bool take_digits(const struct node *node, const char *at,
			       struct gcr_digits *ret)
{
	bool hex = node->blank == HEX;
	size_t size = digit_run(at, hex);

	// With more digits than these, it is none that fits.
	if (size == 0 || (!hex && *at == '0') ||
	    is_digit_of(node->blank, at[size]))
		return false;
	*ret = (struct gcr_digits){ at, size };
	return true;
}

bool gcr_likeness_find(const struct gcr_likeness *likeness,
		       struct gcr_span text, struct gcr_like *ret)
{
	const struct node *node = likeness->root;
	const char *at = text.data, *end = text.data + text.size;
	size_t blanks = 0;

	while (node != NULL && has_text(node, at, end)) {
		at += node->text.size;
		if (node->blank != NO_BLANK &&
		    take_digits(node, at, &ret->digits[blanks])) {
			at += ret->digits[blanks++].size;
			node = node->behind;
			continue;
		}
		if (node->leaf == NULL) {
			node = find_below(node, *at);
			continue;
		}
		ret->shape = node->leaf->shape;
		ret->knows = node->leaf->knows;
		ret->size = (size_t)(at - text.data);
		return gcr_span_starts(gcr_span_tail(text, ret->size),
				       GCR_NEXT_GOROUTINE);
	}
	return false;
}
