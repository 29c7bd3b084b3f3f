#!/bin/sh
# Runs fuzz targets linked with libFuzzer for FUZZ_SECONDS each, from the
# committed corpus and the fixtures. New inputs stay in FOUND/corpus; an input
# that crashes a target is left in FOUND as crash-*, to become a named file in
# tests/fuzz/corpus and a test.
#
# usage: tests/run_fuzz.sh PROGRAM...
set -u
FOUND=${FOUND:-build/fuzz}
failed=0
[ $# -gt 0 ] || {
	echo 'run_fuzz: no fuzz targets' >&2
	exit 1
}
for target in "$@"; do
	name=${target##*/}
	mkdir -p "$FOUND/corpus/$name"
	seeds=tests/data
	[ -d "tests/fuzz/corpus/$name" ] && seeds="tests/fuzz/corpus/$name $seeds"
	echo "fuzz: $name for ${FUZZ_SECONDS:-60} seconds"
	# shellcheck disable=SC2086 # a list of folders
	"$target" -max_total_time="${FUZZ_SECONDS:-60}" -timeout=10 -rss_limit_mb=2048 \
		-print_final_stats=1 -artifact_prefix="$FOUND/$name-" \
		"$FOUND/corpus/$name" $seeds >"$FOUND/$name.log" 2>&1 || {
		failed=$((failed + 1))
		tail -n 40 "$FOUND/$name.log"
	}
	grep -E '^stat::(number_of_executed_units|new_units_added)' "$FOUND/$name.log"
done
echo "fuzz: $# targets, $failed failed"
[ "$failed" -eq 0 ]
