/*
 * Type descriptors: see runtimetypes.h.
 *
 *	 0 size  8 pointer bytes  16 hash u32  20 flags u8  21 align u8
 *	23 kind u8  40 name i32 from the start of types  48 what the kind adds:
 *	   element; map: key, element; array: element, slice, length;
 *	   struct: package, fields[3]
 *	field: name, type, offset
 *	name: flags u8, length (varint; to go1.16 two bytes, high one first)
 *
 * Go internal/abi/type.go; before go1.21 runtime/type.go, reflect/type.go.
 */

#include "runtimetypes.h"

#include "bytes.h"
#include "span.h"

enum {
	DESCRIPTOR = 48,
	FLAGS_AT = 20,
	ALIGN_AT = 21,
	KIND_AT = 23,
	NAME_AT = 40,
	KIND_MASK = 31,
	KIND_DIRECT = 32, /* to go1.25 */
	FLAG_DIRECT = 32,
	FLAG_EXTRA_STAR = 2,
	FLAG_NAMED = 4,
	FIELDS_AT = 56,
	FIELD_SIZE = 24,
	FIELD_EMBEDDED = 8, /* in the flags of its name */
	ELEMENT_OF_MAP_AT = 56,
	LENGTH_AT = 64,
	LONGEST_NAME = 4096,
	MOST_FIELDS = 1000,
	ALIGN = 8,
};

static bool read_length(const struct gcr_runtypes *types,
			struct gcr_bytes *reader, uint64_t *ret)
{
	if (types->long_lengths) {
		*ret = (uint64_t)gcr_bytes_u8(reader) << 8;
		*ret |= gcr_bytes_u8(reader);
	} else {
		*ret = gcr_bytes_varint(reader);
	}
	return !reader->short_read && *ret <= LONGEST_NAME;
}

static bool read_name(const struct gcr_runtypes *types, uint64_t address,
		      struct gcr_span *ret, unsigned *ret_flags)
{
	struct gcr_span bytes = { 0 };
	struct gcr_bytes reader;
	uint64_t length;

	gcr_coremem_bytes(types->memory, address, &bytes);
	reader = gcr_bytes_at(bytes, 0);
	*ret_flags = gcr_bytes_u8(&reader);
	if (!read_length(types, &reader, &length))
		return false;
	*ret = gcr_bytes_take(&reader, length);
	return !reader.short_read;
}

static bool read_word(const struct gcr_runtypes *types, uint64_t address,
		      uint64_t *ret)
{
	return gcr_coremem_word(types->memory, address, ret);
}

// What stands behind the part all kinds have.
static bool read_rest(const struct gcr_runtypes *types,
		      struct gcr_runtype *type)
{
	switch ((unsigned)type->kind) {
	case GCR_RUNTYPE_ARRAY:
		return read_word(types, type->address + DESCRIPTOR,
				 &type->element) &&
		       read_word(types, type->address + LENGTH_AT,
				 &type->length);
	case GCR_RUNTYPE_MAP:
		return read_word(types, type->address + DESCRIPTOR,
				 &type->key) &&
		       read_word(types, type->address + ELEMENT_OF_MAP_AT,
				 &type->element);
	case GCR_RUNTYPE_CHAN:
	case GCR_RUNTYPE_POINTER:
	case GCR_RUNTYPE_SLICE:
		return read_word(types, type->address + DESCRIPTOR,
				 &type->element);
	case GCR_RUNTYPE_STRUCT:
		return read_word(types, type->address + FIELDS_AT,
				 &type->fields) &&
		       read_word(types, type->address + FIELDS_AT + 8,
				 &type->field_count);
	default:
		return true;
	}
}

bool gcr_runtype_read(const struct gcr_runtypes *types, uint64_t address,
		      struct gcr_runtype *ret)
{
	struct gcr_runtype type = { .address = address };
	struct gcr_span bytes;
	struct gcr_bytes reader;
	unsigned flags, kind, name_flags;
	uint32_t name;

	// A type of a plugin counts from its own start, and one that reflect made
	// from none.
	if (address < types->start || address >= types->end ||
	    !gcr_coremem_span(types->memory, address, DESCRIPTOR, &bytes))
		return false;
	reader = gcr_bytes_at(bytes, 0);
	type.size = gcr_bytes_word(&reader, 8);
	reader = gcr_bytes_at(bytes, NAME_AT);
	name = gcr_bytes_u32(&reader);
	flags = (unsigned char)bytes.data[FLAGS_AT];
	kind = (unsigned char)bytes.data[KIND_AT];
	type.align = (unsigned char)bytes.data[ALIGN_AT];
	type.kind = (enum gcr_runtype_kind)(kind & KIND_MASK);
	type.named = (flags & FLAG_NAMED) != 0;
	// Each is 0 in the releases of the other.
	type.direct = (flags & FLAG_DIRECT) != 0 || (kind & KIND_DIRECT) != 0;
	if (type.kind == 0 || type.kind > GCR_RUNTYPE_UNSAFE_POINTER ||
	    !read_name(types, types->start + name, &type.name, &name_flags) ||
	    !read_rest(types, &type))
		return false;
	if ((flags & FLAG_EXTRA_STAR) != 0)
		type.name = gcr_span_tail(type.name, 1);
	*ret = type;
	return true;
}

bool gcr_runtype_field(const struct gcr_runtypes *types,
		       const struct gcr_runtype *type, uint64_t index,
		       struct gcr_runfield *ret)
{
	struct gcr_runfield field = { 0 };
	struct gcr_span bytes;
	struct gcr_bytes reader;
	uint64_t name, at = index * FIELD_SIZE;
	unsigned flags;

	if (index >= type->field_count || index > UINT32_MAX ||
	    !gcr_add_u64(type->fields, at, &at) ||
	    !gcr_coremem_span(types->memory, at, FIELD_SIZE, &bytes))
		return false;
	reader = gcr_bytes_at(bytes, 0);
	name = gcr_bytes_word(&reader, 8);
	field.type = gcr_bytes_word(&reader, 8);
	field.offset = gcr_bytes_word(&reader, 8);
	if (!read_name(types, name, &field.name, &flags))
		return false;
	field.embedded = (flags & FIELD_EMBEDDED) != 0;
	if (types->shifted_offsets) {
		field.embedded = (field.offset & 1) != 0;
		field.offset >>= 1;
	}
	*ret = field;
	return true;
}

bool gcr_runtype_field_named(const struct gcr_runtypes *types,
			     const struct gcr_runtype *type, const char *name,
			     struct gcr_runfield *ret)
{
	struct gcr_runfield field;

	for (uint64_t i = 0; i < type->field_count && i < MOST_FIELDS; i++)
		if (gcr_runtype_field(types, type, i, &field) &&
		    gcr_span_is(field.name, name)) {
			*ret = field;
			return true;
		}
	return false;
}

// A descriptor is at each multiple of eight, and much else is, too.
static bool may_be_struct(struct gcr_span bytes, uint64_t at)
{
	unsigned flags = (unsigned char)bytes.data[at + FLAGS_AT];
	unsigned kind = (unsigned char)bytes.data[at + KIND_AT] & KIND_MASK;

	return kind == GCR_RUNTYPE_STRUCT && (flags & FLAG_NAMED) != 0;
}

bool gcr_runtypes_next(struct gcr_runtypes *types, const char *prefix,
		       struct gcr_runtype *ret)
{
	struct gcr_span bytes = { 0 };
	uint64_t size = types->end - types->start;

	gcr_coremem_bytes(types->memory, types->start, &bytes);
	bytes = gcr_span_head(bytes, (size_t)size);
	for (uint64_t at = types->at; at + DESCRIPTOR <= bytes.size;
	     at += ALIGN) {
		if (!may_be_struct(bytes, at) ||
		    !gcr_runtype_read(types, types->start + at, ret) ||
		    !gcr_span_starts(ret->name, prefix))
			continue;
		types->at = at + ALIGN;
		return true;
	}
	types->at = bytes.size;
	return false;
}
