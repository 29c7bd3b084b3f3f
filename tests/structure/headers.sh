#!/bin/sh
# Each header compiles on its own, and has a guard that no other has: GCR_NAME_H
# in decoder/, SOMETHING_H elsewhere. Says how much of gocrash.h
# is prose: half to two thirds is the aim.
#
# usage: tests/structure/headers.sh 'COMPILER FLAGS' HEADER...
set -u
flags=$1
shift
CC=${CC:-cc}

# Percentage of the lines with a comment on them, blank lines aside.
prose() {
	awk '
	/^[ \t]*$/ { next }
	{ lines++ }
	inside { comment++; if (/\*\//) inside = 0; next }
	/\/\*/ { comment++; if (!/\*\//) inside = 1; next }
	/\/\// { comment++ }
	END { printf "%d", lines ? 100 * comment / lines : 0 }
	' "$1"
}

count=0
failed=0
for header in "$@"; do
	count=$((count + 1))
	# shellcheck disable=SC2086 # a list of flags
	$CC $flags -iquote tests -iquote lessons -Werror -fsyntax-only -x c "$header" || {
		echo "headers: $header does not compile on its own"
		failed=$((failed + 1))
	}
	case $header in
	decoder/*/* | lessons/* | tests/*) form='[A-Z][A-Z0-9_]*_H' ;;
	*) form=GCR_$(basename "$header" .h | tr a-z- A-Z_)_H ;;
	esac
	guard=$(sed -n "s/^#ifndef \\($form\\)\$/\\1/p" "$header" | head -n 1)
	if [ -z "$guard" ] || ! grep -qx "#define $guard" "$header"; then
		echo "headers: $header has no guard $form"
		failed=$((failed + 1))
	elif [ "$(grep -lx "#ifndef $guard" "$@" | wc -l)" -ne 1 ]; then
		echo "headers: $header shares its guard $guard with another"
		failed=$((failed + 1))
	fi
	[ "$header" = decoder/gocrash.h ] &&
		echo "headers: $header is $(prose "$header") % prose"
done
echo "check-headers: $count checked, $failed failed"
[ "$failed" -eq 0 ] && [ "$count" -gt 0 ]
