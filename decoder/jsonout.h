#ifndef GCR_JSONOUT_H
#define GCR_JSONOUT_H

/*
 * One JSON document on one line: commas are put where they belong, text is
 * always valid UTF-8. The pieces that several documents share (words, values,
 * frames) are here; the documents are in json.c and byhand.c.
 */

#include "sink.h"

struct gcr_json {
	struct gcr_sink sink;
	bool comma; /* something stands before, at this level */
};

void gcr_json_init(struct gcr_json *json, const struct gcr_output *output);

/* End the line and pass all on. */
GCR_MUST_CHECK int gcr_json_done(struct gcr_json *json, struct gcr_error *err);

/* `{` and `[` or the like, after `"key":` unless key is NULL. */
void gcr_json_open(struct gcr_json *json, const char *key, char bracket);
void gcr_json_close(struct gcr_json *json, char bracket);

/* One member, or one element when `key` is NULL. */
void gcr_json_span(struct gcr_json *json, const char *key,
		   struct gcr_span text); /* null when data is NULL */
void gcr_json_text(struct gcr_json *json, const char *key, const char *text);
void gcr_json_number(struct gcr_json *json, const char *key, uint64_t value);
void gcr_json_hex(struct gcr_json *json, const char *key, uint64_t value);
/* All sixteen digits, without `0x`: it is a name, no number. */
void gcr_json_fingerprint(struct gcr_json *json, const char *key,
			  uint64_t value);
void gcr_json_bool(struct gcr_json *json, const char *key, bool value);
void gcr_json_null(struct gcr_json *json, const char *key);

/* A value where it is known, null where not. */
void gcr_json_number_if(struct gcr_json *json, const char *key, bool known,
			uint64_t value);
void gcr_json_hex_if(struct gcr_json *json, const char *key, bool known,
		     uint64_t value);

/* `"key":` with a name from the input; a value must follow. */
void gcr_json_name(struct gcr_json *json, struct gcr_span name);

/* `"line": 3, "column": 4`, null where not known. */
void gcr_json_place(struct gcr_json *json, struct gcr_place place);

/* Members `declaration`, `words`, `arguments`, `results`, `parts`. */
void gcr_json_decoding(struct gcr_json *json,
		       const struct gcr_decoding *decoding);

/* Member `locals`: of a core alone. */
void gcr_json_locals(struct gcr_json *json,
		     const struct gcr_decoding *decoding);

/* Member `key`: [{"line":, "column":, "text":}]. */
void gcr_json_notes(struct gcr_json *json, const char *key,
		    const struct gcr_note *notes, size_t count);

/* Members `go`, `go_min`, `go_max`, `arch`. */
void gcr_json_target(struct gcr_json *json, const struct gcr_target *target);

#endif
