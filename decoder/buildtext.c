/*
 * Program    example.com/app v1.2.3, go1.26.0, amd64, position-independent
 *            -gcflags=all=-N -l
 *            commit 0f3c…, modified, 2026-11-25T09:00:00Z
 *            build ID abc/def/ghi/jkl
 */

#include "buildtext.h"

#include "span.h"

#include <stdio.h>
#include <string.h>

enum {
	LINE = 600,
	LONGEST = 200 /* of one value */
};

// Text that is put together; what has no room is left out.
struct line {
	char text[LINE];
	size_t size;
};

static void add(struct line *line, const char *before, struct gcr_span text)
{
	if (text.size == 0)
		return;
	int size = snprintf(line->text + line->size, LINE - line->size,
			    "%s%s%.*s", line->size > 0 ? ", " : "", before,
			    GCR_PRINT_SPAN(gcr_span_head(text, LONGEST)));

	if (size > 0 && (size_t)size < LINE - line->size)
		line->size += (size_t)size;
	line->text[line->size] = '\0';
}

static void put(struct gcr_page *page, const struct line *line)
{
	if (line->size > 0)
		gcr_page_prose(page, GCR_MARGIN, line->text);
}

static void write_name(struct gcr_page *page, const struct gcr_image *image)
{
	const struct gcr_image_info *info = gcr_image_info(image);
	const char *arch = gcr_arch_name(info->target.arch);
	struct line line = { "", 0 };

	add(&line, "", info->path);
	if (!gcr_span_is(info->main.version, "(devel)"))
		add(&line, "", info->main.version);
	add(&line, "", info->go_version);
	if (arch != NULL)
		add(&line, "", gcr_span_of(arch));
	if (info->position_independent)
		add(&line, "", GCR_SPAN("position-independent"));
	if (!info->has_debug)
		add(&line, "", GCR_SPAN("without DWARF"));
	put(page, &line);
}

// Flags as they were given; of the rest what is not as always.
static bool is_worth_telling(const struct gcr_setting *setting)
{
	static const char *const usual[][2] = {
		{ "-buildmode", "exe" },    { "-compiler", "gc" },
		{ "CGO_ENABLED", NULL },    { "GOARCH", NULL },
		{ "GOOS", NULL },	    { "GOAMD64", "v1" },
		{ "GOARM64", "v8.0" },	    { "GO386", "sse2" },
		{ "DefaultGODEBUG", NULL },
	};

	if (gcr_span_starts(setting->key, "vcs") || setting->value.size == 0)
		return false;
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (gcr_span_is(setting->key, usual[i][0]) &&
		    (usual[i][1] == NULL ||
		     gcr_span_is(setting->value, usual[i][1])))
			return false;
	return true;
}

static void write_flags(struct gcr_page *page, const struct gcr_image *image)
{
	const struct gcr_image_info *info = gcr_image_info(image);
	struct line line = { "", 0 };

	for (size_t i = 0; i < info->setting_count; i++) {
		char before[64];

		if (!is_worth_telling(&info->settings[i]))
			continue;
		snprintf(before, sizeof(before), "%.*s=",
			 GCR_PRINT_SPAN(gcr_span_head(info->settings[i].key,
						      sizeof(before) - 2)));
		add(&line, before, info->settings[i].value);
	}
	put(page, &line);
}

static void write_commit(struct gcr_page *page, const struct gcr_image *image)
{
	struct gcr_span revision = { 0 }, time = { 0 }, modified = { 0 };
	struct line line = { "", 0 };

	if (!gcr_image_setting(image, "vcs.revision", &revision))
		return;
	add(&line, "commit ", revision);
	if (gcr_image_setting(image, "vcs.modified", &modified) &&
	    gcr_span_is(modified, "true"))
		add(&line, "", GCR_SPAN("modified since"));
	if (gcr_image_setting(image, "vcs.time", &time))
		add(&line, "", time);
	put(page, &line);
}

static struct gcr_span hexadecimal(struct gcr_span bytes, char *to, size_t room)
{
	size_t size = 0;

	for (size_t i = 0; i < bytes.size && size + 3 <= room; i++)
		size += (size_t)snprintf(to + size, room - size, "%02x",
					 (unsigned char)bytes.data[i]);
	return (struct gcr_span){ bytes.data != NULL ? to : NULL, size };
}

void gcr_release_write(struct gcr_page *page, const struct gcr_target *target,
		       bool core)
{
	struct gcr_release_text release = gcr_release_text(target);
	const char *arch = gcr_arch_name(target->arch);

	if (release.text[0] == '\0' && arch == NULL)
		return;
	gcr_page_label(page, core ? "Built with" : "Printed by");
	gcr_page_print(page, GCR_MARGIN, "%s%s%s", release.text,
		       release.text[0] != '\0' && arch != NULL ? ", " : "",
		       arch != NULL ? arch : "");
}

void gcr_build_write(struct gcr_page *page, const struct gcr_image *image)
{
	struct line line = { "", 0 };
	char hex[2 * 64 + 1];

	if (image == NULL)
		return;
	gcr_page_label(page, "Program");
	write_name(page, image);
	write_flags(page, image);
	write_commit(page, image);
	add(&line, "build ID ", gcr_image_info(image)->go_build_id);
	put(page, &line);
	line = (struct line){ "", 0 };
	add(&line, "GNU build ID ",
	    hexadecimal(gcr_image_info(image)->gnu_build_id, hex, sizeof(hex)));
	put(page, &line);
}

static void write_module(struct gcr_json *json, const char *key,
			 const struct gcr_module *module)
{
	if (module == NULL || module->path.data == NULL) {
		gcr_json_null(json, key);
		return;
	}
	gcr_json_open(json, key, '{');
	gcr_json_span(json, "path", module->path);
	gcr_json_span(json, "version", module->version);
	gcr_json_span(json, "sum", module->sum);
	if (module->replace != NULL)
		write_module(json, "replaced_by", module->replace);
	gcr_json_close(json, '}');
}

static void write_settings(struct gcr_json *json,
			   const struct gcr_image_info *info)
{
	gcr_json_open(json, "settings", '{');
	for (size_t i = 0; i < info->setting_count; i++) {
		gcr_json_name(json, info->settings[i].key);
		gcr_json_span(json, NULL, info->settings[i].value);
	}
	gcr_json_close(json, '}');
}

void gcr_build_json(struct gcr_json *json, const struct gcr_image *image)
{
	char hex[2 * 64 + 1];

	if (image == NULL) {
		gcr_json_null(json, "program");
		return;
	}
	const struct gcr_image_info *info = gcr_image_info(image);
	gcr_json_open(json, "program", '{');
	gcr_json_span(json, "go", info->go_version);
	gcr_json_text(json, "arch", gcr_arch_name(info->target.arch));
	gcr_json_span(json, "path", info->path);
	write_module(json, "main", &info->main);
	gcr_json_open(json, "dependencies", '[');
	for (size_t i = 0; i < info->dependency_count; i++)
		write_module(json, NULL, &info->dependencies[i]);
	gcr_json_close(json, ']');
	write_settings(json, info);
	gcr_json_span(json, "build_id", info->go_build_id);
	gcr_json_span(json, "gnu_build_id",
		      hexadecimal(info->gnu_build_id, hex, sizeof(hex)));
	gcr_json_bool(json, "position_independent", info->position_independent);
	gcr_json_bool(json, "debug", info->has_debug);
	gcr_json_close(json, '}');
}
