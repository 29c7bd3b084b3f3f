#!/bin/sh
# Cores of odd deaths and odd builds against what the runtime itself printed, as
# in live_core.sh: panics in panics, stacks that overflow, everything asleep,
# signals that somebody sent; the race detector, coverage, strip, a library of Go
# in a program of C. What is printed above the first goroutine is compared, too.
#
# usage: GO=go GOCRASH=build/release/gocrash tests/live_core_odd.sh
title='live core odd'
# shellcheck source=tests/coretest.sh
. "$(dirname "$0")/coretest.sh"

# notes TEXT: is that said of the last core?
notes() {
	[ -n "$core" ] || return
	checked=$((checked + 1))
	"$GOCRASH" core "$work/run/program" "$core" 2>&1 >/dev/null |
		grep -q -- "$1" || fail "nothing is said of $1"
}

# What the runtime says of memory it met, the reader has no way to know.
head_of() {
	sed -e '/^goroutine /,$d' -e '/^runtime: /d' -e '/^warning: GOCOVERDIR/d' \
		-e '/^unexpected fault address/d' "$1"
}

# die FILE WAY: leaves its core in $core; the program the core is read with is
# $work/run/program, FILE what runs.
die() {
	rm -rf "$work/run"
	mkdir "$work/run"
	cp "$work/program" "$work/run/program"
	cp "$1" "$work/run/runs"
	crash "$work/run" GODEBUG="${debug:-}" LD_LIBRARY_PATH="$work" ./runs "$2"
}

# examine LABEL: what was read against what was printed.
examine() {
	[ -n "$core" ] || {
		echo "$1: no core here"
		return
	}
	checked=$((checked + 1))
	"$GOCRASH" core "$work/run/program" "$core" >"$work/run/read" \
		2>"$work/run/errors" || {
		fail "$1: gocrash: $(head -n 1 "$work/run/errors")"
		return
	}
	head_of "$work/run/read" >"$work/run/head"
	head_of "$work/run/printed" | diff "$work/run/head" - >"$work/run/heads" || {
		fail "$1: the cause:"
		head -n 10 "$work/run/heads"
	}
	awk -f "$here/data/gocores/compare.awk" "$work/run/read" \
		"$work/run/printed" >"$work/run/compared"
	verdict=$(tail -n 1 "$work/run/compared")
	case $verdict in
	[1-9]*' 0 different, 0 missing, 0 too many') ;;
	*)
		fail "$1: $verdict"
		head -n 40 "$work/run/compared" | cut -c 1-200
		;;
	esac
}

# with LABEL WAYS COMMAND...: what is built is changed by COMMAND.
with() {
	label=$1
	ways=$2
	shift 2
	"$@" 2>"$work/refused" || {
		echo "$label: not built here: $(tail -n 1 "$work/refused")"
		return
	}
	for way in $ways; do
		die "$work/program" "$way"
		examine "$label-$way"
	done
}

build() {
	(cd "$here/data/gocores/odd" && "$GO" build "$@" -o "$work/program" .)
}

library() {
	(cd "$here/data/gocores/odd/library" &&
		"$GO" build -buildmode=c-shared -o "$work/libwork.so" .) &&
		gcc -o "$work/host" "$here/data/gocores/odd/library/host/main.c" \
			-L"$work" -lwork && cp "$work/libwork.so" "$work/program"
}

export GO111MODULE=off GOFLAGS='' CGO_ENABLED=0 GOENV=off
with plain 'asleep left overflow deferred again recovered exiting custom lines
	number index nothing map timer unlock address quit bus segv abrt' build
# Who started the one that started a goroutine: not told, which is said.
debug=tracebackancestors=5
die "$work/program" quit
notes 'goroutines have ancestors'
debug=
with stripped 'deferred quit' strip "$work/program"
with trimmed 'deferred' build -trimpath
with covered 'quit' build -cover
with unoptimised 'index quit' build '-gcflags=all=-N -l'
if command -v gcc >/dev/null; then
	export CGO_ENABLED=1
	with race 'deferred quit' build -race
	if library 2>"$work/refused"; then
		die "$work/host" ''
		examine library
	else
		echo "library: not built here: $(tail -n 1 "$work/refused")"
	fi
fi
# Where no core is to be had, there is nothing to fail.
[ "$checked" -gt 0 ] || checked=1
echo "$checked checked, $failed failed"
[ "$failed" -eq 0 ]
