/*
 * Programs, composed by hand: what is read of a sound one, and what becomes of
 * damaged ones. tests/live_image.sh has the real ones.
 */

#include "support_program.h"

#include "arena.h"
#include "buildinfo.h"
#include "bytes.h"
#include "debugtype.h"
#include "image.h"
#include "pclntab.h"
#include "span.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct text program;
static struct gcr_image *image;
static struct gcr_arena *arena;

static struct gcr_span bytes_of(const struct text *text)
{
	return (struct gcr_span){ text->data, text->size };
}

static void open_program(void)
{
	struct gcr_error err;

	program = compose_program();
	arena = gcr_arena_new(0);
	ck_assert_msg(gcr_image_open(bytes_of(&program), NULL, &image, &err) ==
			      0,
		      "%s", err.text);
}

static void close_program(void)
{
	gcr_image_free(image);
	gcr_arena_free(arena);
	text_free(&program);
}

static struct gcr_image_function function_named(const char *name)
{
	struct gcr_image_function function;
	size_t after = 0;

	ck_assert_msg(gcr_image_function_named(image, gcr_span_of(name), &after,
					       &function),
		      "no %s", name);
	return function;
}

// What it is ------------------------------------------------------------------

START_TEST(build_information_is_read)
{
	const struct gcr_image_info *info = gcr_image_info(image);
	struct gcr_span value;

	assert_span(info->go_version, "go1.22.6", "release");
	assert_span(info->path, "main", "path");
	assert_span(info->main.path, "example.com/m", "module");
	assert_span(info->main.version, "v1.2.3", "version");
	assert_span(info->main.sum, "h1:sum", "sum");
	ck_assert_uint_eq(info->dependency_count, 1);
	assert_span(info->dependencies[0].path, "example.com/d", "dependency");
	assert_span(info->dependencies[0].replace->path, "../d", "replaced");
	ck_assert(gcr_image_setting(image, "-gcflags", &value));
	assert_span(value, "all=-N -l", "flags");
	ck_assert(!gcr_image_setting(image, "GOOS", &value));
}
END_TEST

START_TEST(settings_settle_release_machine_and_flags)
{
	const struct gcr_image_info *info = gcr_image_info(image);

	ck_assert_uint_eq(info->target.go_min, 22);
	ck_assert_uint_eq(info->target.go_max, 22);
	ck_assert_int_eq(info->target.arch, GCR_AMD64);
	ck_assert_int_eq(info->optimized, GCR_NO);
	ck_assert_int_eq(info->register_arguments, GCR_YES);
	ck_assert(!info->position_independent);
}
END_TEST

START_TEST(compiler_flags_of_a_package_win_over_settings)
{
	ck_assert_int_eq(gcr_image_optimized(image, PROGRAM_TEXT), GCR_YES);
	ck_assert_int_eq(gcr_image_optimized(image, 0x1234), GCR_NO);
}
END_TEST

// Functions -------------------------------------------------------------------

START_TEST(functions_have_size_and_extent)
{
	struct gcr_image_function function;

	ck_assert_uint_eq(gcr_image_function_count(image), 2);
	ck_assert(gcr_image_function(image, 0, &function));
	assert_span(function.symbol, "main.caller", "symbol");
	assert_span(function.file, "/src/main.go", "file");
	ck_assert_uint_eq(function.entry, PROGRAM_TEXT);
	ck_assert_uint_eq(function.size, 0x30);
	ck_assert_uint_eq(function.extent, 0x40);
	ck_assert_uint_eq(function.start_line, 9);
	ck_assert(!gcr_image_function(image, 2, &function));
}
END_TEST

START_TEST(function_at_a_pc_includes_its_padding)
{
	struct gcr_image_function function;

	ck_assert(gcr_image_function_at(image, PROGRAM_TEXT + 0x3f, &function));
	ck_assert_uint_eq(function.entry, PROGRAM_TEXT);
	ck_assert(gcr_image_function_at(image, PROGRAM_TEXT + 0x40, &function));
	ck_assert_uint_eq(function.index, 1);
	ck_assert(!gcr_image_function_at(image, PROGRAM_TEXT - 1, &function));
	ck_assert(
		!gcr_image_function_at(image, PROGRAM_TEXT + 0x80, &function));
}
END_TEST

START_TEST(names_that_are_only_inlined_are_no_functions)
{
	struct gcr_image_function function;
	size_t after = 0;

	ck_assert_uint_eq(function_named("main.callee").index, 1);
	ck_assert(!gcr_image_function_named(image, GCR_SPAN("main.inlined"),
					    &after, &function));
}
END_TEST

static const struct {
	const char *symbol, *printed;
	bool matches;
} symbols[] = {
	{ "main.f", "main.f", true },
	{ "main.f", "main.g", false },
	{ "main.F[go.shape.int]", "main.F[...]", true },
	{ "main.F[go.shape.int]", "main.F[go.shape.int]", true },
	{ "main.F[go.shape.int]", "main.F[go.shape.bool]", false },
	{ "main.F[...]", "main.F[go.shape.int]", true },
	{ "main.(*G[go.shape.[]int]).M", "main.(*G[...]).M", true },
	{ "main.F[go.shape.int]", "main.F", false },
	{ "main.(*T[int]).M[string]", "main.(*T[...]).M[...]", true },
	{ "main.(*T[int]).M[string]", "main.(*T[...]).N[...]", false },
	{ "main.(*T[int]).M[string]", "main.(*T[...]", true },
	{ "main.F[[2]int].G[[]a].func1", "main.F[...].G[...].func1", true },
	{ "runtime.gopanic", "panic", true },
};

START_TEST(symbols_match_what_traces_print)
{
	ck_assert_int_eq(gcr_symbol_matches(gcr_span_of(symbols[_i].symbol),
					    gcr_span_of(symbols[_i].printed)),
			 symbols[_i].matches);
}
END_TEST

static const struct {
	const char *symbol;
	unsigned go;
	const char *printed;
} printed_symbols[] = {
	{ "main.(*G[int,[]a]).M", 26, "main.(*G[...]).M" },
	{ "main.(*G[int,[]a]).M", 27, "main.(*G[...]).M" },
	{ "runtime.gopanic", 27, "panic" },
	{ "main.(*T[a]).M[map[b][]c]", 26, "main.(*T[...]" },
	{ "main.(*T[a]).M[map[b][]c]", 27, "main.(*T[...]).M[...]" },
	{ "main.F[[2]a].G[b].func1", 0, "main.F[...].func1" },
	{ "main.F[[2]a].G[b].func1", 27, "main.F[...].G[...].func1" },
	{ "main.F[a].G[b].H[c].func1", 27, "main.F[...].G[...].func1" },
	{ "main.F[a]]]b[", 27, "main.F[...]b[" },
};

START_TEST(symbols_are_printed_as_the_runtime_does)
{
	struct gcr_error err;
	struct gcr_span printed;

	ck_assert_int_eq(
		gcr_symbol_print(gcr_span_of(printed_symbols[_i].symbol),
				 printed_symbols[_i].go, arena, &printed, &err),
		0);
	assert_span(printed, printed_symbols[_i].printed,
		    printed_symbols[_i].symbol);
}
END_TEST

// Lines -----------------------------------------------------------------------

START_TEST(inlined_call_stands_before_the_one_it_is_in)
{
	struct gcr_image_lines lines;
	struct gcr_error err;

	ck_assert_int_eq(gcr_image_lines_at(image, PROGRAM_TEXT + 0x15, arena,
					    &lines, &err),
			 0);
	ck_assert_uint_eq(lines.count, 2);
	assert_span(lines.items[0].symbol, "main.inlined", "inner");
	ck_assert_uint_eq(lines.items[0].line, 21);
	ck_assert_uint_eq(lines.items[0].start_line, 20);
	ck_assert_uint_eq(lines.items[0].parent_offset, 8);
	assert_span(lines.items[1].symbol, "main.caller", "outer");
	ck_assert_uint_eq(lines.items[1].line, 10);
}
END_TEST

static const struct {
	unsigned offset, line;
	int64_t frame;
} places[] = {
	{ 0, 10, 0 },	  { 3, 10, 0 },	    { 4, 10, 16 },    { 0xf, 10, 16 },
	{ 0x10, 21, 16 }, { 0x20, 12, 16 }, { 0x2f, 12, 16 }, { 0x40, 30, 8 },
};

START_TEST(each_pc_has_line_and_frame_size)
{
	uint64_t pc = PROGRAM_TEXT + places[_i].offset;
	struct gcr_span file;
	unsigned line;
	int64_t size;

	ck_assert(gcr_image_line_at(image, pc, &file, &line));
	assert_span(file, "/src/main.go", "file");
	ck_assert_uint_eq(line, places[_i].line);
	ck_assert(gcr_image_frame_size(image, pc, &size));
	ck_assert_int_eq(size, places[_i].frame);
}
END_TEST

START_TEST(padding_has_no_line)
{
	struct gcr_image_lines lines;
	struct gcr_error err;
	struct gcr_span file;
	unsigned line;
	int64_t size;

	ck_assert(!gcr_image_line_at(image, PROGRAM_TEXT + 0x30, &file, &line));
	ck_assert(!gcr_image_frame_size(image, PROGRAM_TEXT + 0x30, &size));
	ck_assert_int_ne(gcr_image_lines_at(image, PROGRAM_TEXT - 1, arena,
					    &lines, &err),
			 0);
	ck_assert_int_eq(err.code, GCR_NOT_FOUND);
}
END_TEST

// Signatures ------------------------------------------------------------------

START_TEST(signature_has_names_types_and_results)
{
	const struct gcr_image_signature *signature;
	struct gcr_error err;

	ck_assert_int_eq(
		gcr_image_signature(image, function_named("main.callee").entry,
				    &signature, &err),
		0);
	ck_assert(signature->complete);
	ck_assert_uint_eq(signature->count, 3);
	ck_assert_uint_eq(signature->parameter_count, 2);
	assert_span(signature->items[0].name, "str", "first");
	ck_assert_int_eq(signature->items[0].layout->kind, GCR_STRING);
	ck_assert_uint_eq(signature->items[0].layout->size, 16);
	assert_span(signature->items[1].name, "n", "second");
	ck_assert_int_eq(signature->items[1].layout->kind, GCR_INT);
	ck_assert(signature->items[2].result);
	ck_assert_int_eq(signature->optimized, GCR_YES);
}
END_TEST

START_TEST(type_that_holds_itself_is_opaque)
{
	const struct gcr_image_signature *signature;
	const struct gcr_layout *layout;
	struct gcr_error err;

	ck_assert_int_eq(
		gcr_image_signature(image, PROGRAM_TEXT, &signature, &err), 0);
	layout = signature->items[0].layout;
	assert_span(layout->type, "m.cyclic", "type");
	ck_assert_uint_eq(layout->field_count, 1);
	ck_assert_int_eq(layout->fields[0].layout->kind, GCR_OPAQUE);
	ck_assert(!layout->sized);
	ck_assert(!signature->complete);
}
END_TEST

START_TEST(signature_is_asked_for_by_entry)
{
	const struct gcr_image_signature *signature = NULL;
	struct gcr_error err;

	ck_assert_int_ne(
		gcr_image_signature(image, PROGRAM_TEXT + 1, &signature, &err),
		0);
	ck_assert_int_eq(err.code, GCR_NOT_FOUND);
	ck_assert_ptr_null(signature);
}
END_TEST

static const struct {
	const char *name, *shortened;
} types[] = {
	{ "int", "int" },
	{ "main.T", "main.T" },
	{ "example.com/a/b.T", "b.T" },
	{ "*example.com/a/b.T", "*b.T" },
	{ "map[a/b.K]*c/d.V", "map[b.K]*d.V" },
	{ "func(net/http.ResponseWriter, *net/http.Request)",
	  "func(http.ResponseWriter, *http.Request)" },
	{ "main.G[example.com/a/b.T]", "main.G[b.T]" },
	{ "struct { main.a int; B main.T }", "struct { a int; B main.T }" },
	{ "[]struct { a/b.x struct { a/b._ []uint8; Y int } }",
	  "[]struct { x struct { _ []uint8; Y int } }" },
	{ "struct { net/http.Header; *main.p; main.q \"a; main.b {\" }",
	  "struct { http.Header; *main.p; main.q \"a; main.b {\" }" },
	{ "struct { main.G[a/b.T]; main.f func(main.T) \"\\\"; x.y z\" }",
	  "struct { main.G[b.T]; f func(main.T) \"\\\"; x.y z\" }" },
	{ "interface { error; main.do(main.T) error; Do() }",
	  "interface { error; do(main.T) error; Do() }" },
	{ "struct {}", "struct {}" },
	{ "struct { main.", "struct { main." },
	{ "", "" },
};

START_TEST(type_names_lose_their_paths)
{
	struct gcr_error err;
	struct gcr_span name;

	ck_assert_int_eq(gcr_type_name_shorten(gcr_span_of(types[_i].name),
					       arena, &name, &err),
			 0);
	assert_span(name, types[_i].shortened, types[_i].name);
}
END_TEST

// Memory ----------------------------------------------------------------------

static const struct {
	uint64_t address;
	enum gcr_memory_kind kind;
} memory[] = {
	{ PROGRAM_TEXT, GCR_MEMORY_CODE },
	{ PROGRAM_TEXT - 1, GCR_MEMORY_NONE },
	{ PROGRAM_TEXT + 0x80, GCR_MEMORY_NONE },
	{ PROGRAM_HELLO, GCR_MEMORY_READ_ONLY },
	{ PROGRAM_POINTER, GCR_MEMORY_INITIAL },
	{ 0, GCR_MEMORY_NONE },
	{ UINT64_MAX, GCR_MEMORY_NONE },
};

START_TEST(addresses_have_their_kind)
{
	ck_assert_int_eq(gcr_image_memory(image, memory[_i].address),
			 memory[_i].kind);
}
END_TEST

START_TEST(bytes_and_pointers_are_read_by_address)
{
	struct gcr_span bytes;
	uint64_t pointer;

	ck_assert_int_eq(gcr_image_pointer(image, PROGRAM_POINTER, &pointer),
			 GCR_MEMORY_INITIAL);
	ck_assert_uint_eq(pointer, PROGRAM_HELLO);
	ck_assert_int_eq(gcr_image_read(image, pointer, 5, &bytes),
			 GCR_MEMORY_READ_ONLY);
	assert_span(bytes, "hello", "content");
	// To the end of the segment and no further.
	ck_assert_int_eq(gcr_image_read(image, pointer, 100, &bytes),
			 GCR_MEMORY_READ_ONLY);
	ck_assert_uint_eq(bytes.size, 6);
}
END_TEST

// Traces ----------------------------------------------------------------------

static const struct {
	const char *frame, *reason;
} traces[] = {
	{ "main.callee({0x402800, 0x5}, 0x7)\n\t/src/main.go:30 +0x10\n",
	  NULL },
	{ "main.callee({0x402800, 0x5}, 0x7)\n\t/src/main.go:31 +0x10\n",
	  "'main.callee' +0x10 is main.go:31 in the trace and main.go:30 in "
	  "the binary" },
	{ "main.callee({0x402800, 0x5}, 0x7)\n\t/src/main.go:30 +0x99\n",
	  "+0x99 is beyond 'main.callee', which has 40 bytes in the binary" },
	{ "main.other()\n\t/src/main.go:30 +0x10\n",
	  "the binary has no function 'main.other'" },
	{ "main.callee({0x402800, 0x5}, 0x7)\n\t/src/main.go:30 +0x5\n"
	  "main.caller()\n\t/src/main.go:12 +0x2d\n",
	  NULL },
	{ "main.callee({0x402800, 0x5}, 0x7)\n\t/src/main.go:30 +0x5\n"
	  "main.caller()\n\t/src/main.go:12 +0x2c\n",
	  "'main.caller' +0x2c is behind no call in the binary" },
	{ "main.callee({0x402800, 0x5}, 0x7)\n\t/src/main.go:30 +0x5 "
	  "fp=0xc000012f78 sp=0xc000012f40 pc=0x401045\n",
	  NULL },
	{ "main.callee({0x402800, 0x5}, 0x7)\n\t/src/main.go:30 +0x5 "
	  "fp=0xc000012f78 sp=0xc000012f40 pc=0x501045\n",
	  "pc=0x501045 is not +0x5 in 'main.callee' of the binary" },
};

static struct gcr_dump *parse_trace(struct text *text, const char *frames)
{
	text_print(text, "panic: x\n\ngoroutine 1 [running]:\n%s", frames);
	return parse_text(bytes_of(text));
}

START_TEST(trace_is_held_against_the_program)
{
	struct text text = { 0 };
	struct gcr_dump *dump = parse_trace(&text, traces[_i].frame);
	struct gcr_image_match match;
	struct gcr_error err;

	ck_assert_int_eq(gcr_image_match(image, gcr_dump_crash(dump, 0), arena,
					 &match, &err),
			 0);
	if (traces[_i].reason == NULL) {
		ck_assert_int_eq(match.kind, GCR_MATCH_YES);
		ck_assert(match.bias_known);
		ck_assert_uint_eq(match.bias, 0);
	} else {
		ck_assert_int_eq(match.kind, GCR_MATCH_NO);
		assert_span(match.reason, traces[_i].reason, "reason");
	}
	gcr_dump_free(dump);
	text_free(&text);
}
END_TEST

START_TEST(frame_is_decoded_by_the_program)
{
	struct text text = { 0 };
	struct gcr_dump *dump = parse_trace(&text, traces[0].frame);
	const struct gcr_crash *crash = gcr_dump_crash(dump, 0);
	struct gcr_declarations *declarations;
	struct gcr_decoding decoding;
	struct gcr_image_match match;
	struct gcr_error err;
	struct gcr_target target = gcr_image_target(
		image, (struct gcr_target){ .arch = GCR_ARCH_UNKNOWN });

	ck_assert_int_eq(gcr_declarations_new(&declarations, &err), 0);
	ck_assert_int_eq(gcr_image_match(image, crash, arena, &match, &err), 0);
	gcr_declarations_use_image(declarations, image, &match);
	ck_assert_int_eq(gcr_frame_decode(&crash->goroutines[0].frames[0],
					  declarations, &target, arena,
					  &decoding, &err),
			 0);
	assert_span(decoding.declaration, "func callee(str string, n int) int",
		    "declaration");
	ck_assert_uint_eq(decoding.argument_count, 2);
	assert_span(decoding.arguments[0].text, "\"hello\"", "text");
	assert_span(decoding.arguments[0].content, "hello", "content");
	ck_assert_int_eq(decoding.arguments[0].certainty, GCR_EXACT);
	assert_span(decoding.arguments[1].text, "7", "number");
	gcr_declarations_free(declarations);
	gcr_dump_free(dump);
	text_free(&text);
}
END_TEST

// Damage ----------------------------------------------------------------------

// Everything that can be asked; nothing may be read out of bounds.
static void use_image(struct gcr_span file, const struct gcr_limits *limits)
{
	const struct gcr_image_signature *signature;
	struct gcr_image_function function;
	struct gcr_image_lines lines;
	struct gcr_image *damaged;
	struct gcr_error err;
	struct gcr_span code;
	size_t after = 0;

	if (gcr_image_open(file, limits, &damaged, &err) != 0) {
		ck_assert_uint_gt(strlen(err.text), 0);
		return;
	}
	for (size_t i = 0; i < gcr_image_function_count(damaged) && i < 4;
	     i++) {
		struct gcr_arena *scratch = gcr_arena_new(1 << 20);

		if (gcr_image_function(damaged, i, &function)) {
			(void)gcr_image_code(damaged, &function, &code);
			if (gcr_image_lines_at(damaged, function.entry + 0x15,
					       scratch, &lines, &err) == 0)
				ck_assert_uint_gt(lines.count, 0);
			if (gcr_image_signature(damaged, function.entry,
						&signature, &err) == 0)
				ck_assert_uint_le(signature->parameter_count,
						  signature->count);
		}
		gcr_arena_free(scratch);
	}
	(void)gcr_image_function_named(damaged, GCR_SPAN("main.callee"), &after,
				       &function);
	gcr_image_free(damaged);
}

// In a block of its own size, for the sanitizer to see its end.
START_TEST(program_may_end_anywhere)
{
	for (size_t size = 0; size < program.size; size++) {
		char *copy = malloc(size + (size == 0));

		ck_assert_ptr_nonnull(copy);
		memcpy(copy, program.data, size);
		use_image((struct gcr_span){ copy, size }, NULL);
		free(copy);
	}
}
END_TEST

static const unsigned char forged[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };

START_TEST(every_byte_may_be_forged)
{
	struct gcr_limits limits = { .memory = 64 << 20 };

	for (size_t at = 0; at < program.size; at++) {
		char kept = program.data[at];

		program.data[at] = (char)forged[_i];
		use_image(bytes_of(&program), &limits);
		program.data[at] = kept;
	}
}
END_TEST

START_TEST(words_of_ones_may_stand_anywhere)
{
	struct gcr_limits limits = { .memory = 64 << 20 };

	for (size_t at = 0; at + 8 <= program.size; at++) {
		char kept[8];

		memcpy(kept, program.data + at, 8);
		memset(program.data + at, 0xff, _i == 0 ? 4 : 8);
		use_image(bytes_of(&program), &limits);
		memcpy(program.data + at, kept, 8);
	}
}
END_TEST

START_TEST(any_allocation_may_fail)
{
	const struct gcr_image_signature *signature;
	struct gcr_error err;
	bool done = false;

	for (size_t n = 1; !done; n++) {
		struct gcr_limits limits = { .fail_at = n };
		struct gcr_image *poor = NULL;

		if (gcr_image_open(bytes_of(&program), &limits, &poor, &err) ==
		    0) {
			done = gcr_image_signature(poor, PROGRAM_TEXT + 0x40,
						   &signature, &err) == 0;
			gcr_image_free(poor);
		}
		ck_assert(done || err.code == GCR_NOMEM ||
			  err.code == GCR_NOT_FOUND);
		ck_assert_uint_lt(n, 500);
	}
}
END_TEST

static const struct {
	const char *bytes;
	size_t size;
	enum gcr_code code;
	const char *text;
} no_programs[] = {
	{ "", 0, GCR_FORMAT, "not an ELF file: it is empty" },
	{ "#!/bin/sh\n", 10, GCR_FORMAT, "not an ELF file" },
	{ "\3757zXZ", 6, GCR_FORMAT, "it is compressed: 'xz -dc' unpacks it" },
	{ "\177ELF", 4, GCR_FORMAT, "not an ELF file" },
	{ "!<arch>\n", 8, GCR_FORMAT, "not an ELF file" },
};

START_TEST(other_files_are_no_programs)
{
	struct gcr_error err;
	struct gcr_image *none = NULL;

	ck_assert_int_ne(
		gcr_image_open((struct gcr_span){ no_programs[_i].bytes,
						  no_programs[_i].size },
			       NULL, &none, &err),
		0);
	ck_assert_int_eq(err.code, no_programs[_i].code);
	ck_assert_str_eq(err.text, no_programs[_i].text);
	ck_assert_ptr_null(none);
}
END_TEST

// Bytes -----------------------------------------------------------------------

START_TEST(short_read_latches)
{
	struct gcr_bytes reader = gcr_bytes_at(GCR_SPAN("\1\2\3\4\5"), 0);

	ck_assert_uint_eq(gcr_bytes_u16(&reader), 0x0201);
	ck_assert_uint_eq(gcr_bytes_u32(&reader), 0);
	ck_assert(reader.short_read);
	ck_assert_uint_eq(gcr_bytes_u8(&reader), 0);
	ck_assert_uint_eq(reader.at, 2);
}
END_TEST

START_TEST(varint_beyond_64_bits_is_none)
{
	struct gcr_bytes reader = gcr_bytes_at(
		GCR_SPAN(
			"\x96\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
		0);

	ck_assert_uint_eq(gcr_bytes_varint(&reader), 150);
	ck_assert_uint_eq(gcr_bytes_varint(&reader), 0);
	ck_assert(reader.short_read);
}
END_TEST

START_TEST(text_without_end_is_none)
{
	ck_assert_ptr_null(gcr_bytes_text(GCR_SPAN("abc"), 0).data);
	ck_assert_ptr_null(gcr_bytes_text(GCR_SPAN("abc"), 7).data);
}
END_TEST

// Each pc of a damaged program would read all of its table otherwise.
START_TEST(a_sequence_that_does_not_go_on_ends)
{
	static const char sound[] = "\0\2\4\2\4";
	static const char still[] = "\0\2\4\2\0\2\4";
	struct gcr_pclntab table = { .values = { sound, sizeof(sound) },
				     .quantum = 1 };
	int32_t value;

	ck_assert(gcr_pclntab_value(&table, 1, 100, 107, &value));
	ck_assert_int_eq(value, 1);
	ck_assert(!gcr_pclntab_value(&table, 1, 100, 108, &value));
	table.values = (struct gcr_span){ still, sizeof(still) };
	ck_assert(gcr_pclntab_value(&table, 1, 100, 103, &value));
	ck_assert_int_eq(value, 0);
	ck_assert(!gcr_pclntab_value(&table, 1, 100, 104, &value));
}
END_TEST

// A table of names without a NUL is looked into for each of its names.
START_TEST(text_that_ends_too_late_is_none)
{
	struct text text = { 0 };

	for (size_t i = 0; i < GCR_BYTES_TEXT; i++)
		text_put(&text, "a", 1);
	text_put(&text, "", 1);
	ck_assert_ptr_null(
		gcr_bytes_text((struct gcr_span){ text.data, text.size }, 0)
			.data);
	ck_assert_uint_eq(
		gcr_bytes_text((struct gcr_span){ text.data, text.size }, 1)
			.size,
		GCR_BYTES_TEXT - 1);
	text_free(&text);
}
END_TEST

static void add_sound(Suite *suite)
{
	TCase *sound = tcase_create("sound");

	tcase_add_checked_fixture(sound, open_program, close_program);
	tcase_add_test(sound, build_information_is_read);
	tcase_add_test(sound, settings_settle_release_machine_and_flags);
	tcase_add_test(sound, compiler_flags_of_a_package_win_over_settings);
	tcase_add_test(sound, functions_have_size_and_extent);
	tcase_add_test(sound, function_at_a_pc_includes_its_padding);
	tcase_add_test(sound, names_that_are_only_inlined_are_no_functions);
	tcase_add_loop_test(sound, symbols_match_what_traces_print, 0,
			    sizeof(symbols) / sizeof(symbols[0]));
	tcase_add_loop_test(sound, symbols_are_printed_as_the_runtime_does, 0,
			    sizeof(printed_symbols) /
				    sizeof(printed_symbols[0]));
	tcase_add_test(sound, inlined_call_stands_before_the_one_it_is_in);
	tcase_add_loop_test(sound, each_pc_has_line_and_frame_size, 0,
			    sizeof(places) / sizeof(places[0]));
	tcase_add_test(sound, padding_has_no_line);
	tcase_add_test(sound, signature_has_names_types_and_results);
	tcase_add_test(sound, type_that_holds_itself_is_opaque);
	tcase_add_test(sound, signature_is_asked_for_by_entry);
	tcase_add_loop_test(sound, type_names_lose_their_paths, 0,
			    sizeof(types) / sizeof(types[0]));
	tcase_add_loop_test(sound, addresses_have_their_kind, 0,
			    sizeof(memory) / sizeof(memory[0]));
	tcase_add_test(sound, bytes_and_pointers_are_read_by_address);
	tcase_add_loop_test(sound, trace_is_held_against_the_program, 0,
			    sizeof(traces) / sizeof(traces[0]));
	tcase_add_test(sound, frame_is_decoded_by_the_program);
	suite_add_tcase(suite, sound);
}

static void add_damaged(Suite *suite)
{
	TCase *damaged = tcase_create("damaged");

	tcase_add_checked_fixture(damaged, open_program, close_program);
	tcase_set_timeout(damaged, 60);
	tcase_add_test(damaged, program_may_end_anywhere);
	tcase_add_loop_test(damaged, every_byte_may_be_forged, 0,
			    sizeof(forged));
	tcase_add_loop_test(damaged, words_of_ones_may_stand_anywhere, 0, 2);
	tcase_add_test(damaged, any_allocation_may_fail);
	tcase_add_loop_test(damaged, other_files_are_no_programs, 0,
			    sizeof(no_programs) / sizeof(no_programs[0]));
	suite_add_tcase(suite, damaged);
}

// A build without elfutils says so, and the rest is not for it.
static bool reads_programs(void)
{
	struct gcr_image *none;
	struct gcr_error err;

	return gcr_image_open(GCR_SPAN(""), NULL, &none, &err) != 0 &&
	       err.code != GCR_UNSUPPORTED;
}

static Suite *image_suite(void)
{
	Suite *suite = suite_create("image");
	TCase *bytes = tcase_create("bytes");

	if (reads_programs()) {
		add_sound(suite);
		add_damaged(suite);
	}
	tcase_add_test(bytes, short_read_latches);
	tcase_add_test(bytes, varint_beyond_64_bits_is_none);
	tcase_add_test(bytes, text_without_end_is_none);
	tcase_add_test(bytes, a_sequence_that_does_not_go_on_ends);
	tcase_add_test(bytes, text_that_ends_too_late_is_none);
	suite_add_tcase(suite, bytes);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(image_suite());
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
