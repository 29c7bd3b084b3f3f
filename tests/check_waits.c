/* What goroutines wait for, held against programs that print the truth. */

#include "support.h"

#include "span.h"
#include "waits.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	MOST_THINGS = 64
};

// One line of the key, or what was read: so many wait in that way.
struct tally {
	char what[40]; // `rwmutex rlocks`
	uint64_t address;
	bool told;
	unsigned count;
};

struct tallies {
	struct tally items[MOST_THINGS];
	size_t count;
};

static void count_in(struct tallies *to, const char *what, bool told,
		     uint64_t address, unsigned count)
{
	struct tally *item = to->items;

	while (item < to->items + to->count &&
	       (strcmp(item->what, what) != 0 || item->told != told ||
		item->address != address))
		item++;
	ck_assert_uint_lt(to->count, MOST_THINGS);
	if (item == to->items + to->count) {
		to->count++;
		snprintf(item->what, sizeof(item->what), "%s", what);
		item->told = told;
		item->address = address;
	}
	item->count += count;
}

static unsigned count_of(const struct tallies *in, const char *what, bool told,
			 uint64_t address)
{
	for (size_t i = 0; i < in->count; i++)
		if (strcmp(in->items[i].what, what) == 0 &&
		    in->items[i].told == told &&
		    in->items[i].address == address)
			return in->items[i].count;
	return 0;
}

// The lines `wait KIND ROLE ADDRESS COUNT` at the start of a recording.
static void read_key(const char *text, struct tallies *ret)
{
	for (; text != NULL; text = strchr(text, '\n')) {
		char kind[20], role[20], address[20], what[40];
		unsigned count;

		text += *text == '\n';
		if (sscanf(text, "wait %19s %19s %19s %u", kind, role, address,
			   &count) != 4)
			continue;
		for (char *dash = kind; *dash != '\0'; dash++)
			if (*dash == '-')
				*dash = ' ';
		snprintf(what, sizeof(what), "%s %s", kind, role);
		count_in(ret, what, address[0] != '-',
			 strtoull(address, NULL, 16), count);
	}
}

static bool is_own(const struct gcr_goroutine *g)
{
	return g->created_by != NULL &&
	       gcr_span_starts(g->created_by->function, "main.");
}

static void tell_waits(const struct gcr_crash *crash,
		       const struct gcr_target *target, struct tallies *ret)
{
	for (size_t i = 0; i < crash->goroutine_count; i++) {
		struct gcr_wait wait = gcr_wait_of(&crash->goroutines[i]);
		char what[40];

		wait = gcr_wait_settle(wait, target);
		if (!is_own(&crash->goroutines[i]))
			continue;
		snprintf(what, sizeof(what), "%s %s",
			 gcr_wait_kind_name(wait.kind),
			 gcr_wait_role_name(wait.role));
		count_in(ret, what, wait.certainty == GCR_EXACT, wait.address,
			 1);
	}
}

// `1.26-386.kinds.quit.txt`
struct recording {
	unsigned minor;
	bool is_386;
	char how[20];
};

// Where the text has no exact word for it: Go 1.17 marks nothing, and since
// then only the runtime's own frames show channels and readers.
static bool is_shown(const char *what, const struct recording *as)
{
	bool runtime_frames = strcmp(as->how, "system") == 0 ||
			      (strcmp(as->how, "quit") == 0 && as->minor >= 19);

	if (runtime_frames)
		return true;
	if (strncmp(what, "channel", 7) == 0)
		return false;
	if (as->minor <= 16 || as->is_386)
		return true;
	return strncmp(what, "rwmutex", 7) != 0 &&
	       (strncmp(what, "waitgroup", 9) != 0 || as->minor >= 25);
}

static void compare(const struct file *file, const struct gcr_crash *crash,
		    const struct recording *as, bool told)
{
	struct tallies key = { 0 }, seen = { 0 };
	struct gcr_target target = crash->target;

	if (told) {
		target.go_min = target.go_max = as->minor;
		target.arch = as->is_386 ? GCR_386 : GCR_AMD64;
	}
	read_key(file->data, &key);
	tell_waits(crash, &target, &seen);
	ck_assert_uint_gt(key.count, 0);
	for (size_t i = 0; i < key.count; i++) {
		const struct tally *item = &key.items[i];
		unsigned exact =
			count_of(&seen, item->what, true, item->address);

		if (!item->told)
			continue;
		ck_assert_msg(exact <= item->count, "%s: %s", file->path,
			      item->what);
		if (told && is_shown(item->what, as))
			ck_assert_msg(exact == item->count, "%s: %s 0x%llx %u",
				      file->path, item->what,
				      (unsigned long long)item->address, exact);
	}
	// The first law: what is called exact is a thing of the key.
	for (size_t i = 0; i < seen.count; i++)
		if (seen.items[i].told &&
		    strncmp(seen.items[i].what, "descriptor", 10) != 0)
			ck_assert_msg(
				count_of(&key, seen.items[i].what, true,
					 seen.items[i].address) > 0,
				"%s: %s 0x%llx is nothing's address",
				file->path, seen.items[i].what,
				(unsigned long long)seen.items[i].address);
}

// `…/1.26.kinds.quit.txt`
static void check_recording(const char *path)
{
	struct file file = load_file(path);
	struct gcr_dump *dump = parse_text(file_span(&file));
	size_t count = gcr_dump_crash_count(dump);
	const char *name = strrchr(path, '/');
	struct recording as = { 0 };
	char scene[20];

	ck_assert_uint_gt(count, 0);
	ck_assert_msg(sscanf(name, "/1.%u%4[-386].%19[a-z0-9].%19[a-z]",
			     &as.minor, scene, scene, as.how) == 4 ||
			      sscanf(name, "/1.%u.%19[a-z0-9].%19[a-z]",
				     &as.minor, scene, as.how) == 3,
		      "%s", path);
	as.is_386 = strstr(name, "-386.") != NULL;
	compare(&file, gcr_dump_crash(dump, count - 1), &as, true);
	compare(&file, gcr_dump_crash(dump, count - 1), &as, false);
	gcr_dump_free(dump);
	unload_file(&file);
}

START_TEST(things_have_the_addresses_that_the_program_printed)
{
	struct file_list files =
		list_files("tests/data/waits/recorded", ".txt");

	ck_assert_uint_gt(files.count, 10);
	for (size_t i = 0; i < files.count; i++)
		check_recording(files.paths[i]);
	free_list(&files);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("waits");
	TCase *recorded = tcase_create("recorded");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_test(recorded,
		       things_have_the_addresses_that_the_program_printed);
	suite_add_tcase(suite, recorded);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
