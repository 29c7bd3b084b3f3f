#ifndef GCR_SCENE_H
#define GCR_SCENE_H

/*
 * Who did it, and where in the user's own code: what the first screen of an
 * explanation is about. Everything here points into the crash.
 */

#include "page.h"

/* Whose code a frame is, as far as its name and file tell. */
enum gcr_owner {
	GCR_OWNER_USER,	      /* package main, the main module */
	GCR_OWNER_DEPENDENCY, /* a module of somebody else */
	GCR_OWNER_GO,	      /* the runtime, the standard library, generated */
	GCR_OWNER_C,	      /* not Go */
};

enum gcr_owner gcr_frame_owner(const struct gcr_frame *frame,
			       const struct gcr_view *view);

/* The user's own stands out, Go's is faint. */
enum gcr_style gcr_frame_style(const struct gcr_frame *frame,
			       const struct gcr_view *view);

/* The user's frame nearest to the top, else a dependency's; or NULL. */
const struct gcr_frame *gcr_own_frame(const struct gcr_frame *frames,
				      size_t count,
				      const struct gcr_view *view);

/*
 * The frame that says most of what a goroutine does: its own, else the function
 * it was started with; NULL when it has no frames.
 */
const struct gcr_frame *gcr_telling_frame(const struct gcr_goroutine *g,
					  const struct gcr_view *view);

/* A goroutine of the runtime's own: the runtime started it, and it is there. */
bool gcr_stack_is_runtime(const struct gcr_goroutine *g);

/*
 * The function a goroutine was started with, as far as it says something: for
 * stacks with nothing of the user's in them. NULL when there are no frames.
 */
const struct gcr_frame *gcr_entry_frame(const struct gcr_goroutine *g);

struct gcr_scene {
	/*
	 * The goroutine that failed. NULL when none did: a dump on request, a
	 * deadlock, a race, a profile, or no goroutine was printed.
	 */
	const struct gcr_goroutine *culprit;
	const struct gcr_frame *own;	/* its own frame; or NULL */
	const struct gcr_frame *caller; /* the frame that called `own` */
	bool deferred;			/* … and it is `panic` */
	/*
	 * Where the first panic of a chain came from, when `own` is only where
	 * the last one did; or NULL.
	 */
	const struct gcr_frame *origin;
	bool everyone; /* the question is what all of them were doing */
	bool race;
	bool profile;
};

struct gcr_scene gcr_scene_of(const struct gcr_crash *crash,
			      const struct gcr_view *view);

/* The last path element of the frame's file; or `?`. */
struct gcr_span gcr_file_base(const struct gcr_frame *frame);

#endif
