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

static struct gcr_offset map_name(struct bench *bench,
				  struct gcr_offset_query *query,
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
	    offset->chain.count != offset->query->inlined_count + 1)
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

/* What is said without a trace, and when trace and listing do not fit. */

#define EXAMPLE LISTINGS "/go1.22/example1.default.S"

static const struct {
	const char *function;
	uint64_t offset;
	enum gcr_offset_kind kind;
	int problem;		 /* -1: none */
	const char *target, *at; /* mnemonics; NULL: none */
} by_hand[] = {
	// clang-format off
	{ "main.main", 0x4c, GCR_OFFSET_RETURN, -1, "main.example", "ADDQ" },
	{ "main", 0x4c, GCR_OFFSET_RETURN, -1, "main.example", "ADDQ" },
	{ "main.example", 0x25, GCR_OFFSET_RETURN, -1, "runtime.gopanic", "XCHGL" },
	{ "main.main", 0x47, GCR_OFFSET_UNKNOWN, -1, NULL, "CALL" },
	{ "main.main", 0, GCR_OFFSET_UNKNOWN, -1, NULL, "CMPQ" },
	{ "main.main", 0x4d, GCR_OFFSET_UNKNOWN, GCR_OFFSET_INSIDE, NULL, NULL },
	{ "main.main", 89, GCR_OFFSET_UNKNOWN, GCR_OFFSET_BEYOND, NULL, NULL },
	{ "main.main", UINT64_MAX, GCR_OFFSET_UNKNOWN, GCR_OFFSET_BEYOND, NULL, NULL },
	{ "main.absent", 1, GCR_OFFSET_UNKNOWN, GCR_OFFSET_ABSENT, NULL, NULL },
	{ "fmt.Println", 1, GCR_OFFSET_UNKNOWN, -1, NULL, NULL },
	// clang-format on
};

START_TEST(offset_given_by_hand_is_mapped)
{
	struct file file = load_file(EXAMPLE);
	struct gcr_offset_query query;
	struct bench bench;

	set_up(&bench, file_span(&file));
	struct gcr_offset offset = map_name(
		&bench, &query, by_hand[_i].function, by_hand[_i].offset);
	ck_assert_int_eq(offset.kind, by_hand[_i].kind);
	ck_assert_uint_eq(offset.warning_count, by_hand[_i].problem >= 0);
	if (by_hand[_i].problem >= 0)
		ck_assert_int_eq((int)offset.warnings[0].problem,
				 by_hand[_i].problem);
	if (by_hand[_i].target != NULL)
		assert_span(offset.target, by_hand[_i].target, "target");
	else
		ck_assert_ptr_null(offset.call);
	if (by_hand[_i].at != NULL)
		assert_span(offset.at->mnemonic, by_hand[_i].at, "row");
	else
		ck_assert_ptr_null(offset.at);
	tear_down(&bench);
	unload_file(&file);
}
END_TEST

static const struct {
	const char *function, *file;
	unsigned line;
	uint64_t offset;
	const char *callee;
	int problem;
} traces[] = {
	// clang-format off
	{ "main.main", "/a/example1.go", 5, 0x4c, "main.example", -1 },
	{ "main.main", "/a/example1.go", 6, 0x4c, "main.example", GCR_OFFSET_LINE },
	{ "main.main", "/a/other.go", 5, 0x4c, "main.example", GCR_OFFSET_FILE },
	{ "main.main", "/a/example1.go", 5, 0x4c, "main.other", GCR_OFFSET_CALLEE },
	{ "main.main", "/a/example1.go", 6, 0x50, "main.example", GCR_OFFSET_NO_CALL },
	{ "main.main", "/a/example1.go", 5, 0x57, "runtime.morestack", GCR_OFFSET_LINE },
	// clang-format on
};

START_TEST(frame_that_does_not_fit_is_told)
{
	struct gcr_frame frame = {
		.function = gcr_span_of(traces[_i].function),
		.file = gcr_span_of(traces[_i].file),
		.line = traces[_i].line,
		.offset = traces[_i].offset,
		.flags = GCR_FRAME_OFFSET,
	};
	struct gcr_frame callee = { .function =
					    gcr_span_of(traces[_i].callee) };
	struct gcr_offset_query query = {
		.function = frame.function,
		.offset = frame.offset,
		.kind = GCR_OFFSET_RETURN,
		.frame = &frame,
		.callee = &callee,
	};
	struct file file = load_file(EXAMPLE);
	struct bench bench;

	set_up(&bench, file_span(&file));
	struct gcr_offset offset = map(&bench, &query);
	ck_assert_uint_eq(offset.warning_count, traces[_i].problem >= 0);
	if (traces[_i].problem >= 0)
		ck_assert_int_eq((int)offset.warnings[0].problem,
				 traces[_i].problem);
	tear_down(&bench);
	unload_file(&file);
}
END_TEST

// Two packages with a function of one name; the frame's file decides.
START_TEST(function_of_one_name_is_chosen_by_its_file)
{
	static const char text[] =
		"# a.b/one\n\"\".f STEXT size=6\n"
		"\t0x0000 00000 (/s/one.go:3)\tCALL\t\"\".g(SB)\n"
		"\t0x0005 00005 (/s/one.go:4)\tRET\n"
		"# a.b/two\n\"\".f STEXT size=6\n"
		"\t0x0000 00000 (/s/two.go:3)\tCALL\t\"\".g(SB)\n"
		"\t0x0005 00005 (/s/two.go:4)\tRET\n";
	struct gcr_frame frame = { .function = GCR_SPAN("main.f"),
				   .file = GCR_SPAN("/s/two.go"),
				   .line = 3,
				   .offset = 5,
				   .flags = GCR_FRAME_OFFSET };
	struct gcr_offset_query query = { .function = frame.function,
					  .offset = 5,
					  .kind = GCR_OFFSET_RETURN,
					  .frame = &frame };
	struct bench bench;

	set_up(&bench, gcr_span_of(text));
	struct gcr_offset offset = map(&bench, &query);
	ck_assert_uint_eq(offset.warning_count, 0);
	assert_span(offset.routine.package, "a.b/two", "package");
	assert_span(offset.target, "main.g", "target");
	query.frame = NULL;
	offset = map(&bench, &query);
	ck_assert_uint_eq(offset.warning_count, 1);
	ck_assert_int_eq(offset.warnings[0].problem, GCR_OFFSET_AMBIGUOUS);
	tear_down(&bench);
}
END_TEST

static int swallow(void *to, const char *data, size_t size)
{
	text_put(to, data, size);
	return 0;
}

START_TEST(every_allocation_may_fail)
{
	struct file code = load_file(LISTINGS "/go1.22/inlined.default.S");
	struct file text = load_file(RECORDED "/go1.22/inlined.default.txt");
	struct gcr_dump *dump = parse_text(file_span(&text));
	struct bench bench;
	struct gcr_error err;

	set_up(&bench, file_span(&code));
	struct gcr_offset_request request = {
		.code = bench.source,
		.crash = gcr_dump_crash(dump, 0),
		.context = 3,
		.rows = true,
	};
	for (int json = 0; json < 2; json++) {
		struct gcr_view view = { .fail_at = 1 };
		struct text out = { 0 };
		struct gcr_output output = { swallow, &out };

		while (gcr_write_offsets(&request, &view, json, &output,
					 &err) != 0) {
			ck_assert_int_eq(err.code, GCR_NOMEM);
			view.fail_at++;
		}
		ck_assert_uint_gt(view.fail_at, 5);
		text_free(&out);
	}
	tear_down(&bench);
	gcr_dump_free(dump);
	unload_file(&code);
	unload_file(&text);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

int main(void)
{
	Suite *suite = suite_create("offset");
	TCase *tcase = tcase_create("recordings");
	SRunner *runner;
	int failed;

	tcase_add_test(tcase, every_recorded_frame_has_its_row);
	tcase_add_loop_test(tcase, offset_given_by_hand_is_mapped, 0,
			    COUNT(by_hand));
	tcase_add_loop_test(tcase, frame_that_does_not_fit_is_told, 0,
			    COUNT(traces));
	tcase_add_test(tcase, function_of_one_name_is_chosen_by_its_file);
	tcase_add_test(tcase, every_allocation_may_fail);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
