#ifndef GCR_COREGOROUTINE_H
#define GCR_COREGOROUTINE_H

/*
 * Goroutines of a core: what each was doing, and its stack. One at a time, in
 * one set of buffers.
 */

#include "coreunwind.h"
#include "runtimevars.h"

/* Go runtime/runtime2.go _Gidle and so on. */
enum gcr_g_status {
	GCR_STATUS_IDLE,
	GCR_STATUS_RUNNABLE,
	GCR_STATUS_RUNNING,
	GCR_STATUS_SYSCALL,
	GCR_STATUS_WAITING,
	GCR_STATUS_DEAD = 6,
	GCR_STATUS_COPYSTACK = 8,
	GCR_STATUS_PREEMPTED = 9,
	GCR_STATUS_LEAKED = 10,
	GCR_STATUS_DEADEXTRA = 11,
};

struct gcr_core_goroutine {
	uint64_t address, id;
	unsigned status; /* without the scan bit */
	bool scan;
	struct gcr_span state; /* as the runtime prints it */
	uint64_t m;	       /* address; 0: on no thread */
	uint64_t m_id;
	uint64_t waitsince; /* nanoseconds of the process's clock; 0: none */
	bool locked;
	uint64_t low, high; /* its stack */
	uint64_t sched_pc, sched_sp, syscall_pc, syscall_sp;
	uint64_t gopc, parent, panic;
	uint64_t bubble; /* number of its synctest bubble; 0: none */
	uint64_t signal, signal_code, signal_address, signal_pc;
	bool durable;	    /* waits for its bubble */
	bool has_ancestors; /* GODEBUG=tracebackancestors */
	bool unavailable;   /* running, and no thread tells where */
	/*
	 * Of a running one: where the registers of its first frame are, in a
	 * struct ucontext, or when that is 0 those of its thread.
	 */
	uint64_t context;
	const uint64_t *registers;
};

/* A thread of the core and the runtime's idea of it. */
struct gcr_core_m {
	uint64_t m, g, g0, gsignal, curg;
	size_t thread; /* index in the core */
};

struct gcr_coreworld {
	const struct gcr_runtime *runtime;
	struct gcr_coremem *memory;
	struct gcr_core_m *ms; /* by m */
	size_t m_count;
};

/* The goroutine at `address`; false when it cannot be read. */
bool gcr_coregoroutine_read(const struct gcr_coreworld *world, uint64_t address,
			    struct gcr_core_goroutine *ret);

/* The threads of `file`, by what their registers say. */
GCR_MUST_CHECK int gcr_coreworld_make(const struct gcr_corefile *file,
				      const struct gcr_runtime *runtime,
				      struct gcr_coremem *memory,
				      struct gcr_arena *arena,
				      struct gcr_coreworld *ret,
				      struct gcr_error *err);

/* The thread that runs `m`; NULL when there is none. */
const struct gcr_core_m *gcr_coreworld_thread(const struct gcr_coreworld *world,
					      uint64_t m);

#endif
