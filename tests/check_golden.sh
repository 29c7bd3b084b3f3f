#!/bin/sh
# Golden traces: each tests/data/traces/NAME.txt is explained and compared with
# NAME.expect, and with NAME.json for --json. NAME.args, if there is one, has
# further options, one a line. Of each tests/data/goroutines/NAME.txt, NAME.expect
# is what `gocrash goroutines` prints, NAME.all with --all.
#
# usage: tests/check_golden.sh [--update]
#
# --update, or GOLDEN=write in the environment, rewrites what differs; the
# change is to be read like code.
set -u
gocrash=${GOCRASH:-build/release/gocrash}
folder=tests/data/traces
verb=explain
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
checked=0
failed=0
[ "${1-}" = --update ] && GOLDEN='write'

[ -x "$gocrash" ] || {
	echo "there is no $gocrash"
	exit 1
}

# compare NAME SUFFIX OPTION...
compare() {
	name=$1
	suffix=$2
	shift 2
	if [ -f "$folder/$name.args" ]; then
		while IFS= read -r option; do
			set -- "$@" "$option"
		done <"$folder/$name.args"
	fi
	checked=$((checked + 1))
	"$gocrash" "$verb" "$@" "$folder/$name.txt" >"$made/out" 2>"$made/err"
	status=$?
	{
		cat "$made/out" "$made/err"
		[ "$status" -eq 0 ] || echo "exit status $status"
	} >"$made/got"
	if [ "${GOLDEN-}" = write ]; then
		cmp -s "$made/got" "$folder/$name.$suffix" ||
			{ echo "wrote $name.$suffix"; cp "$made/got" "$folder/$name.$suffix"; }
	elif ! diff -u "$folder/$name.$suffix" "$made/got"; then
		echo "$folder/$name.txt: differs from $name.$suffix"
		failed=$((failed + 1))
	fi
}

for trace in "$folder"/*.txt; do
	name=${trace##*/}
	name=${name%.txt}
	compare "$name" expect --color=never
	compare "$name" json --json
done
folder=tests/data/goroutines
verb=goroutines
for dump in "$folder"/*.txt; do
	name=${dump##*/}
	name=${name%.txt}
	compare "$name" expect --color=never
	compare "$name" all --color=never --all
done
echo "$checked checked, $failed failed"
[ "$failed" -eq 0 ] && [ "$checked" -gt 0 ]
