/*
 * How fast a large dump is read and grouped, beside `wc -l` on the same file.
 *
 * The dump is generated: GOROUTINES (default 100,000) goroutines in some dozens
 * of groups, as a busy server prints them on SIGQUIT, every address another.
 */

#include "arena.h"
#include "gocrash.h"
#include "groups.h"
#include "traceback.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum {
	ROUNDS = 5
};

static const struct {
	const char *function, *file;
	unsigned line;
} places[] = {
	{ "runtime.gopark", "/usr/local/go/src/runtime/proc.go", 424 },
	{ "runtime.netpollblock", "/usr/local/go/src/runtime/netpoll.go", 575 },
	{ "internal/poll.(*FD).Read",
	  "/usr/local/go/src/internal/poll/fd_unix.go", 165 },
	{ "net/http.(*conn).serve", "/usr/local/go/src/net/http/server.go",
	  2092 },
	{ "database/sql.(*DB).conn", "/usr/local/go/src/database/sql/sql.go",
	  1369 },
	{ "main.(*worker).run", "/home/gopher/app/worker.go", 77 },
	{ "main.handler.func1", "/home/gopher/app/main.go", 33 },
};

static const char *const states[] = {
	"IO wait",   "chan receive, 5 minutes",
	"select",    "sync.Mutex.Lock, 12 minutes",
	"chan send",
};

enum {
	PLACES = sizeof(places) / sizeof(places[0]),
	GROUPS = 58
};

static uint64_t random_state = 1;

static uint64_t draw(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static void write_goroutine(FILE *out, size_t i)
{
	size_t kind = draw() % GROUPS;
	uint64_t address = UINT64_C(0xc000000000) + (draw() & 0xffffff8);

	fprintf(out, "goroutine %zu gp=0x%llx m=nil [%s]:\n", i + 1,
		(unsigned long long)address,
		states[kind % (sizeof(states) / sizeof(states[0]))]);
	for (size_t depth = 0; depth < 3 + kind % 4; depth++) {
		size_t place = (kind + depth) % PLACES;
		address = UINT64_C(0xc000000000) + (draw() & 0xffffff8);
		fprintf(out,
			"%s({0x%llx?, 0x%llx?}, 0x%llx, 0x%zx)\n"
			"\t%s:%zu +0x%zx fp=0x%llx sp=0x%llx pc=0x%llx\n",
			places[place].function, (unsigned long long)address,
			(unsigned long long)(draw() & 1023),
			(unsigned long long)(address + 64), kind,
			places[place].file, places[place].line + kind / PLACES,
			16 + kind * 4, (unsigned long long)(address + 128),
			(unsigned long long)(address + 64),
			(unsigned long long)(0x460000 + kind * 64));
	}
	fprintf(out,
		"created by main.main in goroutine 1\n"
		"\t/home/gopher/app/main.go:%zu +0x%zx\n\n",
		40 + kind, 64 + kind);
}

static void write_dump(const char *path, size_t count)
{
	FILE *out = fopen(path, "w");

	if (out == NULL) {
		perror(path);
		exit(1);
	}
	fprintf(out, "SIGQUIT: quit\nPC=0x46e1a1 m=0 sigcode=0\n\n");
	for (size_t i = 0; i < count; i++)
		write_goroutine(out, i);
	fprintf(out, "rax    0x0\nrip    0x46e1a1\n");
	fclose(out);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void must(int result, const struct gcr_error *err)
{
	if (result == 0)
		return;
	fprintf(stderr, "bench: %s\n", err->text);
	exit(1);
}

struct measured {
	double seconds;
	size_t goroutines, groups;
};

// One pass of the streaming reader, with groups or without.
static struct measured stream(struct gcr_span text, bool group)
{
	struct gcr_arena *arena = gcr_arena_new(0), *stacks = gcr_arena_new(0);
	struct gcr_traceback *reader;
	struct gcr_groups *groups;
	struct gcr_group *unused;
	struct gcr_goroutine stack;
	struct gcr_error err;
	enum gcr_piece piece;
	struct measured result = { 0 };
	double start = now();

	must(gcr_traceback_new(text, NULL, arena, stacks, &reader, &err), &err);
	must(gcr_groups_new(arena, &groups, &err), &err);
	struct gcr_arena_mark mark = gcr_arena_mark(stacks);
	for (;;) {
		must(gcr_traceback_next(reader, &piece, &stack, &err), &err);
		if (piece == GCR_PIECE_END)
			break;
		if (piece != GCR_PIECE_STACK)
			continue;
		result.goroutines++;
		if (group)
			must(gcr_groups_add(groups, &stack, &unused, &err),
			     &err);
		gcr_arena_rewind(stacks, mark);
	}
	result.groups = gcr_groups_count(groups);
	result.seconds = now() - start;
	gcr_arena_free(stacks);
	gcr_arena_free(arena);
	return result;
}

static struct measured collect(struct gcr_span text)
{
	struct measured result = { 0 };
	struct gcr_dump *dump;
	struct gcr_error err;
	double start = now();

	must(gcr_dump_parse(text, NULL, &dump, &err), &err);
	result.seconds = now() - start;
	result.goroutines = gcr_dump_crash(dump, 0)->goroutine_count;
	gcr_dump_free(dump);
	return result;
}

static double run_wc(const char *path)
{
	char wc[] = "wc", lines[] = "-l";
	char *arguments[] = { wc, lines, NULL, NULL };
	posix_spawn_file_actions_t actions;
	double start = now();
	char *name = strdup(path);
	pid_t child;
	int status;

	arguments[2] = name;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null",
					 O_WRONLY, 0);
	if (name == NULL ||
	    posix_spawnp(&child, "wc", &actions, NULL, arguments, environ) !=
		    0 ||
	    waitpid(child, &status, 0) < 0 || status != 0) {
		fprintf(stderr, "bench: wc: %s\n", strerror(errno));
		exit(1);
	}
	posix_spawn_file_actions_destroy(&actions);
	free(name);
	return now() - start;
}

static void report(const char *what, const struct measured *best, size_t size,
		   double wc)
{
	printf("%-16s %7.0f MB/s  %.3f s  %5.1f x wc -l", what,
	       (double)size / 1e6 / best->seconds, best->seconds,
	       best->seconds / wc);
	if (best->groups > 0)
		printf("  %zu groups", best->groups);
	printf("\n");
}

static void measure(struct gcr_span text, const char *path)
{
	struct measured best[3] = { { 1e9, 0, 0 },
				    { 1e9, 0, 0 },
				    { 1e9, 0, 0 } };
	double wc = 1e9;

	for (int i = 0; i < ROUNDS; i++) {
		struct measured one[3] = { stream(text, false),
					   stream(text, true), collect(text) };
		double seconds = run_wc(path);
		wc = seconds < wc ? seconds : wc;
		for (int j = 0; j < 3; j++)
			if (one[j].seconds < best[j].seconds)
				best[j] = one[j];
	}
	printf("%zu goroutines, %.1f MB; wc -l %.3f s; best of %d\n",
	       best[0].goroutines, (double)text.size / 1e6, wc, ROUNDS);
	report("parse", &best[0], text.size, wc);
	report("parse and group", &best[1], text.size, wc);
	report("parse and keep", &best[2], text.size, wc);
}

int main(void)
{
	char path[] = "/tmp/gocrash-bench-XXXXXX";
	const char *count = getenv("GOROUTINES");
	int file = mkstemp(path);
	struct stat status;

	if (file < 0) {
		perror(path);
		return 1;
	}
	write_dump(path, count ? strtoul(count, NULL, 10) : 100000);
	fstat(file, &status);
	size_t size = (size_t)status.st_size;
	void *map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0);
	close(file);
	if (map == MAP_FAILED) {
		perror("mmap");
		unlink(path);
		return 1;
	}
	measure((struct gcr_span){ map, size }, path);
	munmap(map, size);
	unlink(path);
	return 0;
}
