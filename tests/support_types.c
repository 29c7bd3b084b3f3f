/* Composed types and values: see support_types.h. */

#include "support_types.h"

#include <string.h>

// Go reflect.Kind.
enum {
	KIND_INT = 2,
	KIND_ARRAY = 17,
	KIND_CHAN = 18,
	KIND_INTERFACE = 20,
	KIND_MAP = 21,
	KIND_POINTER = 22,
	KIND_SLICE = 23,
	KIND_STRING = 24,
	KIND_STRUCT = 25,
	DIRECT = 0x20,
};

struct composer {
	struct typed *typed;
	uint64_t names; /* what offsets of names count from */
};

static uint64_t here(const struct composer *to)
{
	return GOCORE_HEAP + to->typed->gocore.memory.size;
}

static void put(struct composer *to, uint64_t value, size_t size)
{
	char bytes[8];

	for (size_t i = 0; i < size; i++)
		bytes[i] = (char)(value >> 8 * i & 0xff);
	text_put(&to->typed->gocore.memory, bytes, size);
}

static void align(struct composer *to)
{
	while (here(to) % 8 != 0)
		put(to, 0, 1);
}

static uint64_t put_words(struct composer *to, const uint64_t *words,
			  size_t count)
{
	uint64_t at;

	align(to);
	at = here(to);
	for (size_t i = 0; i < count; i++)
		put(to, words[i], 8);
	return at;
}

#define WORDS(...)                                                             \
	(const uint64_t[]){ __VA_ARGS__ },                                     \
		sizeof((const uint64_t[]){ __VA_ARGS__ }) / 8

// A name of the runtime's: flags, length, text.
static uint64_t put_name(struct composer *to, const char *name)
{
	uint64_t at = here(to);

	put(to, 1, 1);
	put(to, strlen(name), 1);
	text_put(&to->typed->gocore.memory, name, strlen(name));
	return at;
}

static uint64_t put_text(struct composer *to, const char *text)
{
	uint64_t at = here(to);

	text_put(&to->typed->gocore.memory, text, strlen(text));
	return at;
}

/* What descriptors have in common. */
struct head {
	const char *name;
	uint64_t size;
	unsigned kind, align;
};

static uint64_t put_type(struct composer *to, struct head head,
			 const uint64_t *more, size_t count)
{
	uint64_t name = put_name(to, head.name), at;

	align(to);
	at = here(to);
	put(to, head.size, 8);
	put(to, head.size, 8);
	put(to, 0, 4);
	put(to, 0, 1);
	put(to, head.align, 1);
	put(to, head.align, 1);
	put(to, head.kind, 1);
	put(to, 0, 8);
	put(to, 0, 8);
	put(to, name - to->names, 4);
	put(to, 0, 4);
	for (size_t i = 0; i < count; i++)
		put(to, more[i], 8);
	return at;
}

static uint64_t put_node_type(struct composer *to, uint64_t text,
			      uint64_t *pointer)
{
	uint64_t next = put_name(to, "next"), name = put_name(to, "name");
	uint64_t fields, node;
	const struct head head = { "main.node", 24, KIND_STRUCT, 8 };

	// The pointer's element is written when it is known.
	*pointer = put_type(
		to, (struct head){ "*main.node", 8, KIND_POINTER | DIRECT, 8 },
		WORDS(0));
	fields = put_words(to, WORDS(next, *pointer, 0, name, text, 8));
	node = put_type(to, head, WORDS(0, fields, 2, 2));
	gocore_poke(&to->typed->gocore, *pointer + 48, node);
	return node;
}

static void put_types(struct composer *to)
{
	uint64_t *type = to->typed->type, pointer, number, text;

	number = put_type(to, (struct head){ "int", 8, KIND_INT, 8 }, NULL, 0);
	text = put_type(to, (struct head){ "string", 16, KIND_STRING, 8 }, NULL,
			0);
	type[TYPED_INT] = number;
	type[TYPED_STRING] = text;
	type[TYPED_NODE] = put_node_type(to, text, &pointer);
	type[TYPED_POINTER] = pointer;
	type[TYPED_SLICE] = put_type(
		to, (struct head){ "[]int", 24, KIND_SLICE, 8 }, WORDS(number));
	type[TYPED_ARRAY] =
		put_type(to, (struct head){ "[2]string", 32, KIND_ARRAY, 8 },
			 WORDS(text, 0, 2));
	type[TYPED_ANY] = put_type(
		to, (struct head){ "interface {}", 16, KIND_INTERFACE, 8 },
		WORDS(0, 0, 0, 0));
	type[TYPED_ERROR] =
		put_type(to, (struct head){ "error", 16, KIND_INTERFACE, 8 },
			 WORDS(0, 0, 0, 0));
	type[TYPED_MAP] = put_type(
		to, (struct head){ "map[string]int", 8, KIND_MAP | DIRECT, 8 },
		WORDS(text, number, 0, 0, 200, 24, 16, 0));
	type[TYPED_CHAN] = put_type(
		to, (struct head){ "chan int", 8, KIND_CHAN | DIRECT, 8 },
		WORDS(number, 3));
}

// Go internal/runtime/maps: one group of eight slots, all of a small map.
static uint64_t put_map(struct composer *to, uint64_t hello, uint64_t first)
{
	uint64_t group = put_words(to, WORDS(0x8080808012801380, 0, 0, 0, hello,
					     5, 7, 0, 0, 0, first, 5, 9, 0, 0,
					     0, 0, 0, 0, 0, 0, 0, 0, 0, 0));

	return put_words(to, WORDS(2, 0x1234, group, 0, 0, 0));
}

// Go runtime/chan.go hchan, to go1.22.
static uint64_t put_channel(struct composer *to, uint64_t number)
{
	uint64_t buffer = put_words(to, WORDS(6, 0, 0, 5));

	return put_words(
		to, WORDS(2, 4, buffer, 8, number, 1, 3, 0, 0, 0, 0, 0, 0));
}

static void put_values(struct composer *to)
{
	uint64_t *value = to->typed->value, *type = to->typed->type;
	uint64_t hello = put_text(to, "hello"), first = put_text(to, "first");
	uint64_t number, itab;

	value[TYPED_INT] = put_words(to, WORDS((uint64_t)-42));
	value[TYPED_STRING] = put_words(to, WORDS(hello, 5));
	value[TYPED_NODE] = put_words(to, WORDS(0, first, 5));
	gocore_poke(&to->typed->gocore, value[TYPED_NODE], value[TYPED_NODE]);
	value[TYPED_POINTER] = put_words(to, WORDS(value[TYPED_NODE]));
	number = put_words(to, WORDS(1, 2, 3, 4));
	value[TYPED_SLICE] = put_words(to, WORDS(number, 3, 4));
	value[TYPED_ARRAY] = put_words(to, WORDS(hello, 5, first, 5));
	value[TYPED_ANY] =
		put_words(to, WORDS(type[TYPED_POINTER], value[TYPED_NODE]));
	itab = put_words(to,
			 WORDS(type[TYPED_ERROR], type[TYPED_STRING], 0, 0));
	value[TYPED_ERROR] = put_words(to, WORDS(itab, value[TYPED_STRING]));
	number = put_map(to, hello, first);
	value[TYPED_MAP] = put_words(to, WORDS(number));
	number = put_channel(to, type[TYPED_INT]);
	value[TYPED_CHAN] = put_words(to, WORDS(number));
}

struct typed compose_typed(void)
{
	struct typed typed = { .gocore = compose_gocore() };
	struct composer to = { &typed, typed.gocore.at[GOCORE_TYPES] };

	align(&to);
	put_types(&to);
	// moduledata.etypes
	gocore_poke(&typed.gocore, typed.gocore.at[GOCORE_MODULE] + 8 * 38,
		    here(&to));
	put_values(&to);
	align(&to);
	return typed;
}
