/*
 * Prints what the image reader sees of a program, for tests that compare it
 * with other tools and with the program itself.
 *
 * usage: probe_image BINARY info
 *        probe_image BINARY functions     entry size symbol
 *        probe_image BINARY lines         of pcs on standard input, one a line
 *        probe_image BINARY signatures    symbol, are they complete, types of
 *                                      parameters and results
 */

#include "arena.h"
#include "image.h"
#include "span.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int map_file(const char *path, struct gcr_span *ret)
{
	struct stat about;
	int file = open(path, O_RDONLY | O_CLOEXEC);
	void *bytes = MAP_FAILED;

	if (file < 0)
		return -1;
	if (fstat(file, &about) == 0 && about.st_size > 0)
		bytes = mmap(NULL, (size_t)about.st_size, PROT_READ,
			     MAP_PRIVATE, file, 0);
	close(file);
	if (bytes == MAP_FAILED)
		return -1;
	*ret = (struct gcr_span){ bytes, (size_t)about.st_size };
	return 0;
}

static void print_span(const char *what, struct gcr_span span)
{
	if (span.data != NULL)
		printf("%s %.*s\n", what, GCR_PRINT_SPAN(span));
}

static int print_info(struct gcr_image *image)
{
	static const char *const answers[] = { "?", "no", "yes" };
	const struct gcr_image_info *info = gcr_image_info(image);
	const char *arch = gcr_arch_name(info->target.arch);

	printf("arch %s\n", arch != NULL ? arch : "?");
	printf("releases %u %u\n", info->target.go_min, info->target.go_max);
	print_span("go", info->go_version);
	print_span("path", info->path);
	print_span("module", info->main.path);
	print_span("buildid", info->go_build_id);
	for (size_t i = 0; i < info->dependency_count; i++)
		print_span("dep", info->dependencies[i].path);
	for (size_t i = 0; i < info->setting_count; i++)
		printf("build %.*s=%.*s\n",
		       GCR_PRINT_SPAN(info->settings[i].key),
		       GCR_PRINT_SPAN(info->settings[i].value));
	printf("pie %d functions %zu debug %d optimized %s registers %s\n",
	       info->position_independent, gcr_image_function_count(image),
	       info->has_debug, answers[info->optimized],
	       answers[info->register_arguments]);
	printf("text 0x%" PRIx64 " 0x%" PRIx64 "\n", info->text,
	       info->text_end);
	return 0;
}

static int print_functions(struct gcr_image *image)
{
	struct gcr_image_function function;

	for (size_t i = 0; i < gcr_image_function_count(image); i++)
		if (gcr_image_function(image, i, &function))
			printf("%" PRIx64 " %" PRIu64 " %.*s\n", function.entry,
			       function.size, GCR_PRINT_SPAN(function.symbol));
	return 0;
}

static void print_chain(struct gcr_image *image, struct gcr_arena *arena,
			uint64_t pc)
{
	struct gcr_image_lines lines = { 0 };
	struct gcr_error err;
	int64_t frame = -1;

	if (gcr_image_lines_at(image, pc, arena, &lines, &err) != 0) {
		printf("%" PRIx64 " none\n", pc);
		return;
	}
	gcr_image_frame_size(image, pc, &frame);
	printf("%" PRIx64 " %" PRId64, pc, frame);
	for (size_t i = 0; i < lines.count; i++)
		printf("\t%.*s %.*s:%u", GCR_PRINT_SPAN(lines.items[i].symbol),
		       GCR_PRINT_SPAN(lines.items[i].file),
		       lines.items[i].line);
	putchar('\n');
}

static int print_lines(struct gcr_image *image)
{
	struct gcr_arena *arena = gcr_arena_new(0);
	char line[64];

	while (arena != NULL && fgets(line, sizeof(line), stdin) != NULL) {
		struct gcr_arena_mark mark = gcr_arena_mark(arena);
		uint64_t pc;

		if (sscanf(line, "%" SCNx64, &pc) == 1)
			print_chain(image, arena, pc);
		gcr_arena_rewind(arena, mark);
	}
	gcr_arena_free(arena);
	return 0;
}

// Types alone: reflect does not know names.
static void print_types(const struct gcr_image_signature *signature,
			size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		printf(i > from ? ", %.*s" : "%.*s",
		       GCR_PRINT_SPAN(signature->items[i].layout->type));
}

static int print_signatures(struct gcr_image *image)
{
	struct gcr_image_function function;
	const struct gcr_image_signature *signature;
	struct gcr_error err;

	for (size_t i = 0; i < gcr_image_function_count(image); i++) {
		if (!gcr_image_function(image, i, &function) ||
		    gcr_image_signature(image, function.entry, &signature,
					&err) != 0)
			continue;
		printf("%.*s %s (", GCR_PRINT_SPAN(function.symbol),
		       signature->complete ? "complete" : "partial");
		print_types(signature, 0, signature->parameter_count);
		printf(") (");
		print_types(signature, signature->parameter_count,
			    signature->count);
		printf(")\n");
	}
	return 0;
}

static const struct {
	const char *name;
	int (*run)(struct gcr_image *image);
} views[] = {
	{ "info", print_info },
	{ "functions", print_functions },
	{ "lines", print_lines },
	{ "signatures", print_signatures },
};

int main(int argc, char **argv)
{
	struct gcr_span file;
	struct gcr_image *image;
	struct gcr_error err;
	int status = 2;

	if (argc != 3 || map_file(argv[1], &file) != 0) {
		fprintf(stderr, "usage: probe_image BINARY VIEW\n");
		return 2;
	}
	if (gcr_image_open(file, NULL, &image, &err) != 0) {
		fprintf(stderr, "probe_image: %s: %s\n", argv[1], err.text);
		return 1;
	}
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++)
		if (strcmp(views[i].name, argv[2]) == 0)
			status = views[i].run(image);
	gcr_image_free(image);
	return status;
}
