#!/bin/sh
# Cores against what the runtime itself printed when they were dumped: under
# GOTRACEBACK=crash one process gives both, of one moment. Every parked and system
# call goroutine has to be the same to the byte, see data/gocores/compare.awk.
#
# usage: GO=go GOCRASH=build/release/gocrash tests/live_core.sh
# MATRIX=full is every way to link × to strip × to die, instead of a choice that
# has each of them; COUNT=100 is how many goroutines a program has; KEEP=folder
# gets program, core and texts of what differs.
title='live core'
# shellcheck source=tests/coretest.sh
. "$(dirname "$0")/coretest.sh"
MATRIX=${MATRIX:-some}
COUNT=${COUNT:-100}
compared=0

fail() {
	failed=$((failed + 1))
	echo "$*"
	[ -z "${KEEP:-}" ] || {
		mkdir -p "$KEEP/$label"
		cp --sparse=always "$work"/run/* "$KEEP/$label/"
	}
}

die() {
	rm -rf "$work/run"
	mkdir "$work/run"
	cp "$work/program" "$work/run/program"
	crash "$work/run" GODEBUG=tracebacklabels=1 ./program "$@"
}

# examine WAY: run, read the core, compare.
examine() {
	label=$name-$1
	die "$1" "$COUNT" || {
		echo "$label: no core here: $(cat /proc/sys/kernel/core_pattern)"
		return
	}
	checked=$((checked + 1))
	"$GOCRASH" core "$work/run/program" "$core" >"$work/run/read" \
		2>"$work/run/errors" || {
		fail "$label: gocrash: $(head -n 1 "$work/run/errors")"
		return
	}
	awk -f "$here/data/gocores/compare.awk" "$work/run/read" \
		"$work/run/printed" >"$work/run/compared"
	verdict=$(tail -n 1 "$work/run/compared")
	# shellcheck disable=SC2086 # numbers and words
	set -- $verdict
	compared=$((compared + ${1:-0} + ${3:-0}))
	if [ "${1:-0}" -lt "$COUNT" ] || [ "$5$7$9" != 000 ]; then
		fail "$label: $verdict"
		head -n 40 "$work/run/compared" | cut -c 1-200
	fi
	say_no_dwarf
}

# Without DWARF there are no variables, which is told.
say_no_dwarf() {
	want=1
	case $name in
	*-full) want=0 ;;
	external-*) return ;; # C's own may be there
	esac
	told=$("$GOCRASH" core --locals --goroutine=1 "$work/run/program" \
		"$core" 2>&1 >/dev/null | grep -c 'the program has no DWARF')
	[ "$told" -eq "$want" ] || fail "$label: told $told times: no DWARF"
}

# with NAME WAYS FLAGS...: build one, let it die in each of the ways.
with() {
	name=$1
	ways=$2
	shift 2
	[ "$MATRIX" = full ] && ways='panic nil quit nested fatal'
	(cd "$here/data/gocores/oracle" &&
		"$GO" build "$@" -o "$work/program" .) 2>"$work/refused" || {
		echo "$name: not built here: $(tail -n 1 "$work/refused")"
		return
	}
	for way in $ways; do
		examine "$way"
	done
}

# link NAME FLAGS...: each strip of one way to link; $some has what to do of it
# as `strip way`s where not all of it is wanted.
link() {
	linked=$1
	shift
	for strip in full w sw; do
		[ "$MATRIX" = full ] || case $some in *$strip*) ;; *) continue ;; esac
		ways=${some##*"$strip":}
		stripped=
		[ "$strip" = w ] && stripped=-w
		[ "$strip" = sw ] && stripped='-s -w'
		with "$linked-$strip" "$(echo "${ways%% *}" | tr , ' ')" \
			"-ldflags=$ldflags $stripped" "$@"
	done
}

export GO111MODULE=off GOFLAGS='' CGO_ENABLED=0 GOENV=off
ldflags=
some='full:panic,nil,quit sw:panic,quit'
link static
some='w:nil,quit'
link pie -buildmode=pie
if command -v gcc >/dev/null; then
	export CGO_ENABLED=1
	some='full:panic,quit'
	ldflags=-linkmode=internal
	link cgo
	some='sw:nil,quit'
	ldflags=-linkmode=external
	link external-pie -buildmode=pie
fi
echo "live core: $compared goroutines compared"
# Where no core is to be had, there is nothing to fail.
[ "$checked" -gt 0 ] || checked=1
echo "$checked checked, $failed failed"
[ "$failed" -eq 0 ]
