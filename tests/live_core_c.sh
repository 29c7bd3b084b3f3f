#!/bin/sh
# Cores of a program that died in C: the C frames by its tables, names and lines,
# the goroutines below them as the runtime printed them.
#
# usage: GO=go GOCRASH=build/release/gocrash tests/live_core_c.sh
title='live core c'
# shellcheck source=tests/coretest.sh
. "$(dirname "$0")/coretest.sh"

is() {
	checked=$((checked + 1))
	grep -q -- "$2" "$3" && return
	failed=$((failed + 1))
	echo "$1: nothing like '$2'"
	head -n 30 "$3"
}

command -v gcc >/dev/null || nothing 'no C compiler'
export GO111MODULE=off GOFLAGS='' CGO_ENABLED=1 CGO_CFLAGS='-g -O0' GOENV=off
(cd "$here/data/gocores/native" && "$GO" build -o "$work/program" .) ||
	nothing 'not built here'

# die WAY...: leaves its core in $core
die() {
	crash "$work" ./program "$@" || nothing 'no core here'
}

die

"$GOCRASH" core "$work/program" "$core" >"$work/read" 2>"$work/errors" || {
	cat "$work/errors"
	failed=$((failed + 1))
}
# Older runtimes make a fatal error of it, on the scheduler's stack.
is cause 'SIGSEGV: segmentation violation' "$work/read"
is cause 'addr=0x8' "$work/read"
sed -n '/^main.main()/q;p' "$work/read" >"$work/first"
is 'a C function' '^fault$' "$work/first"
is 'its line' '/native/main.go:[0-9]* pc=0x' "$work/first"
is 'Go below it' '^main._Cfunc_fault(' "$work/first"
checked=$((checked + 1))
[ "$(grep -c '^fault$' "$work/first")" -eq 4 ] || {
	failed=$((failed + 1))
	echo 'not four frames of fault:'
	cat "$work/first"
}
"$GOCRASH" core --c-frames "$work/program" "$core" >"$work/read" 2>"$work/errors"
is 'a goroutine asleep in C' '^rest$' "$work/read"
strip -o "$work/stripped" "$work/program" 2>/dev/null &&
	"$GOCRASH" core "$work/stripped" "$core" >"$work/read" 2>"$work/errors" &&
	is 'stripped: only addresses' '^non-Go function at pc=0x' "$work/read"

# A signal that somebody sends finds C code at work: that did not fail, and the
# runtime prints no frame of it.
die quit
"$GOCRASH" core "$work/program" "$core" >"$work/read" 2>"$work/errors"
is 'the signal that was sent' '^SIGQUIT: quit' "$work/read"
is 'the goroutine it found in C' '^main._Cfunc_raise(' "$work/read"
checked=$((checked + 1))
! grep -q '^raise$\|^non-Go' "$work/read" || {
	failed=$((failed + 1))
	echo 'frames of C that did not fail:'
	head -n 30 "$work/read"
}

# A thread of C's own dies: no goroutine had called it.
die thread
"$GOCRASH" core "$work/program" "$core" >"$work/read" 2>"$work/errors"
sed '/^runtime\.goexit/q' "$work/read" >"$work/first"
is 'the thread'\''s C' '^alone$' "$work/first"
checked=$((checked + 1))
[ "$(grep -c '^fault$' "$work/first")" -eq 3 ] || {
	failed=$((failed + 1))
	echo 'not three frames of fault:'
	cat "$work/first"
}

# The registers that the signal found are further up then: what the goroutine
# was doing is below the handler's frames.
die between
"$GOCRASH" core "$work/program" "$core" >"$work/read" 2>"$work/errors"
is 'the signal behind a handler of C' '^SIGQUIT: quit' "$work/read"
pc=$(sed -n 's/^PC=\([^ ]*\) .*/\1/p' "$work/printed" | head -n 1)
is 'where it came' "^PC=$pc " "$work/read"
awk -f "$here/data/gocores/compare.awk" "$work/read" "$work/printed" \
	>"$work/compared"
is 'goroutines as the runtime printed them' \
	'[1-9] identical, 0 below, 0 different, 0 missing' "$work/compared"
echo "$checked checked, $failed failed"
[ "$failed" -eq 0 ]
