/*
 * Parts of types: see debugpart.h. Go describes a slice, map or channel as the
 * struct that the runtime makes of it, and says beside that what it is of.
 */

#include "debugpart.h"

#ifdef GCR_WITHOUT_ELFUTILS

int gcr_debugpart(struct gcr_image *image, const struct gcr_layout *whole,
		  enum gcr_type_part part, const struct gcr_layout **ret,
		  struct gcr_error *err)
{
	(void)image, (void)whole, (void)part, (void)err;
	*ret = gcr_layout_unknown();
	return 0;
}

#else

#include <dwarf.h>
#include <elfutils/libdw.h>

enum {
	// Go cmd/internal/dwarf, DW_AT_go_key and DW_AT_go_elem.
	AT_GO_KEY = 0x2901,
	AT_GO_ELEM = 0x2902,
};

static unsigned attribute_of(enum gcr_kind kind, enum gcr_type_part part)
{
	bool key = part == GCR_TYPE_KEY;

	if (kind == GCR_MAP)
		return key ? AT_GO_KEY : AT_GO_ELEM;
	if (key)
		return 0;
	if (kind == GCR_POINTER)
		return DW_AT_type;
	return kind == GCR_SLICE || kind == GCR_CHAN ? AT_GO_ELEM : 0;
}

int gcr_debugpart(struct gcr_image *image, const struct gcr_layout *whole,
		  enum gcr_type_part part, const struct gcr_layout **ret,
		  struct gcr_error *err)
{
	unsigned name = attribute_of(whole->kind, part);
	Dwarf_Attribute attribute;
	Dwarf_Die die, type;

	*ret = gcr_layout_unknown();
	if (name == 0 || whole->entry == 0 || image->debuginfo == NULL ||
	    !gcr_debuginfo_entry(image->debuginfo, whole->entry, &die) ||
	    dwarf_attr(&die, name, &attribute) == NULL ||
	    dwarf_formref_die(&attribute, &type) == NULL)
		return 0;
	return gcr_debugtype_layout(gcr_debuginfo_types(image->debuginfo),
				    &type, ret, err);
}

#endif
