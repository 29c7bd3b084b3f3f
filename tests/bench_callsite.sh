#!/bin/sh
# How much of what a trace lost is recovered from call sites, by release: one
# line for each Go on this machine since go1.17, downloaded toolchains included.
# SEED=n and CONSTANT=n (programs of 40 calls) as in live_callsite.sh.
set -u
here=$(cd "$(dirname "$0")" && pwd)

toolchains() {
	modules=$("${GO:-go}" env GOMODCACHE 2>/dev/null)
	for path in "${GO:-go}" go /usr/lib/go-*/bin/go \
		"$modules"/golang.org/toolchain@*/bin/go; do
		path=$(command -v "$path") && [ -f "$path" ] &&
			readlink -f "$path"
	done | awk '!seen[$0]++'
}

unset GOROOT GODEBUG GOTRACEBACK GOARCH GOOS GOPATH
export GOTOOLCHAIN=local GOPROXY=off GOENV=off GOFLAGS=''
SEED=${SEED:-1} CONSTANT=${CONSTANT:-2}
export SEED CONSTANT
for go in $(toolchains); do
	GO=$go FIGURES=only sh "$here/live_callsite.sh" | grep '^call sites'
done | sort -t . -k 2n
exit 0
