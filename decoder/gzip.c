/* zlib's deflate with gzip's head and tail, RFC 1952: no name, no time. */

#include "gzip.h"

#include "arena.h"
#include "error.h"

#include <zlib.h>

enum {
	GZIP_FORMAT = 15 + 16, /* window bits, and gzip's format: see zlib.h */
	MEMORY_LEVEL = 8,
	CHUNK = 8192,
};

struct gcr_gzip {
	struct gcr_arena *arena;
	const struct gcr_output *output;
	struct gcr_error unused;
	z_stream stream;
	unsigned char chunk[CHUNK];
};

static voidpf allocate(voidpf opaque, uInt count, uInt size)
{
	struct gcr_gzip *gzip = opaque;

	return gcr_arena_array(gzip->arena, count, size, &gzip->unused);
}

// It goes with the arena.
static void release(voidpf opaque, voidpf address)
{
	(void)opaque;
	(void)address;
}

int gcr_gzip_new(struct gcr_arena *arena, const struct gcr_output *output,
		 struct gcr_gzip **ret, struct gcr_error *err)
{
	struct gcr_gzip *gzip = gcr_arena_alloc(arena, sizeof(*gzip), err);

	if (gzip == NULL)
		return -1;
	gzip->arena = arena;
	gzip->output = output;
	gzip->stream.zalloc = allocate;
	gzip->stream.zfree = release;
	gzip->stream.opaque = gzip;
	if (deflateInit2(&gzip->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
			 GZIP_FORMAT, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
		return gcr_fail(err, GCR_NOMEM, "out of memory");
	*ret = gzip;
	return 0;
}

// Compress what the stream has been given; with Z_FINISH, to the end.
static int drain(struct gcr_gzip *gzip, int flush)
{
	int status;

	do {
		gzip->stream.next_out = gzip->chunk;
		gzip->stream.avail_out = CHUNK;
		status = deflate(&gzip->stream, flush);
		if (status == Z_STREAM_ERROR ||
		    gzip->output->write(gzip->output->to,
					(const char *)gzip->chunk,
					CHUNK - gzip->stream.avail_out) != 0)
			return -1;
	} while (gzip->stream.avail_out == 0);
	return 0;
}

static int compress_some(void *to, const char *data, size_t size)
{
	enum {
		MOST = 1 << 30
	};
	struct gcr_gzip *gzip = to;

	while (size > 0) {
		size_t part = size < MOST ? size : MOST;

		// zlib does not write there, but has no const in its type.
		gzip->stream.next_in = (z_const Bytef *)(uintptr_t)data;
		gzip->stream.avail_in = (uInt)part;
		if (drain(gzip, Z_NO_FLUSH) != 0)
			return -1;
		data += part;
		size -= part;
	}
	return 0;
}

struct gcr_output gcr_gzip_output(struct gcr_gzip *gzip)
{
	return (struct gcr_output){ compress_some, gzip };
}

int gcr_gzip_done(struct gcr_gzip *gzip, struct gcr_error *err)
{
	gzip->stream.avail_in = 0;
	if (drain(gzip, Z_FINISH) != 0)
		return gcr_fail(err, GCR_IO, "cannot write the result");
	return 0;
}
