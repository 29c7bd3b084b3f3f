/*
 * Why goroutines stand still: the words in brackets of a goroutine's header.
 * Go runtime/runtime2.go waitReasonStrings, runtime/traceback.go
 * gStatusStrings.
 */

#include "causes.h"

#include "span.h"

#define REASON "runtime/runtime2.go waitReasonStrings"
#define STATUS "runtime/traceback.go gStatusStrings"

// clang-format off
static const struct gcr_state_row states[] = {
	{ "running", "was running", 0, 0, STATUS },
	{ "runnable", "was ready to run and had no processor", 0, 0, STATUS },
	{ "syscall", "was in a system call or in C", 0, 0, STATUS },
	{ "idle", "was the scheduler of a thread with nothing to do", 0, 0, STATUS },
	{ "dead", "had ended", 0, 0, STATUS },
	{ "copystack", "had its stack moved", 0, 0, STATUS },
	{ "waiting", "waited, the reason was not recorded", 0, 0, STATUS },
	{ "preempted", "was stopped by the scheduler or the collector", 14, 0, STATUS },
	{ "leaked", "can never be woken again", 26, 0, STATUS },
	{ "waiting for cgo callback", "was in C code that may call back", 26, 0, STATUS },
	{ "chan receive", "waited for a value from a channel", 0, 0, REASON },
	{ "chan send", "waited for someone to take a value from a channel", 0, 0, REASON },
	{ "chan receive (nil chan)", "received from a nil channel: waits for ever", 0, 0, REASON },
	{ "chan send (nil chan)", "sent to a nil channel: waits for ever", 0, 0, REASON },
	{ "select", "waited in a select, none of its cases was ready", 0, 0, REASON },
	{ "select (no cases)", "waited in select{}: waits for ever", 0, 0, REASON },
	{ "IO wait", "waited for the network or a pipe", 0, 0, REASON },
	{ "sleep", "slept (time.Sleep)", 0, 0, REASON },
	{ "semacquire", "waited for a lock or a sync.WaitGroup", 0, 0, REASON },
	{ "sync.Cond.Wait", "waited for a sync.Cond to be signalled", 11, 0, REASON },
	{ "sync.Mutex.Lock", "waited for a sync.Mutex that another holds", 20, 0, REASON },
	{ "sync.RWMutex.RLock", "waited to read-lock a sync.RWMutex", 20, 0, REASON },
	{ "sync.RWMutex.Lock", "waited to lock a sync.RWMutex", 20, 0, REASON },
	{ "sync.WaitGroup.Wait", "waited for a sync.WaitGroup to reach zero", 24, 0, REASON },
	{ "panicwait", "waited for another goroutine's crash to end", 0, 0, REASON },
	{ "finalizer wait", "runs finalizers, had none to run", 0, 0, REASON },
	{ "cleanup wait", "runs cleanups, had none to run", 25, 0, REASON },
	{ "force gc (idle)", "starts collections, had nothing to do", 0, 0, REASON },
	{ "timer goroutine (idle)", "runs timers, had none to run", 0, 19, REASON },
	{ "trace reader (blocked)", "reads the execution trace, had nothing to read", 0, 0, REASON },
	{ "trace goroutine status", "recorded states for the execution trace", 22, 0, REASON },
	{ "trace proc status", "recorded states for the execution trace", 22, 0, REASON },
	{ "page trace flush", "wrote out the page trace", 22, 0, REASON },
	{ "flushing proc caches", "flushed the processors' caches", 22, 0, REASON },
	{ "coroutine", "waited for the other side of a coroutine (iter.Pull)", 22, 0, REASON },
	{ "garbage collection", "waited for the collector", 0, 0, REASON },
	{ "garbage collection scan", "had its stack scanned by the collector", 0, 0, REASON },
	{ "GC assist marking", "helped the collector to mark", 0, 0, REASON },
	{ "GC assist wait", "waited to help the collector", 0, 0, REASON },
	{ "GC sweep wait", "sweeps for the collector, had nothing to do", 0, 0, REASON },
	{ "GC scavenge wait", "returns memory to the system, had nothing to do", 13, 0, REASON },
	{ "GC worker (idle)", "marks for the collector, had nothing to do", 0, 0, REASON },
	{ "GC worker (active)", "marked for the collector", 20, 0, REASON },
	{ "GC mark termination", "ended a marking phase", 20, 0, REASON },
	{ "GC weak to strong wait", "waited to turn a weak pointer into a strong one", 23, 0, REASON },
	{ "wait for GC cycle", "waited for the end of a collection", 0, 0, REASON },
	{ "stopping the world", "waited for all others to stop", 20, 0, REASON },
	{ "dumping heap", "wrote a heap dump", 0, 0, REASON },
	{ "debug call", "ran a call that a debugger injected", 15, 0, REASON },
	{ "GOMAXPROCS updater (idle)", "adapts GOMAXPROCS, had nothing to do", 25, 0, REASON },
	{ "synctest.Run", "waited for its synctest bubble to end", 24, 0, REASON },
	{ "synctest.Wait", "waited for its synctest bubble to be idle", 24, 0, REASON },
	{ "chan receive (synctest)", "waited in its bubble for a value from a channel", 24, 24, REASON },
	{ "chan send (synctest)", "waited in its bubble for someone to take a value", 24, 24, REASON },
	{ "select (synctest)", "waited in its bubble in a select", 24, 24, REASON },
	{ "chan receive (durable)", "waited in its bubble for a value from a channel", 25, 0, REASON },
	{ "chan send (durable)", "waited in its bubble for someone to take a value", 25, 0, REASON },
	{ "select (durable)", "waited in its bubble in a select", 25, 0, REASON },
	{ "sync.WaitGroup.Wait (durable)", "waited in its bubble for a sync.WaitGroup", 25, 0, REASON },
};
// clang-format on

enum {
	STATE_COUNT = sizeof(states) / sizeof(states[0])
};

const struct gcr_state_row *gcr_state_row(size_t i)
{
	return i < STATE_COUNT ? &states[i] : NULL;
}

const struct gcr_state_row *gcr_state_find(struct gcr_span state)
{
	for (size_t i = 0; i < STATE_COUNT; i++)
		if (gcr_span_is(state, states[i].text))
			return &states[i];
	return NULL;
}
