/* Errors: a code for programs, a line for people, a place where there is one. */

#include "error.h"

#include <stdarg.h>
#include <stdio.h>

GCR_PRINTF(4, 0)
static void fill(struct gcr_error *err, enum gcr_code code,
		 struct gcr_place place, const char *format, va_list arguments)
{
	*err = (struct gcr_error){
		.code = code,
		.line = place.line,
		.column = place.column,
		.offset = place.offset,
	};
	vsnprintf(err->text, sizeof(err->text), format, arguments);
}

int gcr_fail(struct gcr_error *err, enum gcr_code code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fill(err, code, (struct gcr_place){ 0 }, format, arguments);
	va_end(arguments);
	return -1;
}

int gcr_fail_at(struct gcr_error *err, enum gcr_code code,
		struct gcr_place place, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fill(err, code, place, format, arguments);
	va_end(arguments);
	return -1;
}
