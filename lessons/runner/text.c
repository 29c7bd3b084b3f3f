/*
 * Growing texts. Doubling keeps adding linear; out of memory ends the program
 * (see pool.h).
 */

#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pool.h"

enum {
	ROOM_FIRST = 256,
	TAB = 8,
	READ_SIZE = 65536,
	FILE_MODE = 0666,
};

static void reserve(struct text *text, size_t size)
{
	size_t room = text->room ? text->room : ROOM_FIRST;
	char *data;

	if (size > SIZE_MAX / 4 - text->size)
		out_of_memory();
	if (text->data && text->size + size < text->room)
		return;
	while (room <= text->size + size)
		room *= 2;
	data = realloc(text->data, room);
	if (!data)
		out_of_memory();
	text->data = data;
	text->room = room;
}

void text_add(struct text *text, const char *data, size_t size)
{
	reserve(text, size);
	if (size)
		memcpy(text->data + text->size, data, size);
	text->size += size;
	text->data[text->size] = '\0';
}

void text_puts(struct text *text, const char *string)
{
	text_add(text, string, strlen(string));
}

void text_char(struct text *text, char c)
{
	text_add(text, &c, 1);
}

void text_fill(struct text *text, char c, size_t count)
{
	while (count--)
		text_char(text, c);
}

void text_format(struct text *text, const char *format, ...)
{
	struct pool pool = { 0 };
	va_list list;

	va_start(list, format);
	text_puts(text, pool_vformat(&pool, format, list));
	va_end(list);
	pool_done(&pool);
}

void text_done(struct text *text)
{
	free(text->data);
	*text = (struct text){ 0 };
}

const char *text_string(const struct text *text)
{
	return text->data ? text->data : "";
}

size_t utf8_length(const char *data, size_t size)
{
	unsigned char c = size ? (unsigned char)*data : 0;
	size_t length = c < 0x80   ? 1
			: c < 0xc2 ? 0
			: c < 0xe0 ? 2
			: c < 0xf0 ? 3
			: c < 0xf5 ? 4
				   : 0;

	if (length > size)
		return 0;
	for (size_t i = 1; i < length; i++)
		if (((unsigned char)data[i] & 0xc0) != 0x80)
			return 0;
	// U+0080 to U+009f are control characters too.
	if (c == 0xc2 && (unsigned char)data[1] < 0xa0)
		return 0;
	return length;
}

void text_add_safe(struct text *text, const char *data, size_t size, bool utf8)
{
	for (size_t i = 0, column = 0; i < size; column++) {
		unsigned char c = (unsigned char)data[i];
		size_t length = utf8_length(data + i, size - i);

		if (c == '\t') {
			size_t fill = TAB - column % TAB;

			text_fill(text, ' ', fill);
			column += fill - 1;
			i++;
		} else if (c < ' ' || c == 0x7f || !length ||
			   (c >= 0x80 && !utf8)) {
			text_format(text, "\\x%02x", c);
			column += 3;
			i++;
		} else {
			text_add(text, data + i, length);
			i += length;
		}
	}
}

int text_read(struct text *text, const char *path, size_t limit)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t start = text->size;
	ssize_t got;

	if (fd < 0)
		return -1;
	do {
		reserve(text, READ_SIZE);
		got = read(fd, text->data + text->size, READ_SIZE);
		if (got > 0)
			text->size += (size_t)got;
		text->data[text->size] = '\0';
	} while ((got > 0 || (got < 0 && errno == EINTR)) &&
		 text->size - start <= limit);
	close(fd);
	if (text->size - start > limit)
		errno = EFBIG;
	return got == 0 ? 0 : -1;
}

static int write_all(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t done = write(fd, data, size);

		if (done < 0 && errno != EINTR)
			return -1;
		if (done > 0) {
			data += done;
			size -= (size_t)done;
		}
	}
	return 0;
}

int text_write(const struct text *text, const char *path)
{
	struct pool pool = { 0 };
	char *aside = pool_format(&pool, "%s.XXXXXX", path);
	int fd = mkstemp(aside);
	int ret = -1;
	mode_t mask;

	if (fd < 0)
		goto out;
	// mkstemp makes the file private; it is to be as any other.
	mask = umask(0);
	umask(mask);
	fchmod(fd, FILE_MODE & ~mask);
	ret = write_all(fd, text_string(text), text->size);
	if (close(fd) != 0)
		ret = -1;
	if (ret == 0)
		ret = rename(aside, path);
	if (ret != 0) {
		int saved = errno;

		unlink(aside);
		errno = saved;
	}
out:
	pool_done(&pool);
	return ret;
}

bool starts_with(const char *string, const char *prefix)
{
	return strncmp(string, prefix, strlen(prefix)) == 0;
}

static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

bool equal_ignoring_case(const char *one, const char *other)
{
	while (*one && lower(*one) == lower(*other)) {
		one++;
		other++;
	}
	return lower(*one) == lower(*other);
}
