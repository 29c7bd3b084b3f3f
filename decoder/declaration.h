#ifndef GCR_DECLARATION_H
#define GCR_DECLARATION_H

/*
 * The set of declarations: functions and types by name, where they stand, and
 * which function a frame's name means.
 *
 * Everything is in the set's arena and lives as long as the set.
 */

#include "gotype.h"
#include "names.h"

/* A package is a name and a directory: two `main`s are two packages. */
struct gcr_package {
	struct gcr_span name;
	struct gcr_span directory; /* of its files, as given; may be empty */
	struct gcr_package *next;
};

struct gcr_import {
	struct gcr_span alias; /* data NULL when there is none */
	struct gcr_span path;
};

struct gcr_sourcefile {
	struct gcr_span file;
	struct gcr_package *package;
	struct gcr_import *imports;
	size_t import_count;
};

struct gcr_constdef {
	struct gcr_span name;
	struct gcr_span expression;
	struct gcr_package *package;
};

/*
 * Where a type is written: in a source file, or (`file` NULL) in a signature
 * given by hand, for a function of a package of that name that a frame places
 * in `near`.
 */
struct gcr_scope {
	const struct gcr_declarations *set;
	const struct gcr_package *package; /* or NULL */
	const struct gcr_sourcefile *file; /* or NULL */
	struct gcr_span package_name;
	struct gcr_span near;
};

/* One function. */
struct gcr_function {
	struct gcr_span declaration;  /* `func (s *T) M(x int) error` */
	struct gcr_span package;      /* as given, decoded; data NULL: none */
	struct gcr_span base;	      /* `(*T).M`, `T.M`, `f`, `f.func1` */
	struct gcr_gofields receiver; /* none or one */
	struct gcr_gofields parameters, results;
	struct gcr_span *type_parameters;
	size_t type_parameter_count;
	const struct gcr_sourcefile *file; /* NULL when given by hand */
	size_t first_line, last_line;
	bool closure; /* may have captured variables before its parameters */
};

struct gcr_declarations {
	struct gcr_arena *arena;
	struct gcr_image *image; /* or NULL; see gcr_declarations_use_image() */
	uint64_t bias;
	bool bias_known;
	bool forced;		    /* the image contradicts the crash */
	struct gcr_names functions; /* by base */
	struct gcr_names types, constants;
	struct gcr_package *packages;
	struct gcr_names packages_by_name;
};

/* For tests: the arena that allocations are made to fail in. */
struct gcr_arena *gcr_declarations_arena(struct gcr_declarations *declarations);

/* A function's name as declarations have it. */
struct gcr_function_name {
	struct gcr_span package; /* decoded: `gopkg.in/yaml.v2` */
	struct gcr_span base;	 /* without `[...]` */
	bool generic;		 /* it had one */
};

GCR_MUST_CHECK int gcr_function_name_read(struct gcr_span printed,
					  struct gcr_arena *arena,
					  struct gcr_function_name *ret,
					  struct gcr_error *err);

/* The receiver's type name and method of `(*T).M`; false for others. */
bool gcr_base_method(struct gcr_span base, bool *pointer,
		     struct gcr_span *receiver, struct gcr_span *method);

/*
 * The function that a frame means, or NULL. Given by hand wins over source,
 * a package over none, a longer common file tail over a shorter one. Where
 * different declarations fit equally, none is taken.
 */
const struct gcr_function *
gcr_declarations_find(const struct gcr_declarations *declarations,
		      const struct gcr_function_name *name,
		      const struct gcr_frame *frame);

/* How many path elements the ends of two file names have in common. */
size_t gcr_common_tail(struct gcr_span a, struct gcr_span b);

/* For the readers of declarations: */
GCR_MUST_CHECK int gcr_declarations_package(struct gcr_declarations *set,
					    struct gcr_span file,
					    struct gcr_span name,
					    struct gcr_package **ret,
					    struct gcr_error *err);

struct gcr_parser;

/*
 * `(s *T) M(x int) error` or `f[T any](x T)`: a function's head, behind the
 * word `func`. Fills all but package, file and lines.
 */
GCR_MUST_CHECK int gcr_parse_function(struct gcr_parser *parser,
				      struct gcr_function *ret);

/* Names in a scope (scope.c). NULL when there is none or more than one. */
const struct gcr_gotypedef *gcr_scope_find_type(const struct gcr_scope *scope,
						struct gcr_span package,
						struct gcr_span name);

/* The value of a constant expression: numbers, names, + - * / % << >>. */
bool gcr_scope_constant(const struct gcr_scope *scope,
			struct gcr_span expression, uint64_t *ret);

/* The import path that a qualifier stands for in this scope, or itself. */
struct gcr_span gcr_scope_import(const struct gcr_scope *scope,
				 struct gcr_span qualifier);

/* The image in use; NULL: none. */
struct gcr_image *
gcr_declarations_image(const struct gcr_declarations *declarations);

#endif
