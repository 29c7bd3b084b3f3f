#ifndef GCR_GRAMMAR_H
#define GCR_GRAMMAR_H

/*
 * One line of a traceback at a time: each function here recognises one form of
 * line and takes it apart, and knows nothing of the lines around it. Texts are
 * lines of `struct gcr_line`, without prefix and line end. All return false,
 * with `ret` untouched, when the line has not that form.
 */

#include "gocrash.h"

/* `main.example({0xc00003e6e8, 0x2, 0x4}, 0xa)`; indented or not. */
bool gcr_read_function(struct gcr_span line, struct gcr_frame *ret);

/*
 * `	/src/main.go:10 +0x45 fp=0x… sp=0x… pc=0x…`, its tab perhaps turned into
 * spaces or lost; a cgo frame's `	pc=0x…` too.
 */
bool gcr_read_location(struct gcr_span line, struct gcr_frame *ret);

/* `goroutine 18 gp=0x… m=nil [chan receive, 5 minutes]:` */
bool gcr_read_header(struct gcr_span line, struct gcr_goroutine *ret);

/* `created by main.main in goroutine 1` */
bool gcr_read_created(struct gcr_span line, struct gcr_frame *ret,
		      uint64_t *creator, bool *has_creator);

/* `...additional frames elided...` (0) or `...12 frames elided...` (12). */
bool gcr_read_elision(struct gcr_span line, uint64_t *ret);

/* `[originating from goroutine 4]:` */
bool gcr_read_origin(struct gcr_span line, uint64_t *ret);

/* `	goroutine running on other thread; stack unavailable` */
bool gcr_is_unavailable(struct gcr_span line);

/* `[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x45af5e]` */
bool gcr_read_signal(struct gcr_span line, struct gcr_signal *ret);

/* `SIGQUIT: quit`, `Signal 40`, `Exception 0xc0000005 0x0 0x0 0x7ff…`. */
bool gcr_read_signal_head(struct gcr_span line, struct gcr_signal *ret);

/* `PC=0x408d6e m=0 sigcode=0 addr=0x0`, into the head's signal. */
bool gcr_read_pc(struct gcr_span line, struct gcr_signal *ret);

/* `rax    0x0` */
bool gcr_read_register(struct gcr_span line, struct gcr_register *ret);

/* `non-Go function at pc=0x7f…` */
bool gcr_read_foreign(struct gcr_span line, struct gcr_frame *ret);

/* `5 @ 0x43854e 0x406c1f`: the number of goroutines of a profile's entry. */
bool gcr_read_profile_entry(struct gcr_span line, uint64_t *ret);

/* `#	0x4b4f84	main.park+0x24	/src/profile.go:9` */
bool gcr_read_profile_frame(struct gcr_span line, struct gcr_frame *ret);

/*
 * `Previous write at 0x00c00009a018 by goroutine 7:`,
 * `Goroutine 7 (finished) created at:`
 */
bool gcr_read_race_stack(struct gcr_span line, struct gcr_goroutine *ret);

/*
 * A line of the runtime's own around a crash, with nothing to decode:
 * `runtime: sp=0x… stack=[…]`, `unexpected fault address 0x…`, a hex dump's row.
 */
bool gcr_is_remark(struct gcr_span line);

#endif
