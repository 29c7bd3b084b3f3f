/*
 * Reads a program and the standard error of its crash, recovers what each frame
 * was given, and compares that with what the program said itself (see
 * tests/data/callsite/gen/main.go).
 *
 * usage: probe_callsite [-q] BINARY STDERR [SOURCE]
 *
 * With SOURCE its declarations are used where the binary has no types. Prints
 * what is wrong, then, unless told to be quiet, what was not recovered, then a
 * line of counts: "leaves L recovered R parts P wrong W": of the leaves that the
 * trace does not vouch for, and of all recovered parts that could be compared.
 */

#include "arena.h"
#include "callsite.h"
#include "image.h"
#include "span.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	MOST_KEYS = 4096,
	MOST_MOVES = 2,
};

struct probe {
	struct gcr_image *image;
	struct gcr_image_match match;
	struct gcr_dump *dump;
	struct gcr_declarations *declarations;
	struct gcr_arena *arena;
	struct gcr_span keys[MOST_KEYS]; /* behind `key enter ` */
	size_t key_count;
	bool quiet, constant;
	size_t leaves, recovered, parts, wrong;
	uint64_t moved[MOST_MOVES]; // the stack, by these distances
};

static void fail(const char *what, const struct gcr_error *err)
{
	fprintf(stderr, "probe_callsite: %s: %s\n", what,
		err ? err->text : "cannot be read");
	exit(2);
}

static struct gcr_span read_file(const char *name)
{
	FILE *file = fopen(name, "rb");
	char *data = NULL;
	long size = -1;

	if (file != NULL && fseek(file, 0, SEEK_END) == 0)
		size = ftell(file);
	if (size >= 0)
		data = malloc((size_t)size + 1);
	if (data == NULL || fseek(file, 0, SEEK_SET) != 0 ||
	    fread(data, 1, (size_t)size, file) != (size_t)size)
		fail(name, NULL);
	fclose(file);
	return (struct gcr_span){ data, (size_t)size };
}

// The keys of the calls that were not left when the program died.
static void read_keys(struct probe *probe, struct gcr_span text)
{
	struct gcr_error err;

	while (text.size > 0) {
		struct gcr_span line = gcr_span_until(&text, '\n');
		if (gcr_span_skip(&line, "key decl func ")) {
			probe->constant = true;
			char with_package[4096];
			snprintf(with_package, sizeof(with_package),
				 "main.%.*s", GCR_PRINT_SPAN(line));
			if (probe->declarations != NULL &&
			    gcr_declarations_add(probe->declarations,
						 gcr_span_of(with_package),
						 &err) != 0)
				fail("declaration", &err);
		} else if (gcr_span_skip(&line, "key enter ") &&
			   probe->key_count < MOST_KEYS) {
			probe->keys[probe->key_count++] = line;
		} else if (gcr_span_starts(line, "key leave ") &&
			   probe->key_count > 0) {
			probe->key_count--;
		}
	}
}

static void tell(const struct probe *probe, const struct gcr_frame *frame,
		 const char *what, size_t part, struct gcr_span expected,
		 const struct gcr_recovered_part *got)
{
	(void)probe;
	printf("%s: %.*s part %zu: said %.*s, recovered 0x%" PRIx64 " (%.*s)\n",
	       what, GCR_PRINT_SPAN(frame->function), part,
	       GCR_PRINT_SPAN(expected), got->value, GCR_PRINT_SPAN(got->from));
}

// `s:68656c6c6f`: an address of these bytes.
static bool has_content(const struct probe *probe, struct gcr_span hex,
			const struct gcr_recovered_part *part)
{
	struct gcr_span bytes;
	uint64_t address = part->in_image ? part->address
					  : part->value - probe->match.bias;

	if (gcr_image_read(probe->image, address, hex.size / 2, &bytes) !=
		    GCR_MEMORY_READ_ONLY ||
	    bytes.size != hex.size / 2)
		return false;
	for (size_t i = 0; i < bytes.size; i++)
		if ((unsigned char)bytes.data[i] !=
		    gcr_hex_digit(hex.data[2 * i]) * 16 +
			    gcr_hex_digit(hex.data[2 * i + 1]))
			return false;
	return true;
}

// A stack that grew since the program told was moved, and what points to it. It
// may have been moved more than once.
static bool has_moved(struct probe *probe, struct gcr_span word,
		      const struct gcr_recovered_part *part)
{
	uint64_t told;

	if (gcr_span_decimal(&word, &told) != GCR_NUMBER_OK || told == 0 ||
	    gcr_image_memory(probe->image, part->value - probe->match.bias) !=
		    GCR_MEMORY_NONE)
		return false;
	for (size_t i = 0; i < MOST_MOVES; i++) {
		if (probe->moved[i] == 0)
			probe->moved[i] = part->value - told;
		if (part->value - told == probe->moved[i])
			return true;
	}
	return false;
}

static void compare(struct probe *probe, const struct gcr_frame *frame,
		    const struct gcr_recovery *recovery, struct gcr_span key)
{
	size_t next = 0;

	for (size_t i = 0; i < recovery->abi.part_count; i++) {
		struct gcr_recovered_part *part = &recovery->parts[i];
		if (recovery->abi.parts[i].parameter == recovery->dictionary)
			continue;
		struct gcr_span word = gcr_span_until(&key, ' '), all = word;
		uint64_t value;
		next++;
		if (word.size == 0) {
			printf("wrong: %.*s has more parts than the key\n",
			       GCR_PRINT_SPAN(frame->function));
			probe->wrong++;
			return;
		}
		bool right = true;
		if (gcr_span_is(word, "-") || (!part->known && !part->in_image))
			continue;
		if (gcr_span_skip(&word, "s:"))
			right = has_content(probe, word, part);
		else if (part->known)
			right = gcr_span_decimal(&word, &value) ==
					GCR_NUMBER_OK &&
				value == part->value;
		else
			continue;
		if (!right && recovery->abi.parts[i].pointer &&
		    !part->in_image && has_moved(probe, all, part))
			continue;
		probe->parts++;
		if (!right) {
			tell(probe, frame, "wrong", i, all, part);
			probe->wrong++;
		}
	}
	if (key.size > 0) {
		printf("wrong: %.*s has fewer parts than the key\n",
		       GCR_PRINT_SPAN(frame->function));
		probe->wrong++;
	}
}

// A leaf counts as recovered when all that the language shows of it is: of a
// slice length and capacity, of a string length and content.
struct counter {
	struct probe *probe;
	const struct gcr_recovery *recovery;
	const struct gcr_frame *frame;
	size_t part;
};

static bool part_done(const struct counter *counter, size_t index)
{
	const struct gcr_recovery *recovery = counter->recovery;

	return recovery->parts != NULL && recovery->reason.data == NULL &&
	       counter->part + index < recovery->abi.part_count &&
	       (recovery->parts[counter->part + index].known ||
		recovery->parts[counter->part + index].in_image);
}

static void count_leaf(struct counter *counter, const struct gcr_layout *layout,
		       const struct gcr_value *value)
{
	unsigned parts = gcr_kind_parts(layout->kind);
	bool pointer = layout->kind >= GCR_INTERFACE &&
		       layout->kind <= GCR_UNSAFE_POINTER;
	bool exact = value != NULL && value->kind == layout->kind &&
		     value->certainty == GCR_EXACT;
	bool done = true;

	for (unsigned i = layout->kind == GCR_SLICE ? 1 : 0; i < parts; i++)
		done &= part_done(counter, i);
	if (!exact && !pointer) {
		counter->probe->leaves++;
		counter->probe->recovered += done;
		if (!done && !counter->probe->quiet)
			printf("not recovered: %.*s part %zu (%.*s) %.*s\n",
			       GCR_PRINT_SPAN(counter->frame->function),
			       counter->part, GCR_PRINT_SPAN(layout->type),
			       GCR_PRINT_SPAN(counter->recovery->reason));
	}
	counter->part += parts;
}

static void count_value(struct counter *counter,
			const struct gcr_layout *layout,
			const struct gcr_value *value)
{
	uint64_t children = layout->kind == GCR_ARRAY ? layout->length
						      : layout->field_count;

	if (gcr_kind_parts(layout->kind) > 0)
		count_leaf(counter, layout, value);
	for (uint64_t i = 0; i < children; i++)
		count_value(counter,
			    layout->kind == GCR_ARRAY
				    ? layout->element
				    : layout->fields[i].layout,
			    value != NULL && i < value->child_count
				    ? &value->children[i]
				    : NULL);
}

static void probe_frame(struct probe *probe, struct gcr_callsites *sites,
			const struct gcr_frame *frame, size_t index,
			const struct gcr_decoding *decoding,
			struct gcr_span key)
{
	const struct gcr_recovery *recovery;
	struct gcr_error err;
	struct counter counter = { .probe = probe, .frame = frame };

	if (gcr_callsite_frame(sites, index, &recovery, &err) != 0)
		fail("call site", &err);
	if (!gcr_span_is(key, "none") && recovery->parts != NULL)
		compare(probe, frame, recovery, key);
	if (recovery->reason.data != NULL && !probe->quiet)
		printf("no call: %.*s: %.*s\n", GCR_PRINT_SPAN(frame->function),
		       GCR_PRINT_SPAN(recovery->reason));
	counter.recovery = recovery;
	for (size_t i = 0; i < recovery->parameter_count; i++) {
		// A dictionary comes first in `abi`, or behind the receiver.
		counter.part += i == recovery->dictionary;
		count_value(&counter, recovery->parameters[i].layout,
			    i < decoding->argument_count
				    ? &decoding->arguments[i]
				    : NULL);
	}
}

static struct gcr_decoding *decode_all(struct probe *probe,
				       const struct gcr_goroutine *goroutine,
				       const struct gcr_target *target)
{
	struct gcr_error err;
	struct gcr_decoding *ret = gcr_arena_array(
		probe->arena, goroutine->frame_count, sizeof(*ret), &err);

	for (size_t i = 0; ret != NULL && i < goroutine->frame_count; i++)
		if (gcr_frame_decode(&goroutine->frames[i], probe->declarations,
				     target, probe->arena, &ret[i], &err) != 0)
			fail("frame", &err);
	return ret;
}

static void probe_stack(struct probe *probe,
			const struct gcr_goroutine *goroutine,
			const struct gcr_target *target)
{
	struct gcr_callsite_input input = {
		.image = probe->image,
		.bias = probe->match.bias,
		.bias_known = probe->match.bias_known,
		.declarations = probe->declarations,
		.goroutine = goroutine,
		.decodings = decode_all(probe, goroutine, target),
	};
	struct gcr_callsites *sites;
	struct gcr_error err;

	if (gcr_callsites_new(&input, probe->arena, &sites, &err) != 0)
		fail("call sites", &err);
	for (size_t i = 0; i < goroutine->frame_count; i++) {
		const struct gcr_frame *frame = &goroutine->frames[i];
		struct gcr_span key = { 0 }, name;
		if (probe->key_count > 0)
			key = probe->keys[probe->key_count - 1];
		name = gcr_span_until(&key, ' ');
		if (probe->key_count == 0 ||
		    !gcr_symbol_matches(name, frame->function))
			continue;
		probe->key_count--;
		probe_frame(probe, sites, frame, i, &input.decodings[i], key);
	}
	gcr_callsites_done(sites);
}

int main(int argc, char **argv)
{
	static struct probe probe;
	struct gcr_error err;
	int at = 1;

	if (argc > 1 && strcmp(argv[1], "-q") == 0) {
		probe.quiet = true;
		at++;
	}
	if (argc - at < 2 || argc - at > 3) {
		fprintf(stderr,
			"usage: probe_callsite [-q] BINARY STDERR [SOURCE]\n");
		return 2;
	}
	struct gcr_span file = read_file(argv[at]);
	struct gcr_span text = read_file(argv[at + 1]);
	probe.arena = gcr_arena_new(0);
	if (gcr_image_open(file, NULL, &probe.image, &err) != 0)
		fail(argv[at], &err);
	if (gcr_dump_parse(text, NULL, &probe.dump, &err) != 0 ||
	    gcr_declarations_new(&probe.declarations, &err) != 0)
		fail(argv[at + 1], &err);
	struct gcr_span source = { 0 };
	if (argc - at == 3) {
		source = read_file(argv[at + 2]);
		if (gcr_declarations_add_source(probe.declarations,
						GCR_SPAN("main.go"), source,
						&err) != 0)
			fail(argv[at + 2], &err);
	}
	read_keys(&probe, text);
	if (gcr_dump_crash_count(probe.dump) == 0)
		fail("no crash", NULL);
	const struct gcr_crash *crash = gcr_dump_crash(
		probe.dump, gcr_dump_crash_count(probe.dump) - 1);
	if (gcr_image_match(probe.image, crash, probe.arena, &probe.match,
			    &err) != 0)
		fail("match", &err);
	struct gcr_target target = gcr_image_info(probe.image)->target;
	if (crash->goroutine_count > 0)
		probe_stack(&probe, &crash->goroutines[0], &target);
	printf("leaves %zu recovered %zu parts %zu wrong %zu\n", probe.leaves,
	       probe.recovered, probe.parts, probe.wrong);
	gcr_declarations_free(probe.declarations);
	gcr_dump_free(probe.dump);
	gcr_image_free(probe.image);
	gcr_arena_free(probe.arena);
	free((void *)(uintptr_t)file.data);
	free((void *)(uintptr_t)text.data);
	free((void *)(uintptr_t)source.data);
	return probe.wrong > 0;
}
