#!/bin/sh
# Delve beside the core reader: the same names of frames for the same goroutines;
# see data/gocores/delve.awk for what is known of Delve. With a Delve that accepts
# the Go under test: DLV, the one that `make setup` built for it, or the one on
# PATH; without any there is nothing to compare.
#
# usage: GO=go GOCRASH=build/release/gocrash tests/live_delve.sh
title='live delve'
# shellcheck source=tests/coretest.sh
. "$(dirname "$0")/coretest.sh"
COUNT=${COUNT:-200}
export GO111MODULE=off GOFLAGS='' CGO_ENABLED=0 GOENV=off

minor=$("$GO" env GOVERSION | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
delve=
for name in "${DLV:-}" "build/dlv/go1.$minor/dlv" dlv; do
	[ -n "$name" ] && delve=$(command -v "$name") && break
done
[ -n "$delve" ] || nothing 'no Delve on this machine'

(cd "$here/data/gocores/oracle" && "$GO" build -o "$work/program" .) || exit 1
crash "$work" ./program panic "$COUNT" ||
	nothing "no core here: $(cat /proc/sys/kernel/core_pattern)"
"$GOCRASH" core "$work/program" "$core" >"$work/read" || exit 1
printf 'goroutines -t 200\nexit\n' >"$work/commands"
HOME=$work "$delve" core "$work/program" "$core" \
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
