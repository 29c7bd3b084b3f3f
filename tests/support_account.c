/* Which line of the input became what: see support_account.h. */

#include "support_account.h"

#include "span.h"
#include "support.h"

#include <check.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	USED = 1,
	OTHER = 2,
};

struct account {
	struct gcr_span text;
	size_t *starts; /* of lines, and the end */
	unsigned char *marks;
	size_t count;
};

static void open_account(struct account *account, struct gcr_span text)
{
	size_t most = 2;

	for (size_t i = 0; i < text.size; i++)
		most += text.data[i] == '\n';
	account->text = text;
	account->starts = calloc(most, sizeof(*account->starts));
	account->marks = calloc(most, 1);
	ck_assert(account->starts != NULL && account->marks != NULL);
	account->count = 0;
	for (size_t at = 0; at < text.size;) {
		const char *newline =
			memchr(text.data + at, '\n', text.size - at);
		account->starts[account->count++] = at;
		at = newline != NULL ? (size_t)(newline - text.data) + 1
				     : text.size;
	}
	account->starts[account->count] = text.size;
}

static void close_account(struct account *account)
{
	free(account->starts);
	free(account->marks);
}

static size_t line_of(const struct account *account, size_t offset)
{
	size_t low = 0, high = account->count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (account->starts[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static void mark(struct account *account, struct gcr_span span,
		 unsigned char with)
{
	uintptr_t start = (uintptr_t)account->text.data;
	uintptr_t at = (uintptr_t)span.data;

	if (span.data == NULL || span.size == 0 || at < start ||
	    at >= start + account->text.size)
		return;
	size_t first = line_of(account, at - start);
	size_t last = line_of(account, at - start + span.size - 1);
	for (size_t i = first; i <= last; i++)
		account->marks[i] |= with;
}

static void mark_place(struct account *account, struct gcr_place place,
		       size_t lines)
{
	for (size_t i = 0; i < lines; i++)
		if (place.line >= 1 && place.line + i <= account->count)
			account->marks[place.line - 1 + i] |= USED;
}

static size_t lines_in(struct gcr_span text)
{
	size_t lines = 1;

	for (size_t i = 0; i < text.size; i++)
		lines += text.data[i] == '\n';
	return lines;
}

static void mark_frame(struct account *account, const struct gcr_frame *frame)
{
	mark_place(account, frame->place, 1);
	mark(account, frame->file, USED);
}

static void mark_frames(struct account *account, const struct gcr_frame *frames,
			size_t count, const struct gcr_frame *created)
{
	for (size_t i = 0; i < count; i++)
		mark_frame(account, &frames[i]);
	if (created != NULL)
		mark_frame(account, created);
}

static void mark_stacks(struct account *account,
			const struct gcr_goroutine *stacks, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct gcr_goroutine *stack = &stacks[i];
		mark_place(account, stack->place, 1);
		mark(account, stack->labels, USED);
		mark_frames(account, stack->frames, stack->frame_count,
			    stack->created_by);
		for (size_t j = 0; j < stack->ancestor_count; j++) {
			const struct gcr_ancestor *a = &stack->ancestors[j];
			mark_place(account, a->place, 1);
			mark_frames(account, a->frames, a->frame_count,
				    a->created_by);
		}
	}
}

static void mark_cause(struct account *account, const struct gcr_cause *cause)
{
	mark(account, cause->text, USED);
	mark_place(account, cause->place,
		   cause->kind == GCR_CAUSE_FATAL && cause->panic_count == 0
			   ? lines_in(cause->text)
			   : 1);
	for (size_t i = 0; i < cause->panic_count; i++)
		mark_place(account, cause->panics[i].place,
			   lines_in(cause->panics[i].text));
	if (cause->signal != NULL)
		mark_place(account, cause->signal->place, 1);
}

static void mark_crash(struct account *account, const struct gcr_crash *crash)
{
	mark_place(account, crash->place, 1);
	mark_cause(account, &crash->cause);
	mark_stacks(account, crash->goroutines, crash->goroutine_count);
	mark_stacks(account, crash->stacks, crash->stack_count);
	for (size_t i = 0; i < crash->report_count; i++) {
		const struct gcr_report *report = &crash->reports[i];
		if (report->signal != NULL)
			mark_place(account, report->signal->place, 1);
		for (size_t j = 0; j < report->register_count; j++)
			mark(account, report->registers[j].name, USED);
	}
	for (size_t i = 0; i < crash->remark_count; i++)
		mark(account, crash->remarks[i].text, USED);
	for (size_t i = 0; i < crash->other_count; i++)
		mark(account, crash->others[i].text, OTHER);
}

// Lines of a crash that the model has no span of, and blank ones.
static void compile_silent(regex_t *silent, const char *prefix)
{
	char pattern[512];

	snprintf(pattern, sizeof(pattern),
		 "^%s[ \t]*(|PC=0x.*|\\.\\.\\..* elided\\.\\.\\.|-----|"
		 "goroutine running on other thread; stack unavailable|"
		 "(.* )?pc=0x[0-9a-f]+|\\[failed to restore the stack\\]|"
		 "==================|fatal error: .*)\r*\n?$",
		 prefix);
	ck_assert_int_eq(regcomp(silent, pattern, REG_EXTENDED), 0);
}

static void check_line(const struct account *account, size_t i,
		       const regex_t *silent, const char *what)
{
	size_t size = account->starts[i + 1] - account->starts[i];
	char *line = calloc(size + 1, 1);

	ck_assert_ptr_nonnull(line);
	memcpy(line, account->text.data + account->starts[i], size);
	bool known = account->marks[i] != 0 ||
		     regexec(silent, line, 0, NULL, 0) == 0;
	ck_assert_msg(known, "%s: line %zu is nowhere: %s", what, i + 1, line);
	ck_assert_msg(account->marks[i] != (USED | OTHER),
		      "%s: line %zu is of the crash and is not: %s", what,
		      i + 1, line);
	free(line);
}

void assert_accounted(const struct gcr_dump *dump, struct gcr_span text,
		      const char *prefix, const char *what)
{
	struct account account;
	regex_t silent;

	open_account(&account, text);
	compile_silent(&silent, prefix);
	for (size_t i = 0; i < gcr_dump_crash_count(dump); i++)
		mark_crash(&account, gcr_dump_crash(dump, i));
	for (size_t i = 0; i < gcr_dump_other_count(dump); i++)
		mark(&account, gcr_dump_other(dump, i)->text, OTHER);
	for (size_t i = 0; i < account.count; i++)
		check_line(&account, i, &silent, what);
	regfree(&silent);
	close_account(&account);
}
