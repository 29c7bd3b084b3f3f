#!/bin/sh
# Delve beside the core reader: the same names of frames for the same goroutines;
# see data/gocores/delve.awk for what is known of Delve. With a Delve that accepts
# the Go under test: DLV, the one that `make setup` built for it, or the one on
# PATH; without any there is nothing to compare.
#
# usage: GO=go GOCRASH=build/release/gocrash tests/live_delve.sh
set -u
GO=${GO:-go}
GOCRASH=${GOCRASH:-build/release/gocrash}
COUNT=${COUNT:-200}
here=$(cd "$(dirname "$0")" && pwd)
case $GOCRASH in /*) ;; *) GOCRASH=$PWD/$GOCRASH ;; esac
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
export GO111MODULE=off GOFLAGS='' CGO_ENABLED=0 GOENV=off

nothing() {
	echo "live delve: $1"
	echo '1 checked, 0 failed'
	exit 0
}

case $("$GOCRASH" core /dev/null /dev/null 2>&1) in
*'this build reads no'*) nothing 'this build reads no cores' ;;
esac
minor=$("$GO" env GOVERSION | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
delve=
for name in "${DLV:-}" "build/dlv/go1.$minor/dlv" dlv; do
	[ -n "$name" ] && delve=$(command -v "$name") && break
done
[ -n "$delve" ] || nothing 'no Delve on this machine'

(cd "$here/data/gocores/oracle" && "$GO" build -o "$work/program" .) || exit 1
(
	cd "$work" || exit 1
	# shellcheck disable=SC3045 # where sh has no -c, it says so
	ulimit -c unlimited
	exec env -i GOTRACEBACK=crash ./program panic "$COUNT"
) >/dev/null 2>&1
set -- "$work"/core*
[ -s "$1" ] || nothing "no core here: $(cat /proc/sys/kernel/core_pattern)"
"$GOCRASH" core "$work/program" "$1" >"$work/read" || exit 1
printf 'goroutines -t 200\nexit\n' >"$work/commands"
HOME=$work "$delve" core "$work/program" "$1" \
	--allow-non-terminal-interactive=true --init "$work/commands" \
	>"$work/delve" 2>&1
[ "$(grep -c '^[* ] Goroutine' "$work/delve")" -ge "$COUNT" ] ||
	nothing "$delve does not list go1.$minor: $(grep -m 1 -i version "$work/delve")"
awk -f "$here/data/gocores/delve.awk" "$work/read" "$work/delve" >"$work/verdict"
cat "$work/verdict"
# shellcheck disable=SC2046 # numbers and words
set -- $(tail -n 1 "$work/verdict")
# Newer ones lose the caller of a function without a frame that was interrupted,
# and list one goroutine that is none.
failed=0
[ "$1" -ge "$COUNT" ] && [ "$7" -le 2 ] && [ "$9" -le 1 ] || failed=1
echo "1 checked, $failed failed"
[ "$failed" -eq 0 ]
