/*
 * How a function's parameters are passed: their types by DWARF where it is
 * complete, else by what the user or the sources declared.
 */

#include "sites.h"

#include "arena.h"
#include "declaration.h"
#include "error.h"
#include "span.h"

enum {
	WORD = 8
};

// A generic function's hidden argument: the address of its dictionary.
static const struct gcr_layout dictionary = {
	.kind = GCR_POINTER,
	.type = GCR_LITERAL("unsafe.Pointer"),
	.sized = true,
	.size = WORD,
	.align = WORD,
};

struct finder {
	const struct gcr_callsite_input *input;
	const struct gcr_frame *frame;
	struct gcr_arena *arena;
	struct gcr_recovery *ret;
	struct gcr_error *err;
};

static int assign(struct finder *finder, const struct gcr_image_parameter *all,
		  size_t count, size_t parameter_count, size_t dictionary_at)
{
	const struct gcr_layout **layouts =
		gcr_arena_array(finder->arena, count + 1,
				sizeof(const struct gcr_layout *), finder->err);
	struct gcr_recovery *ret = finder->ret;
	struct gcr_error error;
	size_t next = 0, hidden = dictionary_at != SIZE_MAX;

	if (layouts == NULL)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (i == dictionary_at)
			layouts[next++] = &dictionary;
		layouts[next++] = all[i].layout;
	}
	if (hidden && next == count)
		layouts[next++] = &dictionary;
	if (gcr_abi_assign(layouts, parameter_count + hidden,
			   layouts + parameter_count + hidden,
			   count - parameter_count, finder->arena, &ret->abi,
			   &error) == 0) {
		ret->dictionary = dictionary_at;
		return 0;
	}
	if (error.code == GCR_NOMEM || error.code == GCR_LIMIT) {
		*finder->err = error;
		return -1;
	}
	ret->parameter_count = 0;
	return gcr_arena_copy(finder->arena, gcr_span_of(error.text),
			      &ret->reason, finder->err);
}

static int use(struct finder *finder, const struct gcr_image_parameter *all,
	       size_t count, size_t parameter_count, size_t dictionary_at)
{
	struct gcr_recovery *ret = finder->ret;

	ret->parameters =
		gcr_arena_array(finder->arena, parameter_count,
				sizeof(*ret->parameters), finder->err);
	if (ret->parameters == NULL)
		return -1;
	for (size_t i = 0; i < parameter_count; i++)
		ret->parameters[i] = all[i];
	ret->parameter_count = parameter_count;
	return assign(finder, all, count, parameter_count, dictionary_at);
}

static int use_signature(struct finder *finder,
			 const struct gcr_image_signature *signature,
			 struct gcr_span symbol)
{
	if (gcr_span_find(symbol, '[') != GCR_NOWHERE &&
	    signature->dictionary == SIZE_MAX) {
		finder->ret->reason = GCR_SPAN(
			"generic code: where its arguments are passed cannot be told");
		return 0;
	}
	return use(finder, signature->items, signature->count,
		   signature->parameter_count, signature->dictionary);
}

static int lay_out(struct finder *finder, const struct gcr_function *function,
		   const struct gcr_gofields *fields,
		   struct gcr_image_parameter *to)
{
	struct gcr_scope scope = { .set = finder->input->declarations };
	struct gcr_bindings opaque = {
		.names = function->type_parameters,
		.count = function->type_parameter_count,
	};

	if (function->file != NULL) {
		scope.file = function->file;
		scope.package = function->file->package;
	} else {
		struct gcr_span path =
			gcr_function_split(finder->frame->function).package;
		ptrdiff_t slash = gcr_span_find_last(path, '/');
		scope.package_name = gcr_span_tail(path, (size_t)(slash + 1));
		scope.near = finder->frame->file;
	}
	for (size_t i = 0; i < fields->count; i++) {
		struct gcr_layouter layouter = {
			.arena = finder->arena,
			.err = finder->err,
			.word_size = WORD,
			.nodes = GCR_LAYOUT_NODES,
		};
		to[i].name = fields->items[i].name;
		if (gcr_layout_make(&layouter, fields->items[i].type, &scope,
				    &opaque, &to[i].layout) != 0)
			return -1;
	}
	return 0;
}

static int use_declaration(struct finder *finder,
			   const struct gcr_image_function *compiled,
			   const struct gcr_function *function)
{
	size_t parameters =
		function->receiver.count + function->parameters.count;
	size_t count = parameters + function->results.count;
	struct gcr_image_parameter *all = gcr_arena_array(
		finder->arena, count, sizeof(*all), finder->err);

	if (all == NULL ||
	    lay_out(finder, function, &function->receiver, all) != 0 ||
	    lay_out(finder, function, &function->parameters,
		    all + function->receiver.count) != 0 ||
	    lay_out(finder, function, &function->results, all + parameters) !=
		    0)
		return -1;
	struct gcr_image_signature signature = { .items = all,
						 .parameter_count =
							 parameters };
	if (!gcr_image_agrees(finder->input->image, compiled, &signature)) {
		finder->ret->reason = GCR_SPAN(
			"its declaration is not of the function in the binary");
		return 0;
	}
	return use(finder, all, count, parameters, SIZE_MAX);
}

static int find_declared(struct finder *finder,
			 const struct gcr_image_function *compiled)
{
	const struct gcr_declarations *declarations =
		finder->input->declarations;
	const struct gcr_function *function = NULL;
	struct gcr_function_name name = { 0 };

	if (declarations != NULL) {
		if (gcr_function_name_read(finder->frame->function,
					   finder->arena, &name,
					   finder->err) != 0)
			return -1;
		function = gcr_declarations_find(declarations, &name,
						 finder->frame);
	}
	// A literal may have got captured variables as parameters.
	if (function == NULL || function->closure || name.generic) {
		finder->ret->reason = GCR_SPAN(
			"neither the binary nor a declaration has its parameters");
		return 0;
	}
	return use_declaration(finder, compiled, function);
}

int gcr_parameters_find(const struct gcr_callsite_input *input,
			const struct gcr_frame *frame,
			const struct gcr_image_function *function,
			struct gcr_arena *arena, struct gcr_recovery *ret,
			struct gcr_error *err)
{
	struct finder finder = { input, frame, arena, ret, err };
	const struct gcr_image_signature *signature;
	struct gcr_error error;

	if (gcr_image_signature(input->image, function->entry, &signature,
				&error) == 0) {
		if (signature->complete)
			return use_signature(&finder, signature,
					     function->symbol);
	} else if (error.code == GCR_NOMEM || error.code == GCR_LIMIT) {
		*err = error;
		return -1;
	}
	return find_declared(&finder, function);
}
