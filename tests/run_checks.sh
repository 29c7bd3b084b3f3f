#!/bin/sh
# Runs test programs, JOBS at a time, and adds up what they say.
#
# usage: tests/run_checks.sh PROGRAM...
#
# A program is a Check program, a script, or a fuzz target linked with replay.c
# (named fuzz_*), which is given its corpus and all the fixtures. It counts as
# passed what its closing line says: "100%: Checks: 25, Failures: 0, Errors: 0",
# "25 checked, 0 failed"; the inputs a fuzz target replayed are one test. Its
# output is kept in LOGS/NAME.log, and its end shown when anything in it failed.
#
# Told by the environment: GOCRASH and LESSON, the commands under test; GOLDEN,
# set to `write` to rewrite the golden files. All paths start at the top of the
# tree, which is where the programs run.
set -u

# The closing lines of logs, added up: "PASSED FAILED".
count() {
	awk '
	/[0-9]+%: Checks: / {
		# A test that prints may leave its last line open.
		sub(/.*%: Checks:/, "% Checks:")
		gsub(/,/, "")
		bad += $5 + $7
		good += $3 - $5 - $7
	}
	/^[0-9]+ checked, [0-9]+ failed/ { bad += $3; good += $1 - $3 }
	/^[0-9]+ inputs replayed/ { bad += $1 == 0 || $6 > 0; good += $1 > 0 && $6 == 0 }
	END { print good + 0, bad + 0 }
	' "$@"
}

# A fuzz target replays its corpus and every fixture there is.
replay() {
	inputs=
	for folder in "tests/fuzz/corpus/${1##*/}" tests/data; do
		[ -d "$folder" ] && inputs="$inputs $folder"
	done
	# shellcheck disable=SC2086 # a list of folders
	timeout 600 "$1" $inputs || {
		status=$?
		echo 'the input in hand was:'
		# shellcheck disable=SC2086 # a list of folders
		GCR_REPLAY_TRACE=1 timeout 600 "$1" $inputs 2>&1 |
			grep '^tests/' | tail -n 1
		return "$status"
	}
}

run() {
	case $1 in
	*.sh) sh "$1" ;;
	*/fuzz_*) replay "$1" ;;
	*) "$1" ;;
	esac
}

# One program, as xargs below calls it.
run_and_tell() {
	name=${1##*/}
	name=${name%.sh}
	log=$LOGS/$name.log
	run "$1" >"$log" 2>&1
	status=$?
	# shellcheck disable=SC2046 # two numbers
	set -- $(count "$log")
	if [ "$status" -ne 0 ] && [ "$2" -eq 0 ]; then
		echo "1 checked, 1 failed: $name ended with status $status" >>"$log"
		set -- "$1" 1
	elif [ "$(($1 + $2))" -eq 0 ]; then
		echo "1 checked, 1 failed: $name checked nothing" >>"$log"
		set -- 0 1
	fi
	[ "$2" -eq 0 ] || tail -n 100 "$log" | cut -c 1-400 | sed "s/^/$name: /"
	printf '  %-24s %5d passed, %d failed%s\n' "$name" "$1" "$2" \
		"$(sed -n 's/^\([0-9]* inputs replayed\).*/ (\1)/p' "$log")"
	sed -n "s/^skipped: /    skipped: /p" "$log"
}

LOGS=${LOGS:-build/logs}
if [ "${1-}" = --one ]; then
	run_and_tell "$2"
	exit 0
fi

[ $# -gt 0 ] || {
	echo 'run_checks: no test programs' >&2
	exit 1
}
# Corpora are long, and sanitizers slow: Check's own limit of four seconds a
# test is for less.
export CK_DEFAULT_TIMEOUT="${CK_DEFAULT_TIMEOUT:-240}" CK_FORK="${CK_FORK:-yes}"
export UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"
# Nobody's progress in the lessons is touched.
export GOCRASH_STATE="$LOGS/state"
export LOGS
mkdir -p "$LOGS"
rm -f "$LOGS"/*.log

printf '%s\0' "$@" | xargs -0 -n 1 -P "${JOBS:-1}" sh "$0" --one

# shellcheck disable=SC2046 # two numbers
set -- $(count "$LOGS"/*.log)
echo "check: $1 passed, $2 failed"
[ "$2" -eq 0 ]
