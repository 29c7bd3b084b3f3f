/* `key: value` blocks; the format is drawn in fields.h. */

#include "fields.h"

#include <string.h>

#include "text.h"

static size_t trimmed(const char *data, size_t size)
{
	while (size && strchr(" \t\r", data[size - 1]))
		size--;
	return size;
}

static size_t indent(const char *data, size_t size)
{
	size_t i = 0;

	while (i < size && (data[i] == ' ' || data[i] == '\t'))
		i++;
	return i;
}

// `key: value`: letters, digits, `_` and `-`, then a colon.
static size_t key_length(const char *data, size_t size)
{
	size_t i = strspn(data, "abcdefghijklmnopqrstuvwxyz"
				"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

	return i > 0 && i < size && data[i] == ':' ? i : 0;
}

static void go_on(struct pool *pool, struct field *field, const char *data,
		  size_t size)
{
	size_t skip = indent(data, size);

	field->value = pool_format(pool, "%s%s%.*s", field->value,
				   *field->value ? "\n" : "",
				   (int)(size - skip), data + skip);
}

static int read_line(const char *data, size_t size, size_t line,
		     struct pool *pool, struct fields *fields)
{
	size_t key = key_length(data, size);
	size_t skip;

	if (size == 0 || data[0] == '#')
		return 0;
	if (indent(data, size) > 0 && fields->count > 0) {
		go_on(pool, &fields->items[fields->count - 1], data, size);
		return 0;
	}
	if (key == 0)
		return -1;
	skip = key + 1 + indent(data + key + 1, size - key - 1);
	fields->items = pool_more(pool, fields->items, fields->count,
				  sizeof(*fields->items));
	fields->items[fields->count++] = (struct field){
		.key = pool_copy(pool, data, key),
		.value = pool_copy(pool, data + skip, size - skip),
		.line = line,
	};
	return 0;
}

int fields_read(const char *block, size_t line, struct pool *pool,
		struct fields *ret, size_t *bad_line)
{
	for (; *block; line++) {
		size_t size = strcspn(block, "\n");

		if (read_line(block, trimmed(block, size), line, pool, ret)) {
			*bad_line = line;
			return -1;
		}
		block += size + (block[size] == '\n');
	}
	return 0;
}

const char *fields_value(const struct fields *fields, const char *key)
{
	for (size_t i = 0; i < fields->count; i++)
		if (strcmp(fields->items[i].key, key) == 0)
			return fields->items[i].value;
	return NULL;
}
