/*
 * Go puts a program's text at 0x8048000 on 386 and below that on 64-bit
 * machines, with the data behind it. So a pointer below is a 64-bit machine's,
 * and where all pointers fit into 32 bits above it, a 386 printed them.
 */

#include "addresses.h"

// Go cmd/link/internal/ld, elf.go and the architectures' obj.go: FlagTextAddr.
struct pointers {
	bool low, high;
};

static void see_pointers(const struct gcr_value *value,
			 struct pointers *pointers)
{
	enum {
		LOWEST_POINTER = 4096,
		TEXT_386 = 0x8048000
	};
	bool first = value->kind >= GCR_STRING && value->kind <= GCR_FUNC &&
		     value->part_count > 0;
	size_t count = !first ? 0 : value->kind == GCR_INTERFACE ? 2 : 1;

	for (size_t i = 0; i < count; i++) {
		uint64_t part = value->part[i];
		if (part < LOWEST_POINTER ||
		    (value->part_certainty[i] != GCR_EXACT &&
		     value->part_certainty[i] != GCR_UNMARKED))
			continue;
		if (part < TEXT_386)
			pointers->low = true;
		else if (part <= UINT32_MAX)
			pointers->high = true;
	}
	for (size_t i = 0; i < value->child_count; i++)
		see_pointers(&value->children[i], pointers);
}

unsigned gcr_word_size_shown(const struct gcr_reading *readings, size_t count)
{
	struct pointers pointers = { 0 };
	bool wide = false, narrow = false;

	for (size_t i = 0; i < count; i++) {
		const struct gcr_reading *reading = &readings[i];
		wide = wide || reading->word_size == 8;
		if (reading->word_size != 4)
			continue;
		narrow = true;
		for (size_t j = 0; j < reading->parameter_count; j++)
			see_pointers(&reading->arguments[j], &pointers);
	}
	if (!wide || !narrow)
		return 0;
	if (pointers.low)
		return 8;
	return pointers.high ? 4 : 0;
}
