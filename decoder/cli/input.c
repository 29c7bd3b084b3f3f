/* Files and pipes: see input.h. */

#include "input.h"

#include "terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	MOST_OF_DEVICE = 64 << 20
};

// What is larger can be put into a file, which is mapped.
static const uint64_t most_of_pipe = UINT64_C(4) << 30;

/*
 * A mapped file that somebody cuts short while we read gives SIGBUS. There is
 * nothing to go back to, but it need not look like a crash of ours.
 */
static void on_bus_error(int signal_number)
{
	static const char text[] =
		"gocrash: the input became shorter while it was read\n";

	(void)signal_number;
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(FAILED);
	_exit(FAILED);
}

int input_map(int fd, size_t size, struct input *input)
{
	void *data = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);

	if (data == MAP_FAILED)
		return -1;
	signal(SIGBUS, on_bus_error);
	input->text = (struct gcr_span){ data, size };
	input->mapped = true;
	input->file = fd;
	return 0;
}

// Like the mapping it replaces, without the pages that were read.
void input_release(struct input *input, uint64_t offset)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t end = (size_t)offset / page * page;
	char *data;

	// Somebody reads it once more.
	if (end < input->released)
		input->released = 0;
	if (!input->mapped || end <= input->released || end > input->text.size)
		return;
	memcpy(&data, &input->text.data, sizeof(data));
	if (mmap(data + input->released, end - input->released, PROT_READ,
		 MAP_PRIVATE | MAP_FIXED, input->file,
		 (off_t)input->released) == MAP_FAILED)
		on_bus_error(0);
	input->released = end;
}

// `fd` stays the caller's.
static int map_copy(int fd, size_t size, struct input *input)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	if (copy >= 0 && input_map(copy, size, input) == 0)
		return 0;
	if (copy >= 0)
		close(copy);
	return -1;
}

static int read_descriptor(int fd, struct input *input)
{
	struct stat about;

	if (fstat(fd, &about) != 0)
		return -1;
	if (S_ISDIR(about.st_mode)) {
		errno = EISDIR;
		return -1;
	}
	// Files of /proc say 0 and have text all the same.
	if (S_ISREG(about.st_mode) && about.st_size > 0 &&
	    lseek(fd, 0, SEEK_CUR) == 0 &&
	    map_copy(fd, (size_t)about.st_size, input) == 0)
		return 0;
	// Too large to be mapped here, and so to be copied.
	if (S_ISREG(about.st_mode) && (uint64_t)about.st_size > most_of_pipe)
		return -1;
	// Ctrl-\ is for the program that writes the pipe, which dumps then.
	if (input->standard && !isatty(fd))
		signal(SIGQUIT, SIG_IGN);
	// A terminal ends; of other devices /dev/zero does not.
	return spool_read(fd,
			  S_ISCHR(about.st_mode) && !isatty(fd) ? MOST_OF_DEVICE
								: most_of_pipe,
			  input);
}

static int fail_to_read(const char *name, bool standard)
{
	if (standard)
		complain("cannot read standard input: %s", strerror(errno));
	else if (errno == EISDIR)
		complain("'%s' is a directory, not a file", name);
	else
		complain("cannot read '%s': %s", name, strerror(errno));
	return -1;
}

int input_open(const char *path, struct input *ret)
{
	bool standard = strcmp(path, "-") == 0;
	struct input input = { .name = standard ? "standard input" : path,
			       .standard = standard };
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int result = fd < 0 ? -1 : 0;

	if (standard && isatty(STDIN_FILENO))
		complain("reading the terminal: paste the crash, then press "
			 "Ctrl-D");
	if (result == 0)
		result = read_descriptor(fd, &input);
	progress_done();
	if (result != 0)
		fail_to_read(input.name, standard);
	if (!standard && fd >= 0)
		close(fd);
	if (result == 0)
		*ret = input;
	return result;
}

int input_open_program(const char *path, struct input *ret)
{
	struct input input = { .name = path };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat about;
	int result = -1;

	if (fd < 0 || fstat(fd, &about) != 0) {
		fail_to_read(path, false);
	} else if (!S_ISREG(about.st_mode)) {
		complain("'%s' is not a regular file, as a program is", path);
	} else if (about.st_size == 0) {
		// Empty, or one of the kernel's, which may have no end.
		result = 0;
	} else {
		result = read_descriptor(fd, &input);
		progress_done();
		if (result != 0)
			fail_to_read(path, false);
	}
	if (fd >= 0)
		close(fd);
	if (result == 0)
		*ret = input;
	return result;
}

void input_done(struct input *input)
{
	char *data;

	if (input->text.data == NULL)
		return;
	// Both kinds are ours to give back; only the type says const.
	memcpy(&data, &input->text.data, sizeof(data));
	if (input->mapped) {
		munmap(data, input->text.size);
		close(input->file);
	} else {
		free(data);
	}
	input->text = (struct gcr_span){ 0 };
}

/* What has no dump ------------------------------------------------------------ */

static const struct {
	const char *start;
	size_t size;
	const char *hint;
} known_files[] = {
	{ "\177ELF", 4, "it is a program or a core, not the text of a crash" },
	{ "\037\213", 2, "it is compressed: 'gzip -dc' unpacks it" },
	{ "\375"
	  "7zXZ",
	  5, "it is compressed: 'xz -dc' unpacks it" },
	{ "\050\265\057\375", 4, "it is compressed: 'zstd -dc' unpacks it" },
	{ "\004\"M\030", 4, "it is compressed: 'lz4 -dc' unpacks it" },
	{ "BZh", 3, "it is compressed: 'bzip2 -dc' unpacks it" },
	{ "PK\003\004", 4, "it is a zip archive: 'unzip -p' unpacks it" },
};

const char *input_hint(struct gcr_span text)
{
	size_t count = sizeof(known_files) / sizeof(known_files[0]);

	if (text.size == 0)
		return "it is empty";
	for (size_t i = 0; i < count; i++)
		if (text.size >= known_files[i].size &&
		    memcmp(text.data, known_files[i].start,
			   known_files[i].size) == 0)
			return known_files[i].hint;
	if (memchr(text.data, '\0', text.size < 4096 ? text.size : 4096))
		return "it does not look like text";
	return "a Go crash has lines like 'goroutine 1 [running]:'";
}
