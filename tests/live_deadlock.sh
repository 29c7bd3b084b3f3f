#!/bin/sh
# Who holds which lock, of a core of goroutines that wait for each other's, against
# what the program itself wrote of them; see data/gocores/deadlock. Two locks are
# fields of structs that functions are given, two are fields of globals that no frame
# has the address of: those are told by the code.
#
# usage: GO=go GOCRASH=build/release/gocrash tests/live_deadlock.sh
title='live deadlock'
# shellcheck source=tests/coretest.sh
. "$(dirname "$0")/coretest.sh"
export GO111MODULE=off GOFLAGS='' CGO_ENABLED=0 GOENV=off

fail() {
	failed=$((failed + 1))
	echo "$*"
	sed -n '/^Waits/,/^Groups/p' "$work/read" | head -n 40
}

# examine KINDS FLAGS...: of these kinds all locks and both cycles have to be told;
# what is told of the others has to be so.
examine() {
	kinds=$1
	shift
	name="deadlock, go build $*"
	(cd "$here/data/gocores/deadlock" &&
		"$GO" build "$@" -o "$work/program" .) || exit 1
	crash "$work" ./program key || {
		echo "$name: no core here: $(cat /proc/sys/kernel/core_pattern)"
		return
	}
	checked=$((checked + 1))
	"$GOCRASH" goroutines --binary="$work/program" "$core" >"$work/read" || {
		fail "$name: gocrash failed"
		return
	}
	sed -n 's/^ *goroutine \([0-9]*\) likely holds \([0-9a-fx]*\) and waits for \([0-9a-fx]*\)$/\1 \2 \3/p' \
		"$work/read" | sort >"$work/told"
	awk '{ print $1, $3, $4 }' "$work/key" | sort >"$work/true"
	[ "$(wc -l <"$work/key")" -eq 4 ] || fail "$name: the key has not all four"
	[ -z "$(comm -23 "$work/told" "$work/true")" ] ||
		fail "$name: a cycle that is none: $(comm -23 "$work/told" "$work/true")"
	for kind in $kinds; do
		awk -v kind="$kind" '$2 == kind { print $1, $3, $4 }' "$work/key" |
			sort >"$work/wanted"
		[ -z "$(comm -13 "$work/told" "$work/wanted")" ] ||
			fail "$name: not told: $kind $(comm -13 "$work/told" "$work/wanted")"
	done
	echo "$name: $(wc -l <"$work/told") of 4 holders"
}

examine 'field global'
examine 'field global' '-gcflags=all=-N -l'
examine 'field global' -buildmode=pie
# No types: whose struct a lock is in cannot be told.
examine global '-ldflags=-s -w'

# Where no core is to be had, there is nothing to fail.
[ "$checked" -gt 0 ] || checked=1
echo "$checked checked, $failed failed"
[ "$failed" -eq 0 ]
