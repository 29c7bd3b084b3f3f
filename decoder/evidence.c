/*
 * What a text shows of the release and architecture that printed it, as rows:
 * a text, where to look for it, and the releases it can come from. The list of
 * changes is that of Go's sources, tag by tag; `0` is "no bound".
 */

#include "assembly.h"
#include "span.h"

enum where {
	WHOLE,
	INSIDE,
	AT_START,
	BEFORE_DIGIT
};

struct row {
	struct gcr_span text;
	unsigned least, most;
	enum where where;
};

// Wait reasons. Go runtime/runtime2.go waitReasonStrings.
// clang-format off
static const struct row states[] = {
	{ GCR_LITERAL("timer goroutine (idle)"),    0,  19, WHOLE },
	{ GCR_LITERAL("sync.Cond.Wait"),            11, 0, WHOLE },
	{ GCR_LITERAL("GC scavenge wait"),          13, 0, WHOLE },
	{ GCR_LITERAL("preempted"),                 14, 0, WHOLE },
	{ GCR_LITERAL("debug call"),                15, 0, WHOLE },
	{ GCR_LITERAL("sync.Mutex.Lock"),           20, 0, WHOLE },
	{ GCR_LITERAL("sync.RWMutex.RLock"),        20, 0, WHOLE },
	{ GCR_LITERAL("sync.RWMutex.Lock"),         20, 0, WHOLE },
	{ GCR_LITERAL("GC worker (active)"),        20, 0, WHOLE },
	{ GCR_LITERAL("GC mark termination"),       20, 0, WHOLE },
	{ GCR_LITERAL("stopping the world"),        20, 0, WHOLE },
	{ GCR_LITERAL("flushing proc caches"),      22, 0, WHOLE },
	{ GCR_LITERAL("trace goroutine status"),    22, 0, WHOLE },
	{ GCR_LITERAL("trace proc status"),         22, 0, WHOLE },
	{ GCR_LITERAL("page trace flush"),          22, 0, WHOLE },
	{ GCR_LITERAL("coroutine"),                 22, 0, WHOLE },
	{ GCR_LITERAL("GC weak to strong wait"),    23, 0, WHOLE },
	{ GCR_LITERAL("sync.WaitGroup.Wait"),       24, 0, WHOLE },
	{ GCR_LITERAL("synctest.Run"),              24, 0, WHOLE },
	{ GCR_LITERAL("synctest.Wait"),             24, 0, WHOLE },
	{ GCR_LITERAL("chan receive (synctest)"),   24, 24, WHOLE },
	{ GCR_LITERAL("chan send (synctest)"),      24, 24, WHOLE },
	{ GCR_LITERAL("select (synctest)"),         24, 24, WHOLE },
	{ GCR_LITERAL("chan receive (durable)"),    25, 0, WHOLE },
	{ GCR_LITERAL("chan send (durable)"),       25, 0, WHOLE },
	{ GCR_LITERAL("select (durable)"),          25, 0, WHOLE },
	{ GCR_LITERAL("sync.WaitGroup.Wait (durable)"), 25, 0, WHOLE },
	{ GCR_LITERAL("GOMAXPROCS updater (idle)"), 25, 0, WHOLE },
	{ GCR_LITERAL("cleanup wait"),              25, 0, WHOLE },
	{ GCR_LITERAL("waiting for cgo callback"),  26, 0, WHOLE },
};

// Pieces of function names. Go cmd/compile naming, by release.
static const struct row names[] = {
	{ GCR_LITERAL("\xc2\xb7" "dwrap\xc2\xb7"),  17, 17, INSIDE },
	{ GCR_LITERAL(".gowrap"),                   22, 0, BEFORE_DIGIT },
	{ GCR_LITERAL(".deferwrap"),                22, 0, BEFORE_DIGIT },
	{ GCR_LITERAL("-range"),                    23, 0, BEFORE_DIGIT },
	{ GCR_LITERAL("[...]"),                     18, 0, INSIDE },
	{ GCR_LITERAL(".glob..func"),               0,  21, INSIDE },
	{ GCR_LITERAL("type..eq."),                 0,  19, AT_START },
	{ GCR_LITERAL("type:.eq."),                 20, 0, AT_START },
	{ GCR_LITERAL("internal/runtime/"),         23, 0, AT_START },
	{ GCR_LITERAL("internal/sync."),            24, 0, AT_START },
	{ GCR_LITERAL("runtime.runFinalizers"),     25, 0, AT_START },
	{ GCR_LITERAL("runtime.runCleanups"),       25, 0, AT_START },
	{ GCR_LITERAL("runtime.runfinq"),           0,  24, AT_START },
};

// Registers of the signal report. Go runtime/signal_*.go dumpregs.
static const struct {
	const char *name;
	enum gcr_arch arch;
} registers[] = {
	{ "rax",  GCR_AMD64 },
	{ "eax",  GCR_386 },
	{ "r29",  GCR_ARM64 },
	{ "cpsr", GCR_ARCH_OTHER_32 },
};

// Ends of the names of the runtime's assembly files.
static const struct {
	const char *text;
	enum gcr_arch arch;
} files[] = {
	{ "_amd64.s",   GCR_AMD64 },
	{ "_386.s",     GCR_386 },
	{ "_arm64.s",   GCR_ARM64 },
	{ "_arm.s",     GCR_ARCH_OTHER_32 },
	{ "_mipsx.s",   GCR_ARCH_OTHER_32 },
	{ "_ppc64x.s",  GCR_ARCH_OTHER_64 },
	{ "_riscv64.s", GCR_ARCH_OTHER_64 },
	{ "_s390x.s",   GCR_ARCH_OTHER_64 },
	{ "_loong64.s", GCR_ARCH_OTHER_64 },
	{ "_mips64x.s", GCR_ARCH_OTHER_64 },
};
// clang-format on

static ptrdiff_t find(struct gcr_span text, struct gcr_span needle)
{
	for (size_t at = 0; at + needle.size <= text.size; at++)
		if (text.data[at] == needle.data[0] &&
		    memcmp(text.data + at, needle.data, needle.size) == 0)
			return (ptrdiff_t)at;
	return GCR_NOWHERE;
}

static bool applies(const struct row *row, struct gcr_span text)
{
	ptrdiff_t at;
	size_t end;

	switch (row->where) {
	case WHOLE:
		return gcr_span_equal(text, row->text);
	case AT_START:
		return gcr_span_begins(text, row->text);
	case INSIDE:
		return find(text, row->text) != GCR_NOWHERE;
	case BEFORE_DIGIT:
		at = find(text, row->text);
		end = (size_t)at + row->text.size;
		return at != GCR_NOWHERE && end < text.size &&
		       gcr_is_digit(text.data[end]);
	}
	return false;
}

static void narrow(struct gcr_target *target, const struct row *row)
{
	if (row->least > 0)
		gcr_target_at_least(target, row->least);
	if (row->most > 0)
		gcr_target_at_most(target, row->most);
}

void gcr_evidence_of_state(struct gcr_target *target,
			   const struct gcr_goroutine *stack)
{
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (applies(&states[i], stack->state))
			narrow(target, &states[i]);
	if ((stack->flags & GCR_G_GP) != 0)
		gcr_target_at_least(target, 22);
	if ((stack->flags & GCR_G_SYNCTEST) != 0)
		gcr_target_at_least(target, 24);
	if ((stack->flags & GCR_G_DURABLE) != 0)
		gcr_target_at_least(target, 25);
	if ((stack->flags & GCR_G_LEAKED) != 0 || stack->labels.data != NULL)
		gcr_target_at_least(target, 26);
	if ((stack->flags & GCR_G_LABELS_BEHIND) != 0)
		gcr_target_at_least(target, 27);
}

void gcr_evidence_of_register(struct gcr_target *target, struct gcr_span name)
{
	for (size_t i = 0; i < sizeof(registers) / sizeof(registers[0]); i++)
		if (gcr_span_is(name, registers[i].name))
			gcr_target_is_arch(target, registers[i].arch);
}

// …/golang.org/toolchain@v0.0.1-go1.22.6.linux-amd64/src/runtime/panic.go,
// /usr/local/go1.22.6/src/…, /usr/lib/go-1.19/src/…
static void evidence_of_path(struct gcr_target *target, struct gcr_span file)
{
	ptrdiff_t src = gcr_span_find_text(file, "/src/");
	struct gcr_span root;
	unsigned minor;

	if (src == GCR_NOWHERE)
		return;
	root = gcr_span_head(file, (size_t)src);
	root = gcr_span_tail(root, (size_t)(gcr_span_find_last(root, '/') + 1));
	ptrdiff_t dash = gcr_span_find_text(root, "-go1.");
	if (gcr_span_starts(root, "toolchain@") && dash != GCR_NOWHERE)
		root = gcr_span_tail(root, (size_t)dash + 1);
	if (!gcr_span_skip(&root, "go") && !gcr_span_starts(root, "1."))
		return;
	gcr_span_skip_char(&root, '-');
	minor = gcr_go_minor(root);
	if (minor == 0)
		return;
	gcr_target_at_least(target, minor);
	gcr_target_at_most(target, minor);
}

// Functions whose first parameter is an interface or a string in any release.
static bool takes_aggregate(struct gcr_span function)
{
	static const char *const functions[] = {
		"panic",      "runtime.gopanic", "runtime.throw",
		"sync.throw", "sync.fatal",
	};

	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (gcr_span_is(function, functions[i]))
			return true;
	return false;
}

// `?` and braces, in any list; a flat list where a typed one has braces.
static void evidence_of_arguments(struct gcr_target *target,
				  const struct gcr_frame *frame)
{
	struct gcr_span list = frame->arguments;

	if (gcr_span_find(list, '?') != GCR_NOWHERE)
		gcr_target_at_least(target, 18);
	if (gcr_span_find(list, '{') != GCR_NOWHERE) {
		gcr_target_at_least(target, 17);
		// Go runtime/asm_*.s: goexit has an argument map since 1.22.
		if (gcr_span_is(frame->function, "runtime.goexit"))
			gcr_target_at_least(target, 21);
	} else if (gcr_span_starts(list, "0x") &&
		   takes_aggregate(frame->function)) {
		gcr_target_at_most(target, 16);
	} else if (list.size == 0 && (frame->flags & GCR_FRAME_NO_FILE) == 0 &&
		   gcr_span_is(frame->function, "runtime.goexit")) {
		gcr_target_at_most(target, 21);
	}
}

static void evidence_of_frame(struct gcr_target *target,
			      const struct gcr_frame *frame)
{
	evidence_of_arguments(target, frame);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (applies(&names[i], frame->function))
			narrow(target, &names[i]);
	if (!gcr_function_is_standard(frame->function))
		return;
	evidence_of_path(target, frame->file);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (gcr_span_ends(frame->file, files[i].text))
			gcr_target_is_arch(target, files[i].arch);
}

void gcr_evidence_of_stack(struct gcr_target *target,
			   const struct gcr_goroutine *stack)
{
	// The profile and the race report print no arguments at all.
	bool traceback = stack->kind != GCR_STACK_RACE &&
			 stack->kind != GCR_STACK_PROFILE;

	for (size_t i = 0; traceback && i < stack->frame_count; i++)
		evidence_of_frame(target, &stack->frames[i]);
}
