#!/bin/sh
# Runs the live tests with every Go found on this machine: the one in GO, the
# one on PATH, and those a distribution keeps in /usr/lib/go-*.
#
# Live tests are tests/live*.sh, each told by the environment: GO, the go
# command; GOCRASH and LESSON, the commands under test; WORK, an empty folder of
# its own, kept when it fails; GOCRASH_STATE, inside it, so that nobody's progress
# is touched. Its last line is "N checked, M failed".
set -u

# One line for each different toolchain: the real path of its go command.
toolchains() {
	for name in "${GO:-go}" "${GO:-.}/go" go /usr/lib/go-*/bin/go; do
		path=$(command -v "$name") && [ -f "$path" ] && readlink -f "$path"
	done | awk '!seen[$0]++'
}

# No other toolchain than the one under test, none of the caller's options, and
# nothing from the network.
unset GOFLAGS GODEBUG GOTRACEBACK GOGC GOROOT GOARCH GOOS GOPATH
export GOTOOLCHAIN=local GOPROXY=off GOENV=off

LOGS=${LOGS:-build/logs}
mkdir -p "$LOGS"
logs=$(cd "$LOGS" && pwd)
passed=0
failed=0

# run_one SCRIPT: with $go, adding to passed and failed.
run_one() {
	name=$(basename "$1" .sh)
	log=$logs/$name-$version.log
	work=$logs/$name-$version.work
	rm -rf "$work"
	mkdir -p "$work"
	GO=$go WORK=$work GOCRASH_STATE=$work/state sh "$1" >"$log" 2>&1 </dev/null
	status=$?
	# shellcheck disable=SC2046 # two numbers
	set -- $(awk '/^[0-9]+ checked, [0-9]+ failed/ { good += $1 - $3; bad += $3 }
		END { print good + 0, bad + 0 }' "$log")
	if [ "$status" -ne 0 ] || [ "$1" -eq 0 ]; then
		[ "$2" -gt 0 ] || set -- "$1" 1
		tail -n 100 "$log" | cut -c 1-400 | sed "s/^/$name: /"
		echo "$name: ended with status $status; kept in $work"
	fi
	[ "$2" -gt 0 ] || rm -rf "$work"
	printf '  %-24s %5d passed, %d failed\n' "$name $version" "$1" "$2"
	sed -n "s/^skipped: /    skipped: /p" "$log"
	passed=$((passed + $1))
	failed=$((failed + $2))
}

found=$(toolchains)
[ -n "$found" ] || {
	echo 'check-go: no Go on this machine (make setup installs one)' >&2
	exit 1
}
for go in $found; do
	version=$("$go" env GOVERSION) || version=unknown
	for script in tests/live*.sh; do
		run_one "$script"
	done
done
echo "check-go: $passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
