#!/bin/sh
# Random Go programs against the decoder: functions called with known values
# crash in builds of one toolchain, and gocrash must not call a wrong value
# exact; where the trace holds the true values, every leaf must be right. The
# flat words of go1.16 and older are laid out by the Go compiler itself.
#
# usage: GO=go GOCRASH=build/release/gocrash tests/live_values.sh
# SEED=n repeats a run (each draws a fresh seed and tells it), CASES=60 is how
# many functions a program has. Where 386 programs do not run it is left out.
set -u
GO=${GO:-go}
GOCRASH=${GOCRASH:-build/release/gocrash}
CASES=${CASES:-60}
SEED=${SEED:-$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
checked=0
failed=0

version=$("$GO" env GOVERSION) || exit 1
minor=${version#go1.}
minor=${minor%%[!0-9]*}
echo "live values: seed $SEED, $version"

(cd "$here/data/gen" && GOFLAGS='' "$GO" build -o "$work/gen" .) &&
	mkdir "$work/p" &&
	"$work/gen" make "$SEED" "$CASES" "$minor" "$work/p" || exit 1

# build NAME GOARCH FLAGS
build() {
	(cd "$work/p" && GOARCH=$2 CGO_ENABLED=0 GOFLAGS='' "$GO" build \
		-gcflags="$3" -o "$work/$1" .)
}

# run PROGRAM CASE-PREFIX: the crashes of all cases, one after the other
run() {
	i=0
	while [ "$i" -lt "$CASES" ]; do
		"$work/$1" "$2$i" 2>&1
		echo
		i=$((i + 1))
	done
}

# judge MODE ARCH MINOR GO-OPTION FILE
judge() {
	checked=$((checked + 1))
	"$GOCRASH" explain --json --source="$work/p" --arch="$2" --go="$4" \
		"$5" >"$work/out.json" || {
		echo "gocrash failed on $1"
		failed=$((failed + 1))
		return
	}
	"$work/gen" check "$work/p/truth.json" "$1" "$3" <"$work/out.json" ||
		failed=$((failed + 1))
	# Told nothing, it knows less; the first law holds all the same.
	checked=$((checked + 1))
	if ! "$GOCRASH" explain --json --source="$work/p" "$5" \
		>"$work/out.json" ||
		! "$work/gen" check "$work/p/truth.json" default "$3" \
			<"$work/out.json" >"$work/blind.txt"; then
		echo "told neither architecture nor release:"
		cat "$work/blind.txt"
		failed=$((failed + 1))
	fi
}

for mode in default noopt; do
	flags=
	[ "$mode" = noopt ] && flags='-N -l'
	build "$mode" amd64 "$flags" || exit 1
	run "$mode" '' >"$work/$mode.txt"
	judge "$mode" amd64 "$minor" "1.$minor" "$work/$mode.txt"
done
run noopt flat >"$work/flat.txt"
judge flat amd64 "$minor" 1.16 "$work/flat.txt"
build 386 386 '' || exit 1
if "$work/386" none 2>/dev/null; then
	run 386 '' >"$work/386.txt"
	judge 386 386 "$minor" "1.$minor" "$work/386.txt"
	run 386 flat >"$work/flat386.txt"
	judge flat 386 "$minor" 1.16 "$work/flat386.txt"
fi
[ -n "${KEEP:-}" ] && cp -r "$work" "$KEEP"
[ "$failed" -eq 0 ] || echo "live values: repeat with SEED=$SEED"
echo "$checked checked, $failed failed"
[ "$failed" -eq 0 ]
