/* Queues of a channel: see corequeue.h. Go runtime/chan.go waitq. */

#include "corequeue.h"

#include "arena.h"
#include "core.h"

#include <stdlib.h>

enum {
	FEW = 32,	       /* looked through each time */
	MOST_READ = 1 << 22,   /* entries of long queues, by one reader */
	MOST_QUEUED = 1 << 20, /* in one queue */
};

static bool next_of(struct gcr_corereader *reader, uint64_t *sudog)
{
	return gcr_runtime_field(&reader->core->runtime, *sudog, GCR_SUDOG_NEXT,
				 8, sudog);
}

static uint64_t id_of(struct gcr_corereader *reader, uint64_t sudog)
{
	const struct gcr_runtime *runtime = &reader->core->runtime;
	uint64_t g, id;

	if (!gcr_runtime_field(runtime, sudog, GCR_SUDOG_G, 8, &g) ||
	    !gcr_runtime_field(runtime, g, GCR_G_GOID, 8, &id))
		return 0;
	return id;
}

// False: there are more, or what follows cannot be read.
static bool read_few(struct gcr_corereader *reader, uint64_t first,
		     uint64_t sudog, struct gcr_core_standing *ret)
{
	while (first != 0 && ret->count < FEW) {
		if (ret->count < GCR_COREQUEUE_IDS)
			ret->ids[ret->count] = id_of(reader, first);
		ret->among = ret->among || first == sudog;
		ret->count++;
		if (!next_of(reader, &first))
			return false;
	}
	return first == 0;
}

static int compare(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

static int read_long(struct gcr_corereader *reader, uint64_t first,
		     struct gcr_corequeue *queue)
{
	queue->first = first;
	queue->count = 0;
	queue->told = false;
	while (first != 0 && queue->count < MOST_QUEUED &&
	       reader->queued < MOST_READ) {
		if (gcr_arena_grow(reader->kept, &queue->sudogs, queue->count,
				   &queue->room, sizeof(first),
				   reader->err) != 0)
			return -1;
		queue->sudogs[queue->count++] = first;
		reader->queued++;
		if (!next_of(reader, &first))
			break;
	}
	queue->told = first == 0;
	if (queue->count > 0)
		qsort(queue->sudogs, queue->count, sizeof(first), compare);
	return 0;
}

static int find_long(struct gcr_corereader *reader, uint64_t first,
		     struct gcr_corequeue **ret)
{
	struct gcr_corequeue *queues = reader->queues;

	for (size_t i = 0; i < GCR_COREQUEUES; i++)
		if (queues[i].first == first) {
			*ret = &queues[i];
			return 0;
		}
	*ret = &queues[reader->next_queue++ % GCR_COREQUEUES];
	return read_long(reader, first, *ret);
}

int gcr_corequeue(struct gcr_corereader *reader, uint64_t first, uint64_t sudog,
		  struct gcr_core_standing *ret)
{
	struct gcr_corequeue *queue;

	*ret = (struct gcr_core_standing){ 0 };
	ret->told = read_few(reader, first, sudog, ret);
	if (ret->told || ret->count < FEW)
		return 0;
	if (find_long(reader, first, &queue) != 0)
		return -1;
	ret->told = queue->told;
	ret->count = queue->count;
	ret->among =
		queue->count > 0 && bsearch(&sudog, queue->sudogs, queue->count,
					    sizeof(sudog), compare) != NULL;
	return 0;
}
