#!/bin/sh
# Variables out of cores: random functions with known parameters and locals, each
# stopped in a goroutine of its own, of which a core is taken; see
# data/gocores/locals. No value called exact or recovered may be another one, and no
# variable may have a value before it was declared.
#
# usage: GO=go GOCRASH=build/release/gocrash tests/live_locals.sh
# SEED=n repeats a run (each draws a fresh seed and tells it), CASES=60 is how many
# functions a program has, KEEP=folder gets program, core and key of a failure.
title='live locals'
# shellcheck source=tests/coretest.sh
. "$(dirname "$0")/coretest.sh"
CASES=${CASES:-60}
SEED=${SEED:-$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')}
export GO111MODULE=off GOFLAGS='' CGO_ENABLED=0 GOENV=off

fail() {
	failed=$((failed + 1))
	echo "$*"
	[ -z "${KEEP:-}" ] || cp -r --sparse=always "$work/p" "$KEEP"
}

# judge NAME MOST GCFLAGS [OPTION]...: build, stop, read, compare; at least MOST per cent sure.
judge() {
	name=$1
	most=$2
	gcflags=$3
	shift 3
	(cd "$work/p" &&
		"$GO" build -gcflags="$gcflags" "$@" -o program .) || exit 1
	crash "$work/p" ./program || {
		echo "$name: no core here: $(cat /proc/sys/kernel/core_pattern)"
		return
	}
	checked=$((checked + 1))
	"$GOCRASH" core --locals --json "$work/p/program" "$core" \
		>"$work/p/read.json" || {
		fail "$name: gocrash failed"
		return
	}
	MOST=$most "$work/locals" check "$work/p/key.json" <"$work/p/read.json" \
		>"$work/p/verdict" || fail "$name: SEED=$SEED"
	cut -c 1-200 "$work/p/verdict" | sed "s/^/$name: /"
	checked=$((checked + 1))
	"$GOCRASH" core --locals "$work/p/program" "$core" >"$work/p/read"
	if [ ! -s "$work/p/read" ] || tr -d '\t\n' <"$work/p/read" |
		LC_ALL=C grep -q '[[:cntrl:]]'; then
		fail "$name: the text has control characters, or there is none"
	fi
}

mkdir "$work/p"
(cd "$here/data/gocores/locals" && "$GO" build -o "$work/locals" .) &&
	"$work/locals" make "$SEED" "$CASES" "$work/p" || exit 1
echo "live locals: seed $SEED, $("$GO" env GOVERSION)"
judge unoptimized 55 'all=-N -l'
judge optimized 0 ''
judge pie 0 '' -buildmode=pie

# Assignments that leave no trace: see data/gocores/placed.
placed() {
	rm -rf "$work/p"
	mkdir "$work/p"
	cp "$here/data/gocores/placed/main.go" "$work/p" &&
		"$work/locals" wants "$work/p/main.go" "$work/p/key.json" ||
		exit 1
	judge 'placed, unoptimized' 90 'all=-N -l'
	judge 'placed, optimized' 0 ''
}
placed

# Assignments done later than the source says: the old values are not sure.
late() {
	name="late, go build $*"
	flags=$*
	rm -rf "$work/late"
	mkdir "$work/late"
	(cd "$here/data/gocores/late" &&
		"$GO" build "$@" -o "$work/late/program" .) || exit 1
	crash "$work/late" ./program || return 0
	checked=$((checked + 1))
	"$GOCRASH" core --locals "$work/late/program" "$core" \
		>"$work/late/read" 2>"$work/late/errors" ||
		fail "$name: gocrash failed"
	grep -qF 'panicked with main.value{id: 7, name: "seven"}' \
		"$work/late/read" || fail "$name: not what it panicked with"
	[ "$flags" = '-ldflags=-s -w' ] && return
	[ "$(grep -c '^        func \(chosen\|counted\|summed\|swapped\)' \
		"$work/late/read")" -eq 12 ] || fail "$name: not all are there"
	if grep -E ' (name|count|sum|x|y) .* (exact|recovered)' "$work/late/read" |
		grep -vE '"three"|77|1(02|03|04) |x +string +"B"|y +string +"A"'; then
		fail "$name: an old value is called sure"
	fi
}
late
late -gcflags='all=-N -l'
late -ldflags='-s -w'

# What an argument that is not needed any more points to is there while a caller
# needs it; else it may have been freed.
held() {
	name="held"
	rm -rf "$work/held"
	mkdir "$work/held"
	(cd "$here/data/gocores/held" &&
		"$GO" build -o "$work/held/program" .) || exit 1
	crash "$work/held" ./program || return 0
	checked=$((checked + 1))
	"$GOCRASH" core --locals "$work/held/program" "$core" >"$work/held/read" ||
		fail "$name: gocrash failed"
	sed -n 's/^ *name  *string  *"\(.*\)!"  *\([a-z]*\)$/\1 \2/p' \
		"$work/held/read" | sort >"$work/held/names"
	# Flat words are arguments for as long as the function runs.
	case $("$GO" env GOVERSION) in
	go1.1[67]*) dropped='dropped [a-z]*' ;;
	*) dropped='dropped stale' ;;
	esac
	tr '\n' ' ' <"$work/held/names" | grep -qx "$dropped kept exact " ||
		fail "$name: $(cat "$work/held/names")"
}
held

# Floats in registers, where a preemption or a signal has saved those; before go1.21
# DWARF does not place them. One that was stopped at its first instruction has not
# got that far: then it is run again.
vectors() {
	name="vectors $*"
	checked=$((checked + 1))
	for try in 1 2 3 4 5; do
		spin "$@" || return 0
		case $("$GO" env GOVERSION) in go1.2[1-9]*) ;; *) return 0 ;; esac
		[ "$(grep -cE "exact|recovered" "$work/vectors/floats")" -lt 6 ] || return 0
	done
	fail "$name: $try times: $(cat "$work/vectors/floats")"
}

spin() {
	rm -rf "$work/vectors"
	mkdir "$work/vectors"
	(cd "$here/data/gocores/vectors" &&
		"$GO" build -o "$work/vectors/program" .) || exit 1
	crash "$work/vectors" ./program "$@" || return 1
	"$GOCRASH" core --locals "$work/vectors/program" "$core" \
		>"$work/vectors/read" || fail "$name: gocrash failed"
	grep -A 16 '^        func spin' "$work/vectors/read" |
		grep -E '^        [abc]  float' >"$work/vectors/floats"
	! grep -E 'exact|recovered' "$work/vectors/floats" |
		grep -vE ' (-?1\.5|20?\.25|30?\.75) ' && return 0
	fail "$name: a value is another one"
	return 1
}
vectors
vectors preempted

# Where no core is to be had, there is nothing to fail.
[ "$checked" -gt 0 ] || checked=1
echo "$checked checked, $failed failed"
[ "$failed" -eq 0 ]
