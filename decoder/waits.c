/*
 * The top of a stack that waits, here for the lock of a RWMutex:
 *
 *	runtime.gopark(0x0?, 0x0?, 0x0?, 0x3?, 0x0?)
 *	runtime.goparkunlock(...)
 *	runtime.semacquire1(0x6134dc, 0x0, 0x3, 0x0, 0x17)     since go1.19
 *	sync.runtime_SemacquireRWMutexR(0x0?, 0x0?, 0x0?)
 *	sync.(*RWMutex).RLock(...)
 *	main.reader()
 *
 * A row of the table names the function whose first word is the thing, or a
 * field of it, and the function it has to be called from. The first row that
 * fits says what kind of thing it is; the first of that kind whose word is not
 * marked says which.
 *
 * The rows were held against programs that print the addresses, go1.16 to
 * go1.26 (tests/live_waits.sh). Go1.17 marks nothing, and where later releases
 * print `0x0?` it prints whatever is there: those rows are `unsure`.
 */

#include "waits.h"

#include "span.h"

enum {
	DEEPEST = 24 /* frames of runtime and sync above one's own */
};

#define SEMA "runtime/sema.go"
#define CHAN "runtime/chan.go"
#define RWMUTEX "sync/rwmutex.go"
#define POLL "internal/poll/fd_poll_runtime.go"
#define NONE                                                                   \
	{                                                                      \
		NULL, 0                                                        \
	}
#define NAMED(name) GCR_LITERAL(name)

// clang-format off
static const struct gcr_wait_row rows[] = {
	// Mutex{state int32; sema uint32}, w the first field of a RWMutex, m
	// behind the uint32 `done` of a Once.
	{ NAMED("sync.(*Mutex).lockSlow"), NAMED("sync.(*RWMutex).Lock"), GCR_WAIT_RWMUTEX, GCR_LOCKS, { 0, 0 }, 13, 23, false, "sync/mutex.go lockSlow" },
	{ NAMED("sync.(*Mutex).lockSlow"), NAMED("sync.(*Once).doSlow"), GCR_WAIT_ONCE, GCR_WAITS, { 4, 4 }, 13, 23, false, "sync/once.go doSlow" },
	{ NAMED("sync.(*Mutex).lockSlow"), NONE, GCR_WAIT_MUTEX, GCR_LOCKS, { 0, 0 }, 13, 23, false, "sync/mutex.go lockSlow" },
	{ NAMED("internal/sync.(*Mutex).lockSlow"), NAMED("sync.(*RWMutex).Lock"), GCR_WAIT_RWMUTEX, GCR_LOCKS, { 0, 0 }, 24, 0, false, "internal/sync/mutex.go lockSlow" },
	{ NAMED("internal/sync.(*Mutex).lockSlow"), NAMED("sync.(*Once).doSlow"), GCR_WAIT_ONCE, GCR_WAITS, { 4, 4 }, 24, 0, false, "sync/once.go doSlow" },
	{ NAMED("internal/sync.(*Mutex).lockSlow"), NONE, GCR_WAIT_MUTEX, GCR_LOCKS, { 0, 0 }, 24, 0, false, "internal/sync/mutex.go lockSlow" },

	// Before lockSlow there was one function; a Once had its Mutex first.
	{ NAMED("sync.(*Mutex).Lock"), NAMED("sync.(*RWMutex).Lock"), GCR_WAIT_RWMUTEX, GCR_LOCKS, { 0, 0 }, 0, 12, false, "sync/mutex.go Lock" },
	{ NAMED("sync.(*Mutex).Lock"), NAMED("sync.(*Once).Do"), GCR_WAIT_ONCE, GCR_WAITS, { 0, 0 }, 0, 12, false, "sync/once.go Do" },
	{ NAMED("sync.(*Mutex).Lock"), NONE, GCR_WAIT_MUTEX, GCR_LOCKS, { 0, 0 }, 0, 12, false, "sync/mutex.go Lock" },

	// RWMutex{w Mutex; writerSem, readerSem uint32; …}
	{ NAMED("runtime.semacquire1"), NAMED("sync.(*RWMutex).RLock"), GCR_WAIT_RWMUTEX, GCR_RLOCKS, { 12, 12 }, 0, 0, false, SEMA " semacquire1" },
	{ NAMED("sync.runtime_SemacquireRWMutexR"), NAMED("sync.(*RWMutex).RLock"), GCR_WAIT_RWMUTEX, GCR_RLOCKS, { 12, 12 }, 20, 0, true, SEMA " sync_runtime_SemacquireRWMutexR" },
	{ NAMED("sync.runtime_SemacquireMutex"), NAMED("sync.(*RWMutex).RLock"), GCR_WAIT_RWMUTEX, GCR_RLOCKS, { 12, 12 }, 11, 19, true, SEMA " sync_runtime_SemacquireMutex" },
	{ NAMED("sync.runtime_Semacquire"), NAMED("sync.(*RWMutex).RLock"), GCR_WAIT_RWMUTEX, GCR_RLOCKS, { 12, 12 }, 0, 10, true, SEMA " sync_runtime_Semacquire" },
	{ NAMED("runtime.semacquire1"), NAMED("sync.(*RWMutex).Lock"), GCR_WAIT_RWMUTEX, GCR_LOCKS, { 8, 8 }, 0, 0, false, SEMA " semacquire1" },
	{ NAMED("sync.runtime_SemacquireRWMutex"), NAMED("sync.(*RWMutex).Lock"), GCR_WAIT_RWMUTEX, GCR_LOCKS, { 8, 8 }, 20, 0, true, SEMA " sync_runtime_SemacquireRWMutex" },
	{ NAMED("sync.runtime_SemacquireMutex"), NAMED("sync.(*RWMutex).Lock"), GCR_WAIT_RWMUTEX, GCR_LOCKS, { 8, 8 }, 11, 19, true, SEMA " sync_runtime_SemacquireMutex" },
	{ NAMED("sync.runtime_Semacquire"), NAMED("sync.(*RWMutex).Lock"), GCR_WAIT_RWMUTEX, GCR_LOCKS, { 8, 8 }, 0, 10, true, SEMA " sync_runtime_Semacquire" },

	// WaitGroup{state uint64; sema uint32}; 12 bytes of state in go1.10: see
	// confirms().
	{ NAMED("sync.(*WaitGroup).Wait"), NONE, GCR_WAIT_WAITGROUP, GCR_WAITS, { 0, 0 }, 0, 0, true, "sync/waitgroup.go Wait" },
	{ NAMED("runtime.semacquire1"), NAMED("sync.(*WaitGroup).Wait"), GCR_WAIT_WAITGROUP, GCR_WAITS, { 8, 8 }, 0, 0, false, SEMA " semacquire1" },

	// Cond{L Locker; notify notifyList; …}, a Locker being two words.
	{ NAMED("sync.runtime_notifyListWait"), NONE, GCR_WAIT_COND, GCR_WAITS, { 16, 8 }, 0, 0, false, SEMA " notifyListWait" },

	{ NAMED("runtime.chanrecv"), NONE, GCR_WAIT_CHANNEL, GCR_RECEIVES, { 0, 0 }, 0, 0, false, CHAN " chanrecv" },
	{ NAMED("runtime.chansend"), NONE, GCR_WAIT_CHANNEL, GCR_SENDS, { 0, 0 }, 0, 0, false, CHAN " chansend" },
	{ NAMED("runtime.chanrecv1"), NONE, GCR_WAIT_CHANNEL, GCR_RECEIVES, { 0, 0 }, 0, 0, true, CHAN " chanrecv1" },
	{ NAMED("runtime.chanrecv2"), NONE, GCR_WAIT_CHANNEL, GCR_RECEIVES, { 0, 0 }, 0, 0, true, CHAN " chanrecv2" },
	{ NAMED("runtime.chansend1"), NONE, GCR_WAIT_CHANNEL, GCR_SENDS, { 0, 0 }, 0, 0, true, CHAN " chansend1" },
	{ NAMED("reflect.chanrecv"), NONE, GCR_WAIT_CHANNEL, GCR_RECEIVES, { 0, 0 }, 0, 0, true, CHAN " reflect_chanrecv" },
	{ NAMED("reflect.chansend"), NONE, GCR_WAIT_CHANNEL, GCR_SENDS, { 0, 0 }, 0, 20, true, CHAN " reflect_chansend" },
	{ NAMED("reflect.chansend0"), NONE, GCR_WAIT_CHANNEL, GCR_SENDS, { 0, 0 }, 21, 0, true, CHAN " reflect_chansend" },
	{ NAMED("runtime.selectgo"), NONE, GCR_WAIT_SELECT, GCR_WAITS, { 0, 0 }, 0, 0, true, "runtime/select.go selectgo" },

	// The fdMutex is the first field of a FD.
	{ NAMED("internal/poll.runtime_pollWait"), NAMED("internal/poll.(*pollDesc).waitRead"), GCR_WAIT_DESCRIPTOR, GCR_READS, { 0, 0 }, 0, 0, false, POLL " runtime_pollWait" },
	{ NAMED("internal/poll.runtime_pollWait"), NAMED("internal/poll.(*pollDesc).waitWrite"), GCR_WAIT_DESCRIPTOR, GCR_WRITES, { 0, 0 }, 0, 0, false, POLL " runtime_pollWait" },
	{ NAMED("internal/poll.runtime_pollWait"), NONE, GCR_WAIT_DESCRIPTOR, GCR_WAITS, { 0, 0 }, 0, 0, false, POLL " runtime_pollWait" },
	{ NAMED("internal/poll.(*fdMutex).rwlock"), NAMED("internal/poll.(*FD).readLock"), GCR_WAIT_DESCRIPTOR_LOCK, GCR_READS, { 0, 0 }, 0, 0, false, "internal/poll/fd_mutex.go rwlock" },
	{ NAMED("internal/poll.(*fdMutex).rwlock"), NAMED("internal/poll.(*FD).writeLock"), GCR_WAIT_DESCRIPTOR_LOCK, GCR_WRITES, { 0, 0 }, 0, 0, false, "internal/poll/fd_mutex.go rwlock" },
	{ NAMED("internal/poll.(*fdMutex).rwlock"), NONE, GCR_WAIT_DESCRIPTOR_LOCK, GCR_WAITS, { 0, 0 }, 0, 0, false, "internal/poll/fd_mutex.go rwlock" },

	{ NAMED("runtime.semacquire1"), NONE, GCR_WAIT_SEMAPHORE, GCR_WAITS, { 0, 0 }, 0, 0, false, SEMA " semacquire1" },
};

/* What the state alone says: Go runtime/runtime2.go waitReasonStrings. */
static const struct {
	struct gcr_span state;
	enum gcr_wait_kind kind;
	enum gcr_wait_role role;
	bool framed; /* frames tell more */
} states[] = {
	{ NAMED("running"), GCR_WAIT_NOTHING, GCR_WAITS, false },
	{ NAMED("runnable"), GCR_WAIT_NOTHING, GCR_WAITS, false },
	{ NAMED("syscall"), GCR_WAIT_NOTHING, GCR_WAITS, false },
	{ NAMED("idle"), GCR_WAIT_NOTHING, GCR_WAITS, false },
	{ NAMED("dead"), GCR_WAIT_NOTHING, GCR_WAITS, false },
	{ NAMED("copystack"), GCR_WAIT_NOTHING, GCR_WAITS, false },
	{ NAMED("preempted"), GCR_WAIT_NOTHING, GCR_WAITS, false },
	{ NAMED("waiting for cgo callback"), GCR_WAIT_NOTHING, GCR_WAITS, false },
	{ NAMED("chan receive"), GCR_WAIT_CHANNEL, GCR_RECEIVES, true },
	{ NAMED("chan receive (durable)"), GCR_WAIT_CHANNEL, GCR_RECEIVES, true },
	{ NAMED("chan receive (synctest)"), GCR_WAIT_CHANNEL, GCR_RECEIVES, true },
	{ NAMED("chan send"), GCR_WAIT_CHANNEL, GCR_SENDS, true },
	{ NAMED("chan send (durable)"), GCR_WAIT_CHANNEL, GCR_SENDS, true },
	{ NAMED("chan send (synctest)"), GCR_WAIT_CHANNEL, GCR_SENDS, true },
	{ NAMED("chan receive (nil chan)"), GCR_WAIT_NIL_CHANNEL, GCR_RECEIVES, false },
	{ NAMED("chan send (nil chan)"), GCR_WAIT_NIL_CHANNEL, GCR_SENDS, false },
	{ NAMED("select"), GCR_WAIT_SELECT, GCR_WAITS, false },
	{ NAMED("select (durable)"), GCR_WAIT_SELECT, GCR_WAITS, false },
	{ NAMED("select (synctest)"), GCR_WAIT_SELECT, GCR_WAITS, false },
	{ NAMED("select (no cases)"), GCR_WAIT_FOREVER, GCR_WAITS, false },
	{ NAMED("IO wait"), GCR_WAIT_DESCRIPTOR, GCR_WAITS, true },
	{ NAMED("sleep"), GCR_WAIT_SLEEP, GCR_WAITS, false },
	{ NAMED("semacquire"), GCR_WAIT_SEMAPHORE, GCR_WAITS, true },
	{ NAMED("sync.Cond.Wait"), GCR_WAIT_COND, GCR_WAITS, true },
	{ NAMED("sync.Mutex.Lock"), GCR_WAIT_MUTEX, GCR_LOCKS, true },
	{ NAMED("sync.RWMutex.RLock"), GCR_WAIT_RWMUTEX, GCR_RLOCKS, true },
	{ NAMED("sync.RWMutex.Lock"), GCR_WAIT_RWMUTEX, GCR_LOCKS, true },
	{ NAMED("sync.WaitGroup.Wait"), GCR_WAIT_WAITGROUP, GCR_WAITS, true },
	{ NAMED("sync.WaitGroup.Wait (durable)"), GCR_WAIT_WAITGROUP, GCR_WAITS, true },
};
// clang-format on

enum {
	ROW_COUNT = sizeof(rows) / sizeof(rows[0]),
	STATE_COUNT = sizeof(states) / sizeof(states[0])
};

static const char *const kind_names[] = {
	[GCR_WAIT_NOTHING] = "nothing",
	[GCR_WAIT_CHANNEL] = "channel",
	[GCR_WAIT_NIL_CHANNEL] = "nil channel",
	[GCR_WAIT_SELECT] = "select",
	[GCR_WAIT_FOREVER] = "select{}",
	[GCR_WAIT_MUTEX] = "mutex",
	[GCR_WAIT_RWMUTEX] = "rwmutex",
	[GCR_WAIT_ONCE] = "once",
	[GCR_WAIT_WAITGROUP] = "waitgroup",
	[GCR_WAIT_COND] = "cond",
	[GCR_WAIT_DESCRIPTOR] = "descriptor",
	[GCR_WAIT_DESCRIPTOR_LOCK] = "descriptor lock",
	[GCR_WAIT_SEMAPHORE] = "semaphore",
	[GCR_WAIT_SLEEP] = "sleep",
	[GCR_WAIT_OTHER] = "other",
};

static const char *const role_names[] = {
	[GCR_WAITS] = "waits",	 [GCR_RECEIVES] = "receives",
	[GCR_SENDS] = "sends",	 [GCR_LOCKS] = "locks",
	[GCR_RLOCKS] = "rlocks", [GCR_READS] = "reads",
	[GCR_WRITES] = "writes",
};

_Static_assert(sizeof(kind_names) / sizeof(kind_names[0]) ==
		       GCR_WAIT_KIND_COUNT,
	       "a name for each kind");
_Static_assert(sizeof(role_names) / sizeof(role_names[0]) ==
		       GCR_WAIT_ROLE_COUNT,
	       "a name for each role");

const char *gcr_wait_kind_name(enum gcr_wait_kind kind)
{
	return kind_names[kind];
}

const char *gcr_wait_role_name(enum gcr_wait_role role)
{
	return role_names[role];
}

bool gcr_wait_is_lock(enum gcr_wait_kind kind)
{
	return kind == GCR_WAIT_MUTEX || kind == GCR_WAIT_RWMUTEX ||
	       kind == GCR_WAIT_ONCE || kind == GCR_WAIT_DESCRIPTOR_LOCK;
}

const struct gcr_wait_row *gcr_wait_row(size_t i)
{
	return i < ROW_COUNT ? &rows[i] : NULL;
}

static bool is_above(struct gcr_span function)
{
	return gcr_span_starts(function, "runtime.") ||
	       gcr_span_starts(function, "sync.") ||
	       gcr_span_starts(function, "internal/sync.");
}

// With those of the packages that wait for others.
static size_t frames_above(const struct gcr_goroutine *stack)
{
	size_t i = 0;

	for (; i < stack->frame_count && i < DEEPEST; i++) {
		struct gcr_span function = stack->frames[i].function;

		if (!is_above(function) &&
		    !gcr_span_starts(function, "internal/poll.") &&
		    !gcr_span_starts(function, "reflect."))
			break;
	}
	return i;
}

// What may stand between a frame with the word and the one it belongs to.
static bool is_between(struct gcr_span function)
{
	return gcr_span_find_text(function, ".runtime_Semacquire") !=
		       GCR_NOWHERE ||
	       gcr_span_ends(function, "sync.(*Mutex).Lock") ||
	       gcr_span_is(function, "internal/poll.(*pollDesc).wait");
}

static bool is_called_from(const struct gcr_goroutine *stack, size_t at,
			   size_t end, struct gcr_span caller)
{
	for (size_t i = at + 1; i < end; i++) {
		struct gcr_span function = stack->frames[i].function;

		if (gcr_span_equal(function, caller))
			return true;
		if (!is_between(function))
			return false;
	}
	return false;
}

// The frame of `row` among the first `end`; or `end`.
static size_t find_frame(const struct gcr_goroutine *stack, size_t end,
			 const struct gcr_wait_row *row)
{
	for (size_t i = 0; i < end; i++)
		if (gcr_span_equal(stack->frames[i].function, row->function) &&
		    (row->caller.data == NULL ||
		     is_called_from(stack, i, end, row->caller)))
			return i;
	return end;
}

// The first word of a list: EXACT, STALE with its `?`, UNKNOWN when there is none.
static enum gcr_certainty first_word(const struct gcr_frame *frame,
				     uint64_t *ret)
{
	struct gcr_span text = frame->arguments;

	if (gcr_span_hex(&text, ret) != GCR_NUMBER_OK)
		return GCR_UNKNOWN;
	if (gcr_span_skip_char(&text, '?'))
		return GCR_STALE;
	// Behind a whole word there is a comma or the end.
	return text.size == 0 || text.data[0] == ',' ? GCR_EXACT : GCR_UNKNOWN;
}

struct gcr_wait gcr_wait_with(const struct gcr_wait *like, uint64_t word)
{
	struct gcr_wait wait = *like;

	wait.address = 0;
	wait.certainty = GCR_UNKNOWN; // junk of go1.17, or forged
	if (word > wait.minus[0]) {
		wait.address = word - wait.minus[0];
		wait.certainty = GCR_EXACT;
	}
	return wait;
}

static void read_address(const struct gcr_goroutine *stack,
			 struct gcr_wait *wait)
{
	uint64_t word = 0;

	wait->address = 0;
	wait->certainty = GCR_UNKNOWN;
	if (wait->frame >= stack->frame_count || wait->kind == GCR_WAIT_SELECT)
		return;
	wait->certainty = first_word(&stack->frames[wait->frame], &word);
	if (wait->certainty == GCR_EXACT)
		*wait = gcr_wait_with(wait, word);
}

static struct gcr_wait wait_by_row(const struct gcr_goroutine *stack,
				   size_t frame, const struct gcr_wait_row *row)
{
	struct gcr_wait wait = {
		.kind = row->kind,
		.role = row->role,
		.frame = frame,
		.minus = { row->minus[0], row->minus[1] },
		.unsure = row->unsure,
	};

	read_address(stack, &wait);
	return wait;
}

// Whether `a` says more of the same thing than `b`.
static bool is_better(const struct gcr_wait *a, const struct gcr_wait *b)
{
	if (a->certainty != GCR_EXACT)
		return false;
	return b->certainty != GCR_EXACT || (b->unsure && !a->unsure);
}

// A WaitGroup of go1.10 has its semaphore 4 bytes further down. No word but its
// own address stands so exactly before what semacquire1 is given.
static bool confirms(const struct gcr_wait *sure, const struct gcr_wait *found)
{
	return sure->certainty == GCR_EXACT && found->certainty == GCR_EXACT &&
	       found->unsure && found->kind == GCR_WAIT_WAITGROUP &&
	       sure->address == found->address + 4;
}

static struct gcr_wait wait_by_frames(const struct gcr_goroutine *stack,
				      size_t end, struct gcr_wait by_state)
{
	struct gcr_wait best = by_state;
	bool found = false;

	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (found && rows[i].kind != best.kind)
			continue;
		size_t frame = find_frame(stack, end, &rows[i]);
		if (frame == end)
			continue;
		struct gcr_wait wait = wait_by_row(stack, frame, &rows[i]);
		if (found && confirms(&wait, &best))
			best.unsure = false;
		else if (!found || is_better(&wait, &best))
			best = wait;
		found = true;
		if (best.certainty == GCR_EXACT && !best.unsure)
			break;
	}
	return best;
}

// A state without a row is a reason of a release to come, or of the runtime.
static size_t find_state(struct gcr_span state)
{
	size_t i = 0;

	while (i < STATE_COUNT && !gcr_span_equal(state, states[i].state))
		i++;
	return i;
}

struct gcr_wait gcr_wait_of(const struct gcr_goroutine *stack)
{
	struct gcr_wait wait = { .frame = SIZE_MAX,
				 .caller = SIZE_MAX,
				 .certainty = GCR_UNKNOWN };
	size_t state = find_state(stack->state);

	if (stack->kind != GCR_STACK_GOROUTINE)
		return wait;
	wait.kind = GCR_WAIT_OTHER;
	if (state < STATE_COUNT) {
		wait.kind = states[state].kind;
		wait.role = states[state].role;
	}
	if (wait.kind == GCR_WAIT_NOTHING)
		return wait;
	size_t end = frames_above(stack);
	if (state < STATE_COUNT && states[state].framed)
		wait = wait_by_frames(stack, end, wait);
	wait.caller = end;
	return wait;
}

struct gcr_wait gcr_wait_wanted(const struct gcr_goroutine *stack)
{
	struct gcr_wait wait = { .frame = SIZE_MAX, .certainty = GCR_UNKNOWN };
	size_t end = frames_above(stack);

	wait = wait_by_frames(stack, end, wait);
	wait.caller = end;
	return wait;
}

struct gcr_wait gcr_wait_like(const struct gcr_wait *like,
			      const struct gcr_goroutine *stack)
{
	struct gcr_wait wait = *like;

	read_address(stack, &wait);
	return wait;
}

// Only amd64 passed arguments in registers in go1.17.
static bool may_be_junk(const struct gcr_target *target)
{
	return target->go_min <= 17 &&
	       (target->go_max == 0 || target->go_max >= 17) &&
	       (target->arch == GCR_ARCH_UNKNOWN || target->arch == GCR_AMD64);
}

struct gcr_wait gcr_wait_settle(struct gcr_wait wait,
				const struct gcr_target *target)
{
	if (wait.certainty != GCR_EXACT)
		return wait;
	if (gcr_arch_word_size(target->arch) == 4)
		wait.address += wait.minus[0] - wait.minus[1];
	if (wait.unsure && may_be_junk(target))
		wait.certainty = GCR_UNMARKED;
	if (wait.minus[0] != wait.minus[1] &&
	    gcr_arch_word_size(target->arch) == 0 && wait.address <= UINT32_MAX)
		wait.certainty = GCR_UNMARKED;
	return wait;
}
