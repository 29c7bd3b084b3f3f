#!/bin/sh
# How long explaining a crash takes with its program at hand: Go's own compiler
# (some 30 MB with its DWARF), stopped by SIGQUIT. Best of ten, and whether 100 MB
# of address space are enough, the program's own bytes included.
set -u
GO=${GO:-go}
GOCRASH=${GOCRASH:-build/release/gocrash}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

command -v "$GO" >/dev/null || exit 0
GOFLAGS='' GOTOOLCHAIN=local "$GO" build -o "$work/compile" cmd/compile || exit 1
mkfifo "$work/source.go" || exit 1
"$work/compile" -p main -o "$work/main.o" "$work/source.go" 2>"$work/dump" &
compiler=$!
# It waits for its source; who opens the other end lets it begin to read.
exec 3>"$work/source.go"
sleep 0.3
kill -QUIT "$compiler"
wait "$compiler"
exec 3>&-
size=$(wc -c <"$work/compile")

explain() {
	"$GOCRASH" explain --all --binary="$work/compile" "$work/dump" >/dev/null
}

explain || exit 1
best=
for _ in 1 2 3 4 5 6 7 8 9 10; do
	start=$(date +%s%N)
	explain
	took=$((($(date +%s%N) - start) / 1000))
	[ -n "$best" ] && [ "$best" -le "$took" ] || best=$took
done
(
	# shellcheck disable=SC3045 # where sh has no -v, it says so
	ulimit -v 102400
	explain
) && enough=yes || enough=no
echo "explain --binary: $((size / 1000000)) MB program: $((best / 1000)) ms; 100 MB enough: $enough"
