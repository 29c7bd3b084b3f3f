/* See gocrash.h. Groups that did not change are in it, too: a chart needs them. */

#include "diffjson.h"

#include "digestjson.h"
#include "growth.h"
#include "jsonout.h"

static void write_numbers(struct gcr_json *json, const char *key,
			  const uint64_t *numbers, size_t count)
{
	gcr_json_open(json, key, '[');
	for (size_t i = 0; i < count; i++)
		gcr_json_number(json, NULL, numbers[i]);
	gcr_json_close(json, ']');
}

static void write_row(struct gcr_json *json, const struct gcr_diff_row *row,
		      size_t dumps)
{
	gcr_json_open(json, NULL, '{');
	gcr_json_text(json, "change", gcr_change_name(row->change));
	gcr_json_bool(json, "older", row->older);
	gcr_json_number(json, "more", row->more);
	gcr_json_number(json, "less", row->less);
	write_numbers(json, "counts", row->counts, dumps);
	write_numbers(json, "minutes", row->minutes, dumps);
	gcr_digest_identity_json(json, row->is);
	gcr_json_close(json, '}');
}

int gcr_write_diff_json(struct gcr_diff *diff, const struct gcr_output *output,
			struct gcr_error *err)
{
	struct gcr_json json;

	if (gcr_diff_rows(diff, err) != 0)
		return -1;
	gcr_json_init(&json, output);
	gcr_json_open(&json, NULL, '{');
	gcr_json_text(&json, "format", "gocrash-diff/1");
	gcr_json_open(&json, "dumps", '[');
	for (size_t i = 0; i < diff->dump_count; i++) {
		gcr_json_open(&json, NULL, '{');
		gcr_json_span(&json, "name", diff->dumps[i].name);
		gcr_json_number(&json, "goroutines", diff->dumps[i].goroutines);
		gcr_json_number(&json, "groups", diff->dumps[i].groups);
		gcr_json_close(&json, '}');
	}
	gcr_json_close(&json, ']');
	gcr_json_open(&json, "groups", '[');
	for (size_t i = 0; i < diff->row_count; i++)
		write_row(&json, &diff->rows[i], diff->dump_count);
	gcr_json_close(&json, ']');
	gcr_json_close(&json, '}');
	return gcr_json_done(&json, err);
}
