/*
 * Offsets against the recordings: every frame of every trace has a row exactly
 * at its offset, in the listing that was made with its program; return
 * addresses stand behind a CALL of the trace's line, faulting instructions are
 * of it. And what is said when trace and listing do not belong together.
 *
 * LISTINGS names a folder of more recordings, `.S` beside `.txt`.
 */

#include "support.h"

#include "arena.h"
#include "offset.h"
#include "span.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LISTINGS "tests/data/listings"
#define RECORDED "tests/data/recorded"

/* A listing with its source and an arena for answers. */
struct bench {
	struct gcr_listing *listing;
	struct gcr_code_source source;
	struct gcr_arena *arena;
};

static void set_up(struct bench *bench, struct gcr_span text)
{
	struct gcr_error err;

	ck_assert_int_eq(gcr_listing_parse(text, NULL, &bench->listing, &err),
			 0);
	bench->source = gcr_listing_source(bench->listing);
	bench->arena = gcr_arena_new(0);
	ck_assert_ptr_nonnull(bench->arena);
}

static void tear_down(struct bench *bench)
{
	gcr_listing_free(bench->listing);
	gcr_arena_free(bench->arena);
}

static struct gcr_offset map(struct bench *bench,
			     const struct gcr_offset_query *query)
{
	struct gcr_offset offset;
	struct gcr_error err;

	ck_assert_int_eq(gcr_offset_map(&bench->source, query, bench->arena,
					&offset, &err),
			 0);
	return offset;
}

__attribute__((unused)) static struct gcr_offset
map_name(struct bench *bench, struct gcr_offset_query *query,
	 const char *function, uint64_t offset)
{
	*query = (struct gcr_offset_query){ .function = gcr_span_of(function),
					    .offset = offset };
	return map(bench, query);
}

/* The recordings. */

struct counts {
	size_t frames, returns, faults, starts, inlined, absent, wrong;
};

// The line that the trace prints for the innermost code of a frame.
static unsigned innermost_line(const struct gcr_offset *offset)
{
	return offset->query->inlined_count > 0 ? offset->query->inlined[0].line
						: offset->query->frame->line;
}

static void complain(const char *path, const struct gcr_offset *offset,
		     const char *what)
{
	fprintf(stderr, "%s: %.*s +0x%llx (%s): %s\n", path,
		GCR_PRINT_SPAN(offset->query->function),
		(unsigned long long)offset->query->offset,
		gcr_offset_kind_name(offset->kind), what);
}

static const char *fault_of(const struct gcr_offset *offset)
{
	const struct gcr_row *row = offset->at;

	if (offset->at == NULL)
		return "no row at the offset";
	if (offset->kind == GCR_OFFSET_RETURN)
		row = offset->call;
	if (row == NULL)
		return "no CALL before it";
	if (row->line != innermost_line(offset))
		return "another line";
	if (!gcr_span_equal(row->file, offset->query->frame->file))
		return "another file";
	if (offset->query->inlined_count > 0 &&
	    offset->chain_count != offset->query->inlined_count + 1)
		return "another chain";
	if (offset->warning_count > 0)
		return "a warning";
	return NULL;
}

static void judge(struct bench *bench, const struct gcr_offset_query *query,
		  const char *path, struct counts *counts)
{
	struct gcr_offset offset = map(bench, query);
	const char *wrong;

	counts->frames++;
	if (!offset.found) {
		counts->absent++;
		ck_assert_msg(!offset.covered, "%s: %.*s is not found", path,
			      GCR_PRINT_SPAN(query->function));
		return;
	}
	counts->returns += offset.kind == GCR_OFFSET_RETURN;
	counts->faults += offset.kind == GCR_OFFSET_FAULT;
	counts->starts += offset.kind == GCR_OFFSET_START;
	counts->inlined += query->inlined_count > 0;
	wrong = fault_of(&offset);
	if (wrong == NULL)
		return;
	complain(path, &offset, wrong);
	counts->wrong++;
}

static void judge_trace(const char *listing, const char *trace,
			struct counts *counts)
{
	struct file code = load_file(listing), text = load_file(trace);
	struct gcr_dump *dump = parse_text(file_span(&text));
	struct gcr_offset_query *queries;
	struct gcr_error err;
	struct bench bench;
	size_t count;

	set_up(&bench, file_span(&code));
	for (size_t i = 0; i < gcr_dump_crash_count(dump); i++) {
		const struct gcr_crash *crash = gcr_dump_crash(dump, i);

		for (size_t j = 0; j < crash->goroutine_count; j++) {
			ck_assert_int_eq(
				gcr_offset_queries(crash, &crash->goroutines[j],
						   bench.arena, &queries,
						   &count, &err),
				0);
			for (size_t k = 0; k < count; k++)
				judge(&bench, &queries[k], trace, counts);
		}
	}
	tear_down(&bench);
	gcr_dump_free(dump);
	unload_file(&code);
	unload_file(&text);
}

// `listings/go1.13/x.default.S` belongs to `traces/go1.13/x.default.txt`.
static struct counts judge_folder(const char *listings, const char *traces)
{
	struct file_list files = list_files(listings, ".S");
	struct counts counts = { 0 };

	ck_assert_uint_ge(files.count, 20);
	for (size_t i = 0; i < files.count; i++) {
		const char *name = files.paths[i] + strlen(listings);
		char path[256];

		snprintf(path, sizeof(path), "%.100s%.*s.txt", traces,
			 (int)strlen(name) - 2, name);
		judge_trace(files.paths[i], path, &counts);
	}
	printf("%zu listings: %zu frames, %zu absent, %zu returns, "
	       "%zu faults, %zu starts, %zu with inlined ones, %zu wrong\n",
	       files.count, counts.frames, counts.absent, counts.returns,
	       counts.faults, counts.starts, counts.inlined, counts.wrong);
	free_list(&files);
	return counts;
}

START_TEST(every_recorded_frame_has_its_row)
{
	const char *more = getenv("LISTINGS");
	struct counts counts = judge_folder(LISTINGS, RECORDED);

	ck_assert_uint_eq(counts.wrong, 0);
	ck_assert_uint_ge(counts.returns, 30);
	ck_assert_uint_ge(counts.faults, 18);
	ck_assert_uint_ge(counts.inlined, 6);
	if (more != NULL)
		ck_assert_uint_eq(judge_folder(more, more).wrong, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("offset");
	TCase *tcase = tcase_create("recordings");
	SRunner *runner;
	int failed;

	tcase_add_test(tcase, every_recorded_frame_has_its_row);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
