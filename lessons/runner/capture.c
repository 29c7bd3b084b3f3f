/*
 * Running the steps and keeping what they leave. A capture that was stopped in
 * the middle is a capture: it says how far it came.
 */

#include "capture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "paths.h"
#include "steps.h"
#include "text.h"
#include "trace.h"

const char capture_by_hand[] = "it is for the learner's own hand";

enum {
	CAPTURE_MOST = 256 << 20,
};

// clang-format off
static const struct {
	const char *name, *advice;
} outcomes[] = {
	[OUTCOME_EXPECTED] = { "as expected", "" },
	[OUTCOME_SKIPPED] = { "left out", "" },
	[OUTCOME_NO_GO] = { "no Go",
		"Install it (`make setup` does), or name one with GO=/path/to/go." },
	[OUTCOME_OLD_GO] = { "this Go is too old",
		"Name a newer one with GO=/path/to/go." },
	[OUTCOME_BUILD_FAILED] = { "the build failed",
		"The compiler's own words stand above. `make doctor` looks further." },
	[OUTCOME_STATUS] = { "it ended otherwise than it should",
		"Its output stands above. `make doctor` looks further." },
	[OUTCOME_TIMED_OUT] = { "it took too long and was ended",
		"Is the machine very busy? NEW=1 tries again." },
	[OUTCOME_FLOODED] = { "it printed far more than it should and was ended",
		"NEW=1 tries again." },
	[OUTCOME_NO_DUMP] = { "it left no traceback",
		"Its output stands above. `make doctor` looks further." },
	[OUTCOME_DUMP_UNREADABLE] = { "its traceback cannot be read",
		"That is a fault of gocrash's: please report it with the output." },
	[OUTCOME_NOT_SERVING] = { "it ended before it listened on a port",
		"Its own words stand above. NEW=1 tries again." },
	[OUTCOME_DEAF] = { "it listened on no port in time, and was ended",
		"Is the machine very busy? NEW=1 tries again." },
	[OUTCOME_EARLY] = { "it ended before it was told to",
		"Its own words stand above. NEW=1 tries again." },
	[OUTCOME_NO_LOAD] = { "it was over before the signal was sent",
		"NEW=1 tries again." },
	[OUTCOME_STOPPED] = { "it was stopped", "" },
	[OUTCOME_CANNOT_RUN] = { "it could not be run",
		"Is the disk full, or the folder not writable?" },
	[OUTCOME_LESSON] = { "the lesson is at fault",
		"`make lint-lessons` tells its author more." },
};
// clang-format on

_Static_assert(sizeof(outcomes) / sizeof(*outcomes) == OUTCOME_COUNT,
	       "a row an outcome");

const char *outcome_name(enum outcome outcome)
{
	return outcomes[outcome].name;
}

const char *outcome_advice(enum outcome outcome)
{
	return outcomes[outcome].advice;
}

static jv describe_go(const struct surroundings *here)
{
	jv go = jv_object();

	go = jv_object_set(go, jv_string("version"),
			   jv_string(here->go_version));
	go = jv_object_set(go, jv_string("line"), jv_string(here->go_line));
	return jv_object_set(go, jv_string("minor"), jv_number(here->go_minor));
}

static jv begin(const struct capture_request *request, jv drawn,
		struct pool *pool)
{
	const struct lesson *lesson = request->lesson;
	jv ret = jv_object();
	const char *hash = pool_format(pool, "%016llx", lesson->hash);
	const char *folder = request->trimmed ? "." : request->folder;

	ret = jv_object_set(ret, jv_string("format"),
			    jv_string("gocrash-capture/1"));
	ret = jv_object_set(ret, jv_string("lesson"),
			    jv_number(lesson->number));
	ret = jv_object_set(ret, jv_string("seed"),
			    jv_string(seed_name(request->seed, pool)));
	ret = jv_object_set(ret, jv_string("drawn"), drawn);
	ret = jv_object_set(ret, jv_string("lesson_hash"), jv_string(hash));
	ret = jv_object_set(ret, jv_string("time"),
			    jv_number((double)time(NULL)));
	ret = jv_object_set(ret, jv_string("go"), describe_go(request->here));
	ret = jv_object_set(ret, jv_string("arch"),
			    jv_string(request->here->arch));
	return jv_object_set(ret, jv_string("folder"), jv_string(folder));
}

// Machines of a test service are slow and shared.
static unsigned patience(void)
{
	const char *ci = getenv("CI");

	return ci && *ci ? 2 : 1;
}

enum outcome capture_run(const struct capture_request *request, jv *ret,
			 struct text *errors)
{
	struct run run = { .request = request,
			   .errors = errors,
			   .patience = patience(),
			   .values = jv_object(),
			   .tools = jv_object() };
	enum outcome outcome = OUTCOME_LESSON;
	jv drawn;

	if (draw_values(request->lesson, request->seed, &drawn, errors) == 0) {
		jv_free(run.values);
		run.values = drawn;
		outcome = OUTCOME_EXPECTED;
	}
	*ret = begin(request, jv_copy(run.values), &run.pool);
	run.environment = surroundings_environment(request->here,
						   request->trimmed, &run.pool);
	if (outcome == OUTCOME_EXPECTED &&
	    (remove_all(request->folder) != 0 ||
	     make_folders(request->folder) != 0)) {
		text_format(errors, "cannot make '%s': %s", request->folder,
			    strerror(errno));
		outcome = OUTCOME_CANNOT_RUN;
	}
	if (outcome == OUTCOME_EXPECTED)
		outcome = steps_run(&run);
	*ret = jv_object_set(*ret, jv_string("steps"), steps_records(&run));
	*ret = jv_object_set(*ret, jv_string("tools"), run.tools);
	jv_free(run.values);
	pool_done(&run.pool);
	return outcome;
}

int capture_save(jv capture, const char *path, struct text *errors)
{
	jv json = jv_dump_string(capture, JV_PRINT_INDENT_FLAGS(1));
	struct text text = { 0 };
	int ret;

	text_puts(&text, jv_string_value(json));
	text_char(&text, '\n');
	ret = text_write(&text, path);
	if (ret != 0)
		text_format(errors, "cannot write '%s': %s", path,
			    strerror(errno));
	text_done(&text);
	jv_free(json);
	return ret;
}

// Answers are never stored: the traces are decoded again by this build.
static int decode_again(const struct lesson *lesson, jv *capture,
			struct text *errors)
{
	struct pool pool = { 0 };
	jv steps = jv_object_get(jv_copy(*capture), jv_string("steps"));
	unsigned minor = gcr_go_minor((struct gcr_span){
		capture_text(*capture, "go", "version", &pool),
		strspn(capture_text(*capture, "go", "version", &pool),
		       "0123456789.") });
	const char *arch = capture_text(*capture, "arch", NULL, &pool);
	int ret = 0;

	if (jv_get_kind(steps) != JV_KIND_ARRAY) {
		jv_free(steps);
		steps = jv_array();
	}
	for (int i = 0; i < jv_array_length(jv_copy(steps)) && ret == 0; i++) {
		jv record = jv_array_get(jv_copy(steps), i);
		const char *err = capture_text(record, "stderr", NULL, &pool);
		jv trace;

		ret = trace_read(&(struct trace_source){ .lesson = lesson,
							 .data = err,
							 .size = strlen(err),
							 .go_minor = minor,
							 .arch = arch },
				 &trace, errors);
		if (ret == 0)
			record = jv_object_set(record, jv_string("trace"),
					       trace);
		steps = jv_array_set(steps, i, record);
	}
	*capture = jv_object_set(*capture, jv_string("steps"), steps);
	pool_done(&pool);
	return ret;
}

int capture_load(const struct lesson *lesson, const char *path, jv *ret,
		 struct text *errors)
{
	struct text text = { 0 };
	struct pool pool = { 0 };
	jv capture = jv_invalid();
	int status = text_read(&text, path, CAPTURE_MOST);

	if (status != 0) {
		text_format(errors, "cannot read '%s': %s", path,
			    strerror(errno));
	} else {
		capture = jv_parse_sized(text_string(&text), (int)text.size);
		if (jv_get_kind(capture) != JV_KIND_OBJECT ||
		    strcmp(capture_text(capture, "format", NULL, &pool),
			   "gocrash-capture/1") != 0) {
			text_format(errors, "'%s' is not a capture", path);
			status = -1;
		} else {
			status = decode_again(lesson, &capture, errors);
		}
	}
	if (status == 0)
		*ret = capture;
	else
		jv_free(capture);
	text_done(&text);
	pool_done(&pool);
	return status;
}

const char *capture_text(jv capture, const char *key, const char *inner,
			 struct pool *pool)
{
	jv value = jv_object_get(jv_copy(capture), jv_string(key));
	const char *ret = "";

	if (inner && jv_get_kind(value) == JV_KIND_OBJECT) {
		value = jv_object_get(value, jv_string(inner));
	} else if (inner) {
		jv_free(value);
		value = jv_null();
	}
	if (jv_get_kind(value) == JV_KIND_STRING)
		ret = pool_copy(pool, jv_string_value(value),
				(size_t)jv_string_length_bytes(jv_copy(value)));
	jv_free(value);
	return ret;
}

jv capture_step(jv capture, const char *name)
{
	jv steps = jv_object_get(jv_copy(capture), jv_string("steps"));
	jv found = jv_invalid();

	if (jv_get_kind(steps) == JV_KIND_ARRAY) {
		jv_array_foreach(steps, i, step)
		{
			struct pool pool = { 0 };

			if (!jv_is_valid(found) &&
			    strcmp(capture_text(step, "name", NULL, &pool),
				   name) == 0)
				found = jv_copy(step);
			pool_done(&pool);
			jv_free(step);
		}
	}
	jv_free(steps);
	return found;
}
