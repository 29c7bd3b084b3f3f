#!/bin/sh
# Which lines of the sources a run of the tests reached, by file, fewest first.
# Read, not judged.
#
# usage: tests/structure/coverage.sh BUILD-FOLDER SOURCE-FOLDER...
set -u
build=$1
shift
for folder in "$@"; do
	for data in "$build/$folder"/*.gcda; do
		[ -e "$data" ] && gcov -n "$data" 2>/dev/null
	done
done | awk '
/^File / { file = $2; gsub(/\047/, "", file) }
/^Lines executed/ && file ~ /\.c$/ {
	split($2, part, /[:%]/)
	printf "%6.1f %% of %4d  %s\n", part[2], $4, file
	file = ""
}' | sort -n
