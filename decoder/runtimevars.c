/*
 * The runtime's variables in a core: see runtimevars.h.
 *
 * Without symbols the list of goroutines is known by its shape: a slice in
 * writable data whose elements are all goroutines. Many are looked at, so that no
 * other array passes for it.
 */

#include "runtimevars.h"

#include "bytes.h"
#include "runtimeways.h"
#include "span.h"

enum {
	SYMBOL_SIZE = 24, /* of an entry in .symtab */
	SAMPLES = 64,
	MOST_SYMBOLS = 1 << 22,
	STATUS_SCAN = 0x1000,
	LAST_STATUS = 31,
	STRING_SIZE = 16,
	LONGEST_REASON = 64,
	SMALLEST_G = 256, /* less than in any release */
};

static uint64_t word_of(struct gcr_coremem *memory, uint64_t address,
			unsigned word)
{
	uint64_t value = 0;

	// A range that cannot be read is an empty one.
	if (!gcr_coremem_word(memory, address + 8 * (uint64_t)word, &value))
		return 0;
	return value;
}

static void read_module(const struct gcr_module_words *row,
			struct gcr_coremem *memory, struct gcr_runtime *runtime)
{
	uint64_t at = runtime->module;
	uint64_t *const ranges[] = {
		&runtime->noptrdata, &runtime->noptrdata_end, &runtime->data,
		&runtime->data_end,  &runtime->bss,	      &runtime->bss_end,
		&runtime->noptrbss,  &runtime->noptrbss_end,
	};

	runtime->text = word_of(memory, at, row->text);
	runtime->text_end = word_of(memory, at, row->text + 1);
	for (unsigned i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		*ranges[i] = word_of(memory, at, row->noptrdata + i);
	runtime->types.start = word_of(memory, at, row->types);
	runtime->types.end = word_of(memory, at, row->types_end);
	if (runtime->types.end < runtime->types.start)
		runtime->types.end = runtime->types.start;
}

static bool is_named(struct gcr_span names, uint32_t at, const char *name)
{
	struct gcr_span here = gcr_bytes_slice(names, at, UINT64_MAX);

	return gcr_span_skip(&here, name) && here.size > 0 &&
	       here.data[0] == '\0';
}

bool gcr_runtime_symbol(const struct gcr_image *image, uint64_t bias,
			const char *name, uint64_t *ret, uint64_t *ret_size)
{
	const struct gcr_section *symbols =
		gcr_memory_section(&image->memory, ".symtab");
	const struct gcr_section *names =
		gcr_memory_section(&image->memory, ".strtab");
	struct gcr_bytes reader;

	if (symbols == NULL || names == NULL)
		return false;
	reader = gcr_bytes_at(symbols->bytes, 0);
	for (size_t i = 0; i < MOST_SYMBOLS; i++) {
		uint32_t at = gcr_bytes_u32(&reader);
		uint64_t value, size;

		gcr_bytes_u32(&reader);
		value = gcr_bytes_word(&reader, 8);
		size = gcr_bytes_word(&reader, 8);
		if (reader.short_read)
			return false;
		if (!is_named(names->bytes, at, name))
			continue;
		*ret = value + bias;
		*ret_size = size;
		return true;
	}
	return false;
}

bool gcr_runtime_field(const struct gcr_runtime *runtime, uint64_t address,
		       enum gcr_rt field, unsigned size, uint64_t *ret)
{
	int32_t offset = runtime->offset[field];

	return offset != GCR_RT_ABSENT &&
	       gcr_coremem_number(runtime->types.memory,
				  address + (uint64_t)offset, size, ret);
}

/* What stands where a goroutine may be. */
enum likeness {
	NO_G,
	UNUSED_G, /* could be one that never ran */
	LIKE_G,
};

static enum likeness judge_g(const struct gcr_runtime *runtime,
			     struct gcr_coremem *memory, uint64_t address)
{
	uint64_t low, high, self, status;
	uint64_t sched = address + (uint64_t)runtime->offset[GCR_G_SCHED];

	if (address == 0 || address % 8 != 0 ||
	    !gcr_runtime_field(runtime, address, GCR_G_STATUS, 4, &status) ||
	    !gcr_coremem_word(memory, address, &low) ||
	    !gcr_coremem_word(memory, address + 8, &high) ||
	    !gcr_runtime_field(runtime, sched, GCR_GOBUF_G, 8, &self) ||
	    (status & ~(uint64_t)STATUS_SCAN) > LAST_STATUS)
		return NO_G;
	// A dead one has given its stack back.
	if (low >= high && (low != 0 || high != 0))
		return NO_G;
	if (self == 0)
		return UNUSED_G;
	return self == address ? LIKE_G : NO_G;
}

bool gcr_runtime_is_g(const struct gcr_runtime *runtime,
		      struct gcr_coremem *memory, uint64_t address)
{
	return judge_g(runtime, memory, address) != NO_G;
}

static bool is_list(const struct gcr_runtime *runtime,
		    struct gcr_coremem *memory, uint64_t array, uint64_t count)
{
	uint64_t step = count / SAMPLES + 1, g;
	unsigned alike = 0, looked_at = 0;

	// One that has an entry twice may have more than there is room for.
	if (array == 0 || array % 8 != 0 || count == 0 ||
	    count > memory->saved / SMALLEST_G)
		return false;
	for (uint64_t i = 0; i < count; i += step) {
		enum likeness likeness =
			gcr_coremem_word(memory, array + 8 * i, &g)
				? judge_g(runtime, memory, g)
				: NO_G;

		if (likeness == NO_G)
			return false;
		looked_at++;
		alike += likeness == LIKE_G;
	}
	return 2 * alike >= looked_at;
}

// The longest list wins: a part of one is a list, too.
static void search_lists(struct gcr_runtime *runtime,
			 struct gcr_coremem *memory, uint64_t start,
			 uint64_t end)
{
	struct gcr_span bytes = { 0 };
	struct gcr_bytes reader;
	uint64_t words[3] = { 0 };

	if (end <= start)
		return;
	gcr_coremem_bytes(memory, start, &bytes);
	if (bytes.size > end - start)
		bytes.size = (size_t)(end - start);
	reader = gcr_bytes_at(bytes, 0);
	while (!reader.short_read) {
		words[0] = words[1];
		words[1] = words[2];
		words[2] = gcr_bytes_word(&reader, 8);
		if (words[1] > runtime->allgs_count && words[1] <= words[2] &&
		    is_list(runtime, memory, words[0], words[1])) {
			runtime->allgs = words[0];
			runtime->allgs_count = words[1];
		}
	}
}

// As many as there are: a forged count asks for no more than the core has.
static void clamp_list(struct gcr_runtime *runtime, struct gcr_coremem *memory)
{
	struct gcr_span bytes = { 0 };

	gcr_coremem_bytes(memory, runtime->allgs, &bytes);
	if (runtime->allgs_count <= bytes.size / 8)
		return;
	runtime->allgs_lost = runtime->allgs_count - bytes.size / 8;
	runtime->allgs_count = bytes.size / 8;
}

static void find_list(const struct gcr_image *image, uint64_t bias,
		      struct gcr_coremem *memory, struct gcr_runtime *runtime)
{
	uint64_t at, size;

	if (gcr_runtime_symbol(image, bias, "runtime.allgs", &at, &size)) {
		// Where it is lost, others that look like one are no better.
		if (is_list(runtime, memory, word_of(memory, at, 0),
			    word_of(memory, at, 1))) {
			runtime->allgs = word_of(memory, at, 0);
			runtime->allgs_count = word_of(memory, at, 1);
			runtime->allgs_named = true;
			clamp_list(runtime, memory);
		}
		return;
	}
	search_lists(runtime, memory, runtime->bss, runtime->bss_end);
	if (runtime->allgs == 0)
		search_lists(runtime, memory, runtime->data, runtime->data_end);
	clamp_list(runtime, memory);
}

static bool read_string(struct gcr_coremem *memory, uint64_t at,
			uint64_t longest, struct gcr_span *ret)
{
	uint64_t data = word_of(memory, at, 0), size = word_of(memory, at, 1);

	return size > 0 && size <= longest &&
	       gcr_coremem_span(memory, data, size, ret);
}

// Where in the words from `start` on a Go string `text` is; 0 when it is not.
static uint64_t search_string(struct gcr_coremem *memory, uint64_t start,
			      uint64_t end, struct gcr_span text)
{
	struct gcr_span bytes = { 0 }, found;
	struct gcr_bytes reader;
	uint64_t before = 0, word;

	if (end <= start)
		return 0;
	gcr_coremem_bytes(memory, start, &bytes);
	if (bytes.size > end - start)
		bytes.size = (size_t)(end - start);
	reader = gcr_bytes_at(bytes, 0);
	for (; !reader.short_read; before = word) {
		word = gcr_bytes_word(&reader, 8);
		if (word == text.size &&
		    gcr_coremem_span(memory, before, word, &found) &&
		    gcr_span_equal(found, text))
			return start + reader.at - STRING_SIZE;
	}
	return 0;
}

static uint64_t search_data(const struct gcr_runtime *runtime,
			    struct gcr_coremem *memory, struct gcr_span text)
{
	uint64_t at =
		search_string(memory, runtime->data, runtime->data_end, text);

	return at != 0 ? at
		       : search_string(memory, runtime->noptrdata,
				       runtime->noptrdata_end, text);
}

static bool is_printable(struct gcr_span text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] < ' ' || text.data[i] > '~')
			return false;
	return true;
}

// The array ends where something else than a string begins.
static void read_reasons(struct gcr_runtime *runtime,
			 struct gcr_coremem *memory, uint64_t at, uint64_t most)
{
	struct gcr_span text;

	for (uint64_t i = 1; i < most && i < GCR_RT_REASONS; i++) {
		if (!read_string(memory, at + STRING_SIZE * i, LONGEST_REASON,
				 &text) ||
		    !is_printable(text))
			return;
		runtime->wait_reasons[i] = text;
	}
}

static void find_reasons(const struct gcr_image *image, uint64_t bias,
			 struct gcr_coremem *memory,
			 struct gcr_runtime *runtime)
{
	uint64_t at, size;

	if (!gcr_runtime_symbol(image, bias, "runtime.waitReasonStrings", &at,
				&size)) {
		size = GCR_RT_REASONS * STRING_SIZE;
		// Element 1 of the array is the same in all releases.
		at = search_data(runtime, memory,
				 GCR_SPAN("GC assist marking"));
		at -= at != 0 ? STRING_SIZE : 0;
	}
	if (at != 0)
		read_reasons(runtime, memory, at, size / STRING_SIZE);
}

// Go runtime/runtime1.go dbgVar: name, value *int32, atomic *atomic.Int32.
static void find_settings(struct gcr_coremem *memory,
			  struct gcr_runtime *runtime)
{
	uint64_t at, setting;

	if (!gcr_release_does(runtime->go, GCR_WAY_LABELS))
		return;
	at = search_data(runtime, memory, GCR_SPAN("tracebacklabels"));
	if (at != 0 &&
	    gcr_coremem_number(memory, word_of(memory, at, 3), 4, &setting))
		runtime->prints_labels = setting == 1;
}

void gcr_runtime_find(const struct gcr_image *image, uint64_t bias,
		      struct gcr_coremem *memory, struct gcr_runtime *ret)
{
	const struct gcr_target *target = &image->info.target;
	struct gcr_runtime runtime = { 0 };
	struct gcr_moduledata module;

	runtime.types.memory = memory;
	if (target->go_min == target->go_max)
		runtime.go = target->go_min;
	runtime.types.long_lengths =
		!gcr_release_does(target->go_max, GCR_WAY_VARINT_NAMES);
	runtime.types.shifted_offsets =
		!gcr_release_does(target->go_max, GCR_WAY_PLAIN_OFFSETS);
	if (image->table.function_count > 0 &&
	    gcr_moduledata_find(&image->memory, &image->table, &module)) {
		runtime.module = module.address + bias;
		read_module(&module.words, memory, &runtime);
	}
	if (gcr_runtime_layout(&runtime)) {
		gcr_runtime_field(&runtime, runtime.module, GCR_MODULE_NEXT, 8,
				  &runtime.next_module);
		find_list(image, bias, memory, &runtime);
		find_reasons(image, bias, memory, &runtime);
		find_settings(memory, &runtime);
	}
	*ret = runtime;
}
