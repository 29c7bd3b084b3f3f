#!/bin/sh
# What call sites tell, against what the programs say themselves: random calls
# with constants, of which nearly all must be recovered; random programs that
# compute what they pass, and calls of every shape, of which as much as can be.
# Of what is recovered nothing may be wrong, in any build.
#
# usage: GO=go GOCRASH=build/release/gocrash PROBE=build/release/tests/probe_callsite \
#	tests/live_callsite.sh
# SEED=n repeats a run (each draws a fresh seed and tells it); CONSTANT=2 and
# WILD=12 are how many programs of a kind are built; FIGURES=only prints one line.
set -u
GO=${GO:-go}
GOCRASH=${GOCRASH:-build/release/gocrash}
PROBE=${PROBE:-$(dirname "$GOCRASH")/tests/probe_callsite}
CONSTANT=${CONSTANT:-2}
WILD=${WILD:-12}
FIGURES=${FIGURES:-}
SEED=${SEED:-$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
checked=0
failed=0

export GO111MODULE=off GOFLAGS='' CGO_ENABLED=0
version=$("$GO" env GOVERSION) || exit 1
minor=${version#go1.}
minor=${minor%%[!0-9]*}
minor=${minor:-0} # before go1.16 it does not tell
[ "$FIGURES" = only ] || echo "live callsite: seed $SEED, $version"

[ -x "$PROBE" ] || {
	echo "live callsite: no $PROBE: this build reads no binaries"
	echo '1 checked, 0 failed'
	exit 0
}
"$GO" build -o "$work/gen" "$here/data/callsite/gen/main.go" || exit 1

# probe NAME PROGRAM ARGUMENT [SOURCE]: one crash, its counts added to NAME
probe() {
	"$work/$2" "$3" >"$work/stdout" 2>"$work/stderr"
	checked=$((checked + 1))
	"$PROBE" -q "$work/$2" "$work/stderr" ${4:+"$4"} >"$work/out" 2>&1 || {
		failed=$((failed + 1))
		echo "$1, argument $3:"
		cat "$work/out" "$work/stderr"
	}
	grep '^leaves ' "$work/out" >>"$work/$1.counts"
}

# build PROGRAM SOURCE FLAGS...
build() {
	program=$1
	source=$2
	shift 2
	"$GO" build "$@" -o "$work/$program" "$source"
}

# sum NAME: "LEAVES RECOVERED PARTS WRONG"
sum() {
	awk '{ l += $2; r += $4; p += $6; w += $8 }
		END { print l + 0, r + 0, p + 0, w + 0 }' "$work/$1.counts"
}

constants() {
	n=0
	while [ "$n" -lt "$CONSTANT" ]; do
		"$work/gen" constant $((SEED + n)) >"$work/constant.go"
		build constant "$work/constant.go" || exit 1
		i=0
		while [ "$i" -lt 40 ]; do
			probe constant constant "$i"
			i=$((i + 1))
		done
		n=$((n + 1))
	done
}

# The same program in several builds; stripped, its types are in its source.
wild() {
	n=0
	while [ "$n" -lt "$WILD" ]; do
		"$work/gen" wild $((SEED + n)) >"$work/wild.go"
		case $((n % 5)) in
		0) build wild "$work/wild.go" ;;
		1) build wild "$work/wild.go" -gcflags=-l ;;
		2) build wild "$work/wild.go" -gcflags=-B -buildmode=pie ;;
		3) build wild "$work/wild.go" -ldflags='-s -w' ;;
		4) build wild "$work/wild.go" -gcflags='-N -l' ;;
		esac || exit 1
		source=
		[ $((n % 5)) = 3 ] && source=$work/wild.go
		export GOTRACEBACK=single
		probe wild wild x "$source"
		export GOTRACEBACK=system
		probe wild wild x "$source"
		unset GOTRACEBACK
		n=$((n + 1))
	done
}

shapes() {
	[ "$minor" -ge 18 ] || return 0
	for flags in '' '-N -l'; do
		build shapes "$here/data/callsite/shapes/main.go" \
			-gcflags="$flags" || exit 1
		# shellcheck disable=SC2013 # names without blanks
		for i in $(sed -n 's/^	"\([a-z0-9]*\)":.*/\1/p' \
			"$here/data/callsite/shapes/main.go"); do
			probe shapes shapes "$i"
		done
	done
}

# With C in it, where there is a compiler for that.
with_c() {
	export CGO_ENABLED=1
	for flags in -buildmode=exe -buildmode=pie -ldflags=-linkmode=external; do
		build cgo "$here/data/callsite/cgo/main.go" "$flags" \
			2>/dev/null || break
		for i in types back crash after; do
			for GOTRACEBACK in single system; do
				export GOTRACEBACK
				probe cgo cgo "$i"
			done
		done
	done
	unset GOTRACEBACK
	export CGO_ENABLED=0
}

# says PATTERN|-PATTERN: what explain --all prints of the shape $1 has such a line,
# or none.
says() {
	"$work/shapes" "$1" >"$work/stdout" 2>"$work/stderr"
	"$GOCRASH" explain --all --binary="$work/shapes" "$work/stderr" >"$work/out"
	checked=$((checked + 1))
	grep -Eq -e "${2#-}" "$work/out"
	found=$?
	case $2 in
	-*) found=$((1 - found)) ;;
	esac
	[ "$found" = 0 ] && return
	failed=$((failed + 1))
	echo "shape $1: not as '$2' says:"
	cat "$work/out"
}

# Types of instances, and values that only look exact. Built with -N -l above.
told() {
	[ "$minor" -ge 18 ] || return 0
	says insti64 'v +go.shape.int64[_0-9]* +-42 +exact'
	says instu64 'v +go.shape.uint64[_0-9]* +42 +exact'
	says instf64 'v +go.shape.float64[_0-9]* +2.5 +exact'
	says quiet '-\.dict'
	says bquiet '-\.dict'
	says unread 'big .*a: 11, b: 12, c: 13, d: 14, e: 15. +exact'
	build shapes "$here/data/callsite/shapes/main.go" || exit 1
	says insti64 'v +go.shape.int64[_0-9]* +-42 +recovered'
	says instf64 'v +go.shape.float64[_0-9]* +2.5 +recovered'
	says strung '\[1\] +string +"second" +recovered'
	says bquiet 'b +\*main.box.* +&local\(main\..*, sp\+0x[0-9a-f]+\) +recovered'
	says unread '-^ +big .*b: ([^1]|1[^2]).* +exact'
}

# What explain makes of it: with all recovered, no word on what is stale.
explained() {
	build example "$here/../go-examples/example1/example1.go" || exit 1
	"$work/example" 2>"$work/stderr"
	"$GOCRASH" explain --binary="$work/example" "$work/stderr" >"$work/out"
	checked=$((checked + 1))
	if [ "$(grep -c '  recovered$' "$work/out")" != 3 ] ||
		! grep -q '"hello" .*recovered:' "$work/out" ||
		! grep -q ' LEAQ 0x[0-9a-f]*(SB), DI at main.main' "$work/out" ||
		grep -Eq 'stale|unmarked|-N -l' "$work/out"; then
		failed=$((failed + 1))
		echo 'explain example1:'
		cat "$work/out"
	fi
}

if [ "$minor" -lt 17 ]; then
	[ "$FIGURES" = only ] && exit
	echo "$version passes arguments on the stack"
	echo '1 checked, 0 failed'
	exit 0
fi
constants
if [ "$FIGURES" != only ]; then
	wild
	shapes
	with_c
	told
	explained
fi
# shellcheck disable=SC2046 # four numbers
set -- $(sum constant)
echo "call sites, $version: $2 of $1 stale leaves recovered, $3 parts compared, $4 wrong"
[ "$FIGURES" = only ] && exit
checked=$((checked + 1))
[ $(($2 * 100)) -ge $(($1 * 95)) ] || {
	failed=$((failed + 1))
	echo 'fewer than 95 in 100'
}
for kind in wild shapes cgo; do
	[ -f "$work/$kind.counts" ] || continue
	# shellcheck disable=SC2046 # four numbers
	set -- $(sum $kind)
	echo "$kind: $2 of $1 leaves recovered, $3 parts compared, $4 wrong"
done
echo "$checked checked, $failed failed"
[ "$failed" -eq 0 ]
