#!/bin/sh
# Sees to it that for each Go there is a Delve that accepts its programs, for the
# lessons that read cores with it. Delve refuses a program of a Go that is older
# or newer than it knows, so one that is installed may not do: then the right
# release is built by that Go into build/dlv/go1.N, where the lessons look first.
#
# usage: lessons/delve.sh [GO]...
#
# GO is a go command or the folder it is in; without one, the go on PATH. What is
# there already costs no more than asking each Go for its version. Where a Delve
# can be neither found nor built, that is said and is no failure: the lessons then
# read their cores with gocrash's own reader.
#
# Environment: DELVES, the folder to build into (default build/dlv).

set -u
LC_ALL=C
export LC_ALL

delves=${DELVES:-build/dlv}
patience=300 # seconds for a build

# Delve | the oldest and the newest Go 1.N it accepts. From Delve's own sources,
# pkg/goversion/compat.go, MinSupportedVersionOfGoMinor and Max...; the newest
# that a Delve 1.N accepts has always been Go 1.N.
accepted() {
	cat <<'EOT'
1.20 18 20
1.21 19 21
1.22 19 22
1.23 21 23
1.24 21 24
1.25 22 25
1.26 24 26
1.27 25 27
EOT
}

# Go 1.N | the release built for it: one that this Go can build, too.
wanted() {
	case $1 in
	18 | 19 | 20) echo v1.20.2 ;;
	21) echo v1.23.1 ;;
	22 | 23 | 24 | 25) echo v1.25.2 ;;
	26) echo v1.26.2 ;;
	27) echo v1.27.2 ;;
	esac
}

say() {
	printf 'setup: %s\n' "$*"
}

# The N of Go 1.N; nothing for what is no Go.
minor_of() {
	"$1" env GOVERSION 2>/dev/null |
		sed -n 's/.*go1\.\([0-9][0-9]*\).*/\1/p'
}

# The Delve on PATH, as 1.20; nothing where there is none.
on_path() {
	dlv version 2>/dev/null |
		sed -n 's/^Version: \([0-9]*\.[0-9]*\).*/\1/p'
}

# does ACCEPT MINOR: does this Delve accept programs of Go 1.MINOR?
does_accept() {
	accepted | while read -r delve least most; do
		[ "$delve" = "$1" ] && [ "$2" -ge "$least" ] &&
			[ "$2" -le "$most" ] && echo yes
	done | grep -q yes
}

# build GO MINOR RELEASE: in a folder beside, so that none is there in part.
build() {
	folder=$delves/go1.$2
	making=$delves/making.$$
	say "building Delve $3 for go1.$2, which takes a minute"
	mkdir -p "$making" && making=$(cd "$making" && pwd) || return 1
	env -u GOFLAGS -u GOOS -u GOARCH -u GODEBUG GOBIN="$making" \
		GOTOOLCHAIN=local GOWORK=off CGO_ENABLED=0 \
		timeout "$patience" "$1" install \
		"github.com/go-delve/delve/cmd/dlv@$3" >"$making/log" 2>&1 </dev/null
	if [ -x "$making/dlv" ]; then
		rm -rf "$folder" "$making/log"
		mv "$making" "$folder"
		return
	fi
	say "it could not be built: $(tail -n 1 "$making/log")"
	say 'lesson 8 reads its cores with gocrash then, and says so'
	rm -rf "$making"
	return 1
}

# provide GO
provide() {
	minor=$(minor_of "$1")
	[ -n "$minor" ] || return 0
	[ -x "$delves/go1.$minor/dlv" ] && return
	there=$(on_path)
	[ -n "$there" ] && does_accept "$there" "$minor" && return
	release=$(wanted "$minor")
	if [ -z "$release" ]; then
		say "no release of Delve is known here that accepts go1.$minor"
	else
		build "$1" "$minor" "$release" || true
	fi
}

[ $# -gt 0 ] || set -- go
for go in "$@"; do
	if [ -d "$go" ]; then
		go=$go/go
	fi
	provide "$go"
done
exit 0
