/*
 * Next steps. Each row asks the crash one question and, when the answer is
 * yes, gives one step; rows are in order of use, the first few that apply are
 * shown.
 */

#include "advice.h"

#include "causes.h"
#include "decoded.h"
#include "span.h"

#include <inttypes.h>

enum {
	MOST_STEPS = 4
};

struct question {
	const struct gcr_crash *crash;
	const struct gcr_scene *scene;
	const struct gcr_decoding *decoding; /* or NULL */
	const struct gcr_target *target;
	struct gcr_page *page;
};

static void say(const struct question *about, const char *text)
{
	gcr_page_prose(about->page, GCR_MARGIN, text);
}

// addr=0x18: the field of that offset was reached through nil.
static bool nil_field(const struct question *about)
{
	const struct gcr_signal *signal = about->crash->cause.signal;

	if (about->crash->cause.kind != GCR_CAUSE_PANIC || signal == NULL ||
	    !signal->has_addr || signal->addr >= 0x1000 ||
	    !gcr_span_is(signal->name, "SIGSEGV"))
		return false;
	if (signal->has_pc && signal->pc == 0)
		say(about, "pc=0x0: a nil func was called.");
	else if (signal->addr == 0)
		say(about, "addr=0x0: the pointer itself was nil, or its first "
			   "field was used; look for the pointers on that "
			   "line.");
	else
		gcr_page_print(about->page, GCR_MARGIN,
			       "addr=0x%" PRIx64 " is how far into the struct "
			       "the field lies: on that line, look for a nil "
			       "pointer to a struct with a field %" PRIu64
			       " bytes from its start.",
			       signal->addr, signal->addr);
	return true;
}

static bool of_the_cause(const struct question *about)
{
	const struct gcr_cause *cause = &about->crash->cause;
	const struct gcr_cause_row *row =
		gcr_cause_find(cause->kind, cause->text);

	if (row == NULL || row->advice == NULL)
		return false;
	say(about, row->advice);
	return true;
}

static bool race_places(const struct question *about)
{
	if (!about->scene->race)
		return false;
	say(about, "Both accesses are below, with the stacks that started the "
		   "goroutines: decide which lock or channel should order "
		   "them.");
	return true;
}

static bool typed_words(const struct question *about)
{
	return about->decoding != NULL && !about->decoding->flat &&
	       about->decoding->words.count > 0 &&
	       !about->decoding->words.elided;
}

// What was recovered needs no other build; what is unknown may.
static bool misses_values(const struct gcr_decoding *decoding)
{
	return gcr_decoding_has(decoding, GCR_STALE) ||
	       (gcr_decoding_has(decoding, GCR_UNKNOWN) &&
		gcr_words_have(&decoding->words, GCR_STALE));
}

static bool stale_values(const struct question *about)
{
	if (!typed_words(about) || !misses_values(about->decoding))
		return false;
	say(about, "For true values, build with -gcflags='all=-N -l' and let "
		   "it crash again: then every argument is stored and nothing "
		   "is marked.");
	return true;
}

static bool unmarked_values(const struct question *about)
{
	if (!typed_words(about) || !about->decoding->words.braced ||
	    (about->target->go_min != 0 &&
	     about->target->go_min == about->target->go_max) ||
	    !gcr_decoding_has(about->decoding, GCR_UNMARKED))
		return false;
	say(about, "Say which release printed it, --go=1.N: from go1.18 to "
		   "go1.25 what has no mark is true.");
	return true;
}

static bool declaration_missing(const struct question *about)
{
	const struct gcr_frame *own = about->scene->own;

	if (own == NULL || (own->flags & GCR_FRAME_INLINED) ||
	    about->decoding == NULL ||
	    about->decoding->declaration.data != NULL ||
	    about->decoding->words.count == 0 || about->decoding->words.elided)
		return false;
	gcr_page_print(about->page, GCR_MARGIN,
		       "For names and types give the source, --source=DIR, or "
		       "the declaration, --decl='%.*s(…)'.",
		       own->function.size < 120 ? (int)own->function.size : 120,
		       own->function.data);
	return true;
}

static bool inlined_frame(const struct question *about)
{
	const struct gcr_frame *own = about->scene->own;

	if (own == NULL || !(own->flags & GCR_FRAME_INLINED) ||
	    about->crash->cause.kind == GCR_CAUSE_NONE ||
	    (about->decoding != NULL && misses_values(about->decoding)))
		return false;
	gcr_page_print(about->page, GCR_MARGIN,
		       "%.*s was inlined, so its arguments are not printed: "
		       "-gcflags='all=-N -l' keeps it a call.",
		       own->function.size < 120 ? (int)own->function.size : 120,
		       own->function.data);
	return true;
}

static bool alone(const struct question *about)
{
	if (about->crash->cause.kind != GCR_CAUSE_PANIC ||
	    about->crash->goroutine_count != 1)
		return false;
	say(about, "To see the other goroutines too, run with "
		   "GOTRACEBACK=all.");
	return true;
}

static bool nothing_shown(const struct question *about)
{
	if (about->crash->goroutine_count > 0 ||
	    about->crash->stack_count > 0 ||
	    about->crash->cause.kind == GCR_CAUSE_NONE ||
	    gcr_span_starts(about->crash->cause.text, "no goroutines"))
		return false;
	say(about, "No goroutine is in this text: it was cut, or GOTRACEBACK "
		   "is none. Unset it, or set it to all.");
	return true;
}

static bool many_shown(const struct question *about)
{
	if (about->page->view->all || about->crash->goroutine_count < 3)
		return false;
	say(about, "Every goroutine in full: --all.");
	return true;
}

static bool (*const steps[])(const struct question *about) = {
	nil_field,    of_the_cause,    race_places,   nothing_shown,
	stale_values, unmarked_values, inlined_frame, declaration_missing,
	alone,	      many_shown,
};

void gcr_advice_write(struct gcr_page *page, const struct gcr_crash *crash,
		      const struct gcr_scene *scene,
		      const struct gcr_decoding *decoding)
{
	struct question about = {
		.crash = crash,
		.scene = scene,
		.decoding = decoding,
		.target = &page->target,
		.page = page,
	};
	size_t count = sizeof(steps) / sizeof(steps[0]), given = 0;

	gcr_page_label(page, "Next");
	for (size_t i = 0; i < count && given < MOST_STEPS; i++)
		if (steps[i](&about))
			given++;
	if (given == 0)
		gcr_page_prose(page, GCR_MARGIN,
			       "The details are below, as far as the text "
			       "goes.");
}
