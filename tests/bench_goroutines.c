/*
 * `gocrash goroutines` beside `wc -l` on the same file in the same run: dumps of
 * 10,000, 100,000 and 1,000,000 goroutines as runtime.Stack writes them, one of
 * 100,000 as SIGQUIT does, the lines of JSON, and dumps in which every goroutine
 * is a group of its own.
 *
 * GOROUTINES=100000 is the largest that is made; 1,000,000 (680 MB) without it,
 * where there is room in TMPDIR.
 */

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum {
	ROUNDS = 5,
	GROUPS = 58,
	MEGABYTE = 1000000
};

/* Generated dumps ----------------------------------------------------------- */

static uint64_t random_state = 88172645463325252u;

static uint64_t draw(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static unsigned long long heap(void)
{
	return 0xc000000000u + (draw() & 0xfffffff8u);
}

static const char *const packages[] = {
	"net/http", "internal/poll",   "database/sql", "main",
	"sync",	    "example.com/app", "bufio",	       "github.com/lib/pq",
};

static const char *const states[] = {
	"IO wait",   "chan receive, 5 minutes",	    "select",
	"chan send", "sync.Mutex.Lock, 12 minutes", "sync.Cond.Wait",
};

enum form {
	STACK,	/* runtime.Stack, debug=2 */
	SIGNAL, /* with fp= sp= pc= */
	OWN	/* each goroutine a group of its own */
};

static void write_frame(FILE *out, enum form form, uint64_t seed, size_t own)
{
	const char *package = packages[seed >> 8 & 7];

	fprintf(out, "%s.(*T%u).Method%u(", package,
		(unsigned)(seed >> 16 & 15), (unsigned)(seed >> 20 & 7));
	for (unsigned i = 0; i < (seed >> 24 & 3); i++)
		fprintf(out, "%s0x%llx%s", i > 0 ? ", " : "",
			seed >> (28 + i) & 1 ? heap()
					     : (unsigned long long)draw() % 8,
			seed >> (32 + i) & 1 ? "?" : "");
	fprintf(out, ")\n\t/home/gopher/src/%s/file%u.go:%zu +0x%x", package,
		(unsigned)(seed >> 36 & 3), (size_t)(seed >> 40 & 1023) + own,
		(unsigned)(seed >> 50 & 0xfff));
	if (form == SIGNAL)
		fprintf(out, " fp=0x%llx sp=0x%llx pc=0x%x", heap(), heap(),
			0x400000 + (unsigned)(seed >> 40 & 0xfffff));
	fputc('\n', out);
}

static void write_goroutine(FILE *out, enum form form, size_t i)
{
	uint64_t kind = draw() % GROUPS + 1, seed = kind;
	unsigned depth = 4 + (unsigned)kind % 6;

	fprintf(out, "goroutine %zu ", i + 2);
	if (form == SIGNAL)
		fprintf(out, "gp=0x%llx m=nil ", heap());
	fprintf(out, "[%s]:\n", states[kind % 6]);
	for (unsigned j = 0; j < depth; j++) {
		seed = (seed + j) * 0x9e3779b97f4a7c15u;
		write_frame(out, form, seed ^ seed >> 32,
			    form == OWN && j == 0 ? i : 0);
	}
	fprintf(out,
		"created by main.start%u in goroutine %u\n"
		"\t/home/gopher/app/main.go:%u +0x%x\n\n",
		(unsigned)kind, (unsigned)(draw() % 40) + 1,
		(unsigned)kind + 40, (unsigned)kind + 64);
}

static size_t write_dump(const char *path, enum form form, size_t count)
{
	FILE *out = fopen(path, "w");
	long size;

	if (out == NULL) {
		perror(path);
		exit(1);
	}
	if (form == SIGNAL)
		fprintf(out, "SIGQUIT: quit\nPC=0x46e1a1 m=0 sigcode=0\n\n");
	fprintf(out, "goroutine 1 [running]:\nmain.main()\n"
		     "\t/home/gopher/app/main.go:12 +0x1d\n\n");
	for (size_t i = 0; i < count; i++)
		write_goroutine(out, form, i);
	size = ftell(out);
	if (ferror(out) != 0 || fclose(out) != 0 || size < 0) {
		perror(path);
		exit(1);
	}
	return (size_t)size;
}

/* Measuring ----------------------------------------------------------------- */

struct measured {
	double seconds;
	double processor; /* seconds of it that were spent computing */
	long kilobytes;	  /* the most that was resident, the file's pages too */
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static double seconds_of(struct timeval time)
{
	return (double)time.tv_sec + 1e-6 * (double)time.tv_usec;
}

static int spawn(char **arguments)
{
	posix_spawn_file_actions_t actions;
	int status = 1;
	pid_t child;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null",
					 O_WRONLY, 0);
	if (posix_spawnp(&child, arguments[0], &actions, NULL, arguments,
			 environ) != 0 ||
	    waitpid(child, &status, 0) < 0)
		status = 1;
	posix_spawn_file_actions_destroy(&actions);
	return status;
}

// In a process of its own, whose only child it is.
static struct measured run_once(char **arguments)
{
	struct measured result = { 0, 0, 0 };
	int ends[2];

	if (pipe(ends) != 0)
		exit(1);
	pid_t child = fork();
	if (child == 0) {
		struct rusage usage;
		double start = now();
		int status = spawn(arguments);

		result.seconds = now() - start;
		getrusage(RUSAGE_CHILDREN, &usage);
		result.processor =
			seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
		result.kilobytes = usage.ru_maxrss;
		if (status != 0 || write(ends[1], &result, sizeof(result)) < 0)
			_exit(1);
		_exit(0);
	}
	close(ends[1]);
	ssize_t got = read(ends[0], &result, sizeof(result));
	close(ends[0]);
	if (child < 0 || waitpid(child, NULL, 0) < 0 ||
	    got != (ssize_t)sizeof(result)) {
		fprintf(stderr, "bench: %s fails\n", arguments[0]);
		exit(1);
	}
	return result;
}

static void keep_best(struct measured *best, struct measured one)
{
	if (best->seconds == 0 || one.seconds < best->seconds)
		best->seconds = one.seconds;
	if (best->processor == 0 || one.processor < best->processor)
		best->processor = one.processor;
	if (one.kilobytes > best->kilobytes)
		best->kilobytes = one.kilobytes;
}

// On a machine with other work to do the second ratio is the one to believe.
static void report(const char *what, const struct measured *best, size_t size,
		   const struct measured *wc)
{
	printf("  %-10s %7.3f s  %5.0f MB/s  %5.1f x wc -l;  processor %7.3f s "
	       "%5.0f MB/s %5.1f x wc -l;  %ld MB resident\n",
	       what, best->seconds, (double)size / MEGABYTE / best->seconds,
	       best->seconds / wc->seconds, best->processor,
	       (double)size / MEGABYTE / best->processor,
	       best->processor / wc->processor, best->kilobytes / 1024);
}

static void measure(const char *name, char *path, enum form form, size_t count)
{
	static const char *const command[] = { "build/release/gocrash" };
	const char *wish = getenv("GOCRASH");
	size_t size = write_dump(path, form, count);
	char wc[] = "wc", lines[] = "-l", verb[] = "goroutines";
	char json[] = "--json", gocrash[4096];
	char *count_lines[] = { wc, lines, path, NULL };
	char *text[] = { gocrash, verb, path, NULL };
	char *ndjson[] = { gocrash, verb, json, path, NULL };
	struct measured best[3] = { { 0, 0, 0 } };

	snprintf(gocrash, sizeof(gocrash), "%s",
		 wish != NULL ? wish : command[0]);
	for (int i = 0; i < ROUNDS; i++) {
		keep_best(&best[0], run_once(count_lines));
		keep_best(&best[1], run_once(text));
		if (form != OWN)
			keep_best(&best[2], run_once(ndjson));
	}
	printf("%zu goroutines, %s, %.1f MB; best of %d\n", count, name,
	       (double)size / MEGABYTE, ROUNDS);
	report("wc -l", &best[0], size, &best[0]);
	report("goroutines", &best[1], size, &best[0]);
	if (form != OWN)
		report("--json", &best[2], size, &best[0]);
	fflush(stdout);
	unlink(path);
}

static bool has_room(const char *folder, uint64_t bytes)
{
	struct statvfs about;

	return statvfs(folder, &about) == 0 &&
	       (uint64_t)about.f_bavail * about.f_frsize > bytes;
}

int main(void)
{
	static const size_t counts[] = { 10000, 100000, 1000000 };
	const char *folder = getenv("TMPDIR"), *wish = getenv("GOROUTINES");
	size_t most = wish != NULL ? strtoul(wish, NULL, 10) : 1000000;
	char path[4096];

	if (folder == NULL)
		folder = "/tmp";
	snprintf(path, sizeof(path), "%s/gocrash-bench-%ld", folder,
		 (long)getpid());
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		if (counts[i] > most ||
		    !has_room(folder, counts[i] * UINT64_C(2000)))
			continue;
		measure("runtime.Stack", path, STACK, counts[i]);
	}
	measure("SIGQUIT", path, SIGNAL, most < 100000 ? most : 100000);
	measure("each its own group", path, OWN, 10000);
	measure("each its own group", path, OWN, most < 100000 ? most : 100000);
	return 0;
}
