/* See waitjson.h. */

#include "waitjson.h"

#include "waiters.h"

enum {
	MOST_THINGS = 1000
};

static void write_kind(struct gcr_json *json, const struct gcr_waits *waits,
		       enum gcr_wait_kind kind)
{
	const struct gcr_waiting *waiting = &waits->kinds[kind];

	gcr_json_open(json, NULL, '{');
	gcr_json_text(json, "kind", gcr_wait_kind_name(kind));
	gcr_json_number(json, "goroutines", waiting->count);
	gcr_json_open(json, "roles", '{');
	for (size_t role = 0; role < GCR_WAIT_ROLE_COUNT; role++)
		if (waits->roles[kind][role] > 0)
			gcr_json_number(
				json,
				gcr_wait_role_name((enum gcr_wait_role)role),
				waits->roles[kind][role]);
	gcr_json_close(json, '}');
	gcr_json_number(json, "told", waiting->told);
	gcr_json_number(json, "things", waiting->things);
	gcr_json_bool(json, "more", waiting->more);
	gcr_json_number(json, "minutes", waiting->minutes);
	gcr_json_close(json, '}');
}

static void write_roles(struct gcr_json *json, const struct gcr_thing *thing)
{
	gcr_json_open(json, "roles", '{');
	for (size_t i = 0; i < GCR_WAIT_ROLE_COUNT; i++) {
		enum gcr_wait_role role = (enum gcr_wait_role)i;
		uint64_t count = gcr_thing_role(thing, role);

		if (count > 0)
			gcr_json_number(json, gcr_wait_role_name(role), count);
	}
	gcr_json_close(json, '}');
}

// Where the word stands that makes it a likely holder.
static void write_evidence(struct gcr_json *json,
			   const struct gcr_holder *holder)
{
	const struct gcr_goroutine *example = &holder->group->example;
	struct gcr_frame none = { 0 };
	const struct gcr_frame *frame =
		holder->frame < example->frame_count
			? &example->frames[holder->frame]
			: &none;

	gcr_json_span(json, "function", frame->function);
	gcr_json_span(json, "file", frame->file);
	gcr_json_number(json, "line", frame->line);
	if (holder->by_code) {
		gcr_json_bool(json, "by_code", true);
		return;
	}
	gcr_json_number(json, "element", holder->element);
	gcr_json_hex(json, "word", holder->word);
}

static void write_holder(struct gcr_json *json, const struct gcr_thing *thing,
			 const struct gcr_holder *holder)
{
	gcr_json_open(json, NULL, '{');
	gcr_json_number(json, "goroutine", holder->goroutine);
	gcr_json_text(json, "certainty",
		      gcr_holder_likely(thing, holder) ? "likely" : "possible");
	gcr_json_bool(json, "itself", holder->itself);
	gcr_json_span(json, "state", holder->group->example.state);
	gcr_json_fingerprint(json, "group", holder->group->fingerprint);
	write_evidence(json, holder);
	if (holder->waits_for != 0) {
		gcr_json_open(json, "waits_for", '{');
		gcr_json_text(json, "kind",
			      gcr_wait_kind_name(holder->waits_kind));
		gcr_json_hex(json, "address", holder->waits_for);
		gcr_json_close(json, '}');
	} else {
		gcr_json_null(json, "waits_for");
	}
	gcr_json_close(json, '}');
}

static void write_holders(struct gcr_json *json, const struct gcr_thing *thing)
{
	if (!gcr_wait_is_lock(thing->kind))
		return;
	gcr_json_open(json, "holders", '[');
	for (size_t i = 0; i < thing->holder_count; i++)
		write_holder(json, thing, &thing->holders[i]);
	gcr_json_close(json, ']');
	gcr_json_number(json, "candidates", thing->candidates);
}

static void write_thing(struct gcr_json *json, const struct gcr_thing *thing)
{
	gcr_json_open(json, NULL, '{');
	gcr_json_text(json, "kind", gcr_wait_kind_name(thing->kind));
	gcr_json_hex(json, "address", thing->address);
	gcr_json_text(json, "certainty", gcr_certainty_name(thing->certainty));
	gcr_json_number(json, "count", thing->count);
	gcr_json_bool(json, "at_least", thing->at_least);
	write_roles(json, thing);
	gcr_json_number(json, "minutes", thing->minutes);
	gcr_json_number(json, "oldest", thing->oldest);
	gcr_json_open(json, "goroutines", '[');
	for (uint64_t i = 0; i < thing->count && i < GCR_THING_IDS; i++)
		gcr_json_number(json, NULL, thing->ids[i]);
	gcr_json_close(json, ']');
	gcr_json_open(json, "groups", '[');
	for (unsigned i = 0; i < thing->group_count; i++)
		gcr_json_fingerprint(json, NULL, thing->groups[i]->fingerprint);
	gcr_json_close(json, ']');
	gcr_json_bool(json, "more_groups", thing->more_groups);
	gcr_json_number(json, "mentions", thing->mentions);
	write_holders(json, thing);
	gcr_json_close(json, '}');
}

static void write_cycle(struct gcr_json *json,
			const struct gcr_lock_cycle *cycle)
{
	gcr_json_open(json, NULL, '{');
	gcr_json_text(json, "certainty", cycle->sure ? "likely" : "possible");
	gcr_json_open(json, "locks", '[');
	for (size_t i = 0; i < cycle->count; i++) {
		gcr_json_open(json, NULL, '{');
		gcr_json_text(json, "kind",
			      gcr_wait_kind_name(cycle->locks[i]->kind));
		gcr_json_hex(json, "address", cycle->locks[i]->address);
		gcr_json_number(json, "holder", cycle->holders[i]->goroutine);
		gcr_json_close(json, '}');
	}
	gcr_json_close(json, ']');
	gcr_json_close(json, '}');
}

static void write_things(struct gcr_json *json, const struct gcr_waits *waits)
{
	size_t shown = waits->thing_count;

	if (shown > MOST_THINGS)
		shown = MOST_THINGS;
	gcr_json_open(json, "things", '[');
	for (size_t i = 0; i < shown; i++)
		write_thing(json, waits->things[i]);
	gcr_json_close(json, ']');
	gcr_json_number(json, "left_out", waits->thing_count - shown);
}

void gcr_waits_json(struct gcr_json *json, const struct gcr_waits *waits)
{
	gcr_json_open(json, "waits", '{');
	gcr_json_open(json, "kinds", '[');
	for (size_t i = GCR_WAIT_NOTHING + 1; i < GCR_WAIT_KIND_COUNT; i++)
		if (waits->kinds[i].count > 0)
			write_kind(json, waits, (enum gcr_wait_kind)i);
	gcr_json_close(json, ']');
	write_things(json, waits);
	gcr_json_open(json, "cycles", '[');
	for (size_t i = 0; i < waits->cycle_count; i++)
		write_cycle(json, &waits->cycles[i]);
	gcr_json_close(json, ']');
	gcr_json_number_if(json, "searched", waits->limited, waits->searched);
	gcr_json_close(json, '}');
}
