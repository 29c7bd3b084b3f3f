/*
 * What panics, fatal errors and signals mean, and what to do next. A row is
 * found by the start of the text; the longest start wins.
 */

#include "causes.h"

#include "span.h"

#define P GCR_CAUSE_PANIC
#define F GCR_CAUSE_FATAL
#define S GCR_CAUSE_SIGNAL

// clang-format off
static const struct gcr_cause_row causes[] = {
	// Run-time panics.
	{ P, "runtime error: invalid memory address or nil pointer dereference",
	  "A nil pointer (or a nil interface's method, or a nil func) was used.",
	  NULL, 0, 0, "runtime/panic.go memoryError" },
	{ P, "runtime error: index out of range",
	  "An index was not below the length of its slice, array or string.",
	  NULL, 0, 0, "runtime/error.go boundsErrorFmts" },
	{ P, "runtime error: slice bounds out of range",
	  "A slice expression s[low:high:max] asked for more than there is, or for low above high.",
	  NULL, 0, 0, "runtime/error.go boundsErrorFmts" },
	{ P, "runtime error: integer divide by zero",
	  "An integer was divided by zero (or the remainder by zero was taken).",
	  NULL, 0, 0, "runtime/panic.go divideError" },
	{ P, "runtime error: integer overflow",
	  "An integer operation overflowed where Go checks it.",
	  NULL, 0, 0, "runtime/panic.go overflowError" },
	{ P, "runtime error: negative shift amount",
	  "A value was shifted by a negative count.",
	  NULL, 13, 0, "runtime/panic.go shiftError" },
	{ P, "runtime error: floating point error",
	  "The processor reported a floating point fault.",
	  NULL, 0, 0, "runtime/panic.go floatError" },
	{ P, "runtime error: makeslice:",
	  "make([]T, len, cap) was given a length or capacity that is negative or too large.",
	  NULL, 0, 0, "runtime/slice.go panicmakeslicelen" },
	{ P, "makechan: size out of range",
	  "make(chan T, n) was given a negative or too large n.",
	  NULL, 0, 0, "runtime/chan.go makechan" },
	{ P, "runtime error: hash of unhashable type",
	  "A map key held in an interface was of a type that cannot be compared (slice, map, func).",
	  NULL, 0, 0, "runtime/alg.go typehash" },
	{ P, "runtime error: comparing uncomparable type",
	  "Two interfaces were compared whose dynamic type cannot be (slice, map, func).",
	  NULL, 0, 0, "runtime/alg.go efaceeq" },
	{ P, "runtime error: cannot convert slice",
	  "A slice was converted to an array longer than it is.",
	  NULL, 17, 0, "runtime/error.go boundsErrorFmts" },
	{ P, "runtime error: unsafe.",
	  "unsafe.Slice or unsafe.String was given a length that is negative or too large.",
	  NULL, 17, 0, "runtime/unsafe.go" },
	{ P, "runtime error: cgo",
	  "A Go pointer that may not leave Go was passed to C, or C returned one.",
	  "See the cgo documentation, \"Passing pointers\".",
	  0, 0, "runtime/cgocall.go cgoCheckPointer" },
	{ P, "send on closed channel",
	  "A value was sent to a channel after it was closed.",
	  "Let the sender close, and only it: who called close here?",
	  0, 0, "runtime/chan.go chansend" },
	{ P, "close of closed channel",
	  "A channel was closed twice.",
	  "Let one goroutine close it, or use sync.Once.",
	  0, 0, "runtime/chan.go closechan" },
	{ P, "close of nil channel",
	  "close was called on a channel that was never made.",
	  NULL, 0, 0, "runtime/chan.go closechan" },
	{ P, "assignment to entry in nil map",
	  "A value was stored in a map that was never made: reading a nil map works, storing does not.",
	  "Make the map first: m = make(map[K]V).",
	  0, 0, "runtime/map.go mapassign" },
	{ P, "interface conversion:",
	  "A type assertion x.(T) met another type.",
	  "The two-result form v, ok := x.(T) does not panic.",
	  0, 0, "runtime/error.go TypeAssertionError.Error" },
	{ P, "value method ",
	  "A method with a value receiver was called through a nil pointer.",
	  NULL, 0, 0, "runtime/error.go panicwrap" },
	{ P, "panic called with nil argument",
	  "panic(nil) was called.",
	  NULL, 21, 0, "runtime/panic.go PanicNilError.Error" },
	{ P, "nil",
	  "panic(nil) was called.",
	  NULL, 0, 0, "runtime/error.go printpanicval" },
	{ P, "deadlock: all goroutines in bubble are blocked",
	  "In a testing/synctest bubble every goroutine waits for another of the bubble.",
	  NULL, 24, 0, "runtime/synctest.go" },
	{ P, "deadlock: main bubble goroutine has exited",
	  "The function of a testing/synctest bubble returned while goroutines of the bubble still waited.",
	  NULL, 25, 0, "runtime/synctest.go" },
	{ P, "test timed out after",
	  "The test binary ran longer than go test -timeout (10m if not given) and stopped itself.",
	  "Look for the goroutine of the running test, not for the one that panicked: that is only the alarm clock.",
	  0, 0, "testing/testing.go startAlarm" },
	{ P, "sync: negative WaitGroup counter",
	  "WaitGroup.Done was called more often than Add counted.",
	  NULL, 0, 0, "sync/waitgroup.go Add" },
	{ P, "sync: WaitGroup is reused before previous Wait has returned",
	  "WaitGroup.Add ran again before an earlier Wait had returned.",
	  NULL, 0, 0, "sync/waitgroup.go Wait" },
	{ P, "sync: WaitGroup misuse",
	  "WaitGroup.Add ran at the same time as Wait, from zero.",
	  "Call Add before the goroutine is started, not in it.",
	  0, 0, "sync/waitgroup.go Add" },
	{ P, "reflect: ",
	  "A function of package reflect was used on a value of the wrong kind.",
	  NULL, 0, 0, "reflect/value.go ValueError.Error" },
	{ P, "bytes.Buffer: too large", "A bytes.Buffer could not grow.",
	  NULL, 0, 0, "bytes/buffer.go ErrTooLarge" },

	// Errors that recover cannot stop.
	{ F, "all goroutines are asleep - deadlock!",
	  "A deadlock: every goroutine waits for another, none can ever go on.",
	  "Ask of each group above: who should have woken it, and where is that one now?",
	  0, 0, "runtime/proc.go checkdead" },
	{ F, "no goroutines (main called runtime.Goexit) - deadlock!",
	  "The main goroutine ended itself by runtime.Goexit, and no goroutine was left.",
	  "t.FailNow and the like call Goexit too: call them from the test's own goroutine only.",
	  0, 0, "runtime/proc.go checkdead" },
	{ F, "concurrent map writes",
	  "Two goroutines stored in one map at the same time. The runtime noticed one of them; the other has gone on.",
	  "Guard the map with a mutex; go run -race finds both places.",
	  0, 0, "runtime/map.go mapassign" },
	{ F, "concurrent map read and map write",
	  "A goroutine read a map while another stored in it. The runtime noticed the reader.",
	  "Guard the map with a mutex, reads too; go run -race finds both places.",
	  0, 0, "runtime/map.go mapaccess1" },
	{ F, "concurrent map iteration and map write",
	  "A goroutine ranged over a map while another stored in it.",
	  "Guard the map with a mutex, loops too; go run -race finds both places.",
	  0, 0, "runtime/map.go mapiternext" },
	{ F, "concurrent map clone and map write",
	  "maps.Clone copied a map while another goroutine stored in it.",
	  "Guard the map with a mutex; go run -race finds both places.",
	  21, 0, "runtime/map.go mapclone2" },
	{ F, "sync: unlock of unlocked mutex",
	  "Mutex.Unlock was called on a mutex that nobody held: unlocked twice, or a copy of it was unlocked.",
	  "go vet finds copied locks.",
	  0, 0, "sync/mutex.go unlockSlow" },
	{ F, "sync: Unlock of unlocked RWMutex",
	  "RWMutex.Unlock was called while nobody held it for writing.",
	  "go vet finds copied locks.",
	  0, 0, "sync/rwmutex.go Unlock" },
	{ F, "sync: RUnlock of unlocked RWMutex",
	  "RWMutex.RUnlock was called while nobody held it for reading.",
	  "go vet finds copied locks.",
	  0, 0, "sync/rwmutex.go rUnlockSlow" },
	{ F, "stack overflow",
	  "A goroutine's stack grew past its limit (1 GB on 64-bit machines): a recursion that does not end.",
	  "Look for the frames that repeat; the arguments that change from one to the next tell why it did not stop.",
	  0, 0, "runtime/stack.go newstack" },
	{ F, "fault",
	  "Memory that is not the program's was touched, at an address too large for a nil pointer.",
	  "Suspects: unsafe, cgo, a data race on an interface or slice, memory unmapped while in use.",
	  0, 0, "runtime/signal_unix.go sigpanic" },
	{ F, "unexpected signal during runtime execution",
	  "A fault happened in C code or in the runtime itself.",
	  "Suspects: C code called by cgo, unsafe, memory damaged earlier.",
	  0, 0, "runtime/signal_unix.go sigpanic" },
	{ F, "runtime: out of memory",
	  "The system gave the runtime no more memory.",
	  "Look at the size asked for, and at the limits (ulimit -v, cgroup).",
	  0, 0, "runtime/malloc.go" },
	{ F, "runtime: cannot allocate memory",
	  "The system gave the runtime no more memory.",
	  "Look at the limits (ulimit -v, cgroup).",
	  0, 0, "runtime/mem_linux.go" },
	{ F, "thread exhaustion",
	  "The program passed 10000 threads: that many goroutines were in blocking system calls or in C at once.",
	  "Look for what the goroutines in state syscall have in common.",
	  0, 0, "runtime/proc.go checkmcount" },
	{ F, "found bad pointer in Go heap",
	  "The collector met a pointer into memory that is not in use.",
	  "Suspects: unsafe (a uintptr kept and turned back into a pointer) and C. Try -gcflags=all=-d=checkptr.",
	  0, 0, "runtime/mbitmap.go badPointer" },
	{ F, "found pointer to free object",
	  "The collector met a pointer to an object it had freed.",
	  "Suspects: unsafe and C. Try -gcflags=all=-d=checkptr.",
	  0, 0, "runtime/mgcsweep.go" },
	{ F, "checkptr:",
	  "The -d=checkptr instrumentation (part of -race) caught a wrong use of unsafe.Pointer.",
	  NULL, 14, 0, "runtime/checkptr.go" },
	{ F, "panic while printing panic value",
	  "The panic value's own Error or String method panicked while the crash was printed.",
	  NULL, 0, 0, "runtime/panic.go preprintpanics" },
	{ F, "go of nil func value",
	  "A go statement was given a nil function.",
	  NULL, 0, 0, "runtime/proc.go newproc1" },
	{ F, "traceback did not unwind completely",
	  "The runtime could not walk a stack: it was damaged.",
	  "Suspects: assembly, C, unsafe.", 0, 0, "runtime/traceback.go" },
	{ F, "unknown caller pc",
	  "The runtime could not walk a stack: it was damaged.",
	  "Suspects: assembly, C, unsafe.", 0, 0, "runtime/traceback.go" },
	{ F, "bad g status",
	  "The runtime found a goroutine in a state that should be impossible.",
	  "Suspects: memory damaged by unsafe or C, or a fault of the runtime.",
	  0, 0, "runtime/proc.go" },

	// Signal reports.
	{ S, "SIGQUIT",
	  "A dump on request: somebody sent SIGQUIT (Ctrl-\\ on the terminal, kill -QUIT, a supervisor or go test that lost patience). The program was not at fault at this very place.",
	  "Ask what the largest groups above wait for, and who should have woken them.",
	  0, 0, "runtime/sigtab_linux_generic.go" },
	{ S, "SIGABRT",
	  "The program was told to abort: C code called abort() or failed an assertion, or somebody sent SIGABRT.",
	  NULL, 0, 0, "runtime/sigtab_linux_generic.go" },
	{ S, "SIGSEGV",
	  "A fault in C code or on a stack of the runtime's, or a SIGSEGV that somebody sent: not a Go nil pointer, which would have been a panic.",
	  "Suspects: C code called by cgo, unsafe.", 14, 0, "runtime/signal_unix.go" },
	{ S, "SIGBUS",
	  "Memory that is mapped but not there was touched: often a mapped file that was cut short.",
	  NULL, 0, 0, "runtime/signal_unix.go" },
	{ S, "SIGFPE",
	  "A division or floating point fault outside Go code.",
	  NULL, 0, 0, "runtime/signal_unix.go" },
	{ S, "SIGILL",
	  "The processor met bytes that are no instruction: wrong machine for this binary, or a wild jump.",
	  NULL, 0, 0, "runtime/signal_unix.go" },
	{ S, "SIGTRAP",
	  "A breakpoint was hit with no debugger to take it (runtime.Breakpoint, int3).",
	  NULL, 0, 0, "runtime/signal_unix.go" },
	{ S, "SIGSYS",
	  "A system call was refused: most often by a seccomp filter of a container.",
	  NULL, 0, 0, "runtime/signal_unix.go" },
};

static const struct gcr_signal_code codes[] = {
	{ "SIGSEGV", 0x1, "SEGV_MAPERR", "nothing is mapped at this address" },
	{ "SIGSEGV", 0x2, "SEGV_ACCERR", "mapped, but not for this kind of access" },
	{ "SIGSEGV", 0x80, "SI_KERNEL", "an address no program can have; the kernel does not say which" },
	{ "SIGBUS", 0x1, "BUS_ADRALN", "the address is not aligned" },
	{ "SIGBUS", 0x2, "BUS_ADRERR", "no such memory: beyond the end of a mapped file" },
	{ "SIGBUS", 0x3, "BUS_OBJERR", "the hardware failed to read it" },
	{ "SIGFPE", 0x1, "FPE_INTDIV", "an integer was divided by zero" },
	{ "SIGFPE", 0x2, "FPE_INTOVF", "an integer overflowed" },
	{ "SIGILL", 0x1, "ILL_ILLOPC", "no such instruction" },
	{ "SIGILL", 0x2, "ILL_ILLOPN", "no such operand" },
	{ "SIGTRAP", 0x1, "TRAP_BRKPT", "a breakpoint" },
	{ "SIGTRAP", 0x80, "SI_KERNEL", "a breakpoint instruction" },
	{ NULL, 0x0, "SI_USER", "sent by kill, from this or another process" },
	{ NULL, (uint64_t)-1, "SI_QUEUE", "sent by sigqueue" },
	{ NULL, (uint64_t)-6, "SI_TKILL", "sent by raise or abort, from this very process" },
	{ NULL, 0x80, "SI_KERNEL", "sent by the kernel" },
};
// clang-format on

enum {
	CAUSE_COUNT = sizeof(causes) / sizeof(causes[0]),
	CODE_COUNT = sizeof(codes) / sizeof(codes[0]),
};

const struct gcr_cause_row *gcr_cause_row(size_t i)
{
	return i < CAUSE_COUNT ? &causes[i] : NULL;
}

const struct gcr_cause_row *gcr_cause_find(enum gcr_cause_kind kind,
					   struct gcr_span text)
{
	const struct gcr_cause_row *best = NULL;

	for (size_t i = 0; i < CAUSE_COUNT; i++) {
		const struct gcr_cause_row *row = &causes[i];

		if (row->kind == kind && gcr_span_starts(text, row->text) &&
		    (best == NULL || strlen(row->text) > strlen(best->text)))
			best = row;
	}
	// `nil` is a whole text, not a start.
	if (best != NULL && strcmp(best->text, "nil") == 0 && text.size > 3)
		return NULL;
	return best;
}

const struct gcr_signal_code *gcr_signal_code_find(struct gcr_span signal,
						   uint64_t code)
{
	for (size_t i = 0; i < CODE_COUNT; i++)
		if (codes[i].code == code &&
		    (codes[i].signal == NULL ||
		     gcr_span_is(signal, codes[i].signal)))
			return &codes[i];
	return NULL;
}
