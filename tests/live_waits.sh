#!/bin/sh
# Programs that wait for things they print the addresses of, and hold locks and
# say so, built by one toolchain and dumped in three ways. What gocrash calls
# exact has to be in the program's key; what that release shows in that kind of
# dump has to be found; likely holders and cycles are those of the key.
#
# usage: GO=go GOCRASH=build/release/gocrash tests/live_waits.sh
set -u
GO=${GO:-go}
gocrash=$(realpath "${GOCRASH:-build/release/gocrash}")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
checked=0
failed=0

version=$("$GO" env GOVERSION) || exit 1
minor=${version#go1.}
minor=${minor%%[!0-9]*}

command -v jq >/dev/null || {
	echo 'live waits: no jq (make setup installs it)' >&2
	exit 1
}
cp -r "$here/data/waits/main.go" "$here/data/waits/go.mod" "$work" &&
	(cd "$work" && "$GO" build -o waits .) || exit 1
(cd "$work" && GOARCH=386 CGO_ENABLED=0 "$GO" build -o waits386 .) || exit 1

complain() {
	failed=$((failed + 1))
	echo "FAILED: $title: $1"
}

# What gocrash says, one fact a line, in the words of the key.
facts() {
	# shellcheck disable=SC2016 # dollars of jq
	jq -r '.waits | (.kinds[] | select(.kind == "nil channel") |
			.roles | to_entries[] | "wait nil-channel \(.key) - \(.value)"),
		(.things[] | select(.certainty == "exact") | . as $t |
			(.kind | gsub(" "; "-")) as $kind |
			(.roles | to_entries[] |
				"wait \($kind) \(.key) \($t.address) \(.value)"),
			(.holders[]? | select(.certainty == "likely") |
				"holder \($kind) \($t.address) \(.goroutine)")),
		(.cycles[] | select(.certainty == "likely") |
			"cycle \([.locks[].address] | sort | join(" "))")'
}

# The key as gocrash would say it: cycles start anywhere.
key() {
	awk '$1 == "cycle" {
		for (i = 2; i <= NF; i++)
			print $i | "sort"
		close("sort")
		next
	}
	{ print }' "$1" >"$1.lines"
	awk '/^0x/ { cycle = cycle " " $0; next }
		{ print }
		END { if (cycle) print "cycle" cycle }' "$1.lines"
}

# Is a line of the key shown by this release in this kind of dump?
shown() {
	case $1 in
	'wait '*' - '*)
		[ "${1#wait nil}" != "$1" ]
		return
		;;
	esac
	# An optimised build marks the word that leads there.
	[ "${1#holder once}" = "$1" ] || [ "$program" = waits386 ] || return
	[ "$how" = quit ] && [ "$minor" -ge 19 ] && return
	case $1 in
	*' channel '*) return 1 ;;
	*' rwmutex '*) [ "$program" = waits386 ] ;;
	*' waitgroup '*) [ "$program" = waits386 ] || [ "$minor" -ge 25 ] ;;
	esac
}

# Where the runtime's frames are left out, some of those that wait on a channel
# are shown by frames of reflect, the others are not.
is_true() {
	grep -qxF "$1" "$work/expected" && return
	[ "$how" != quit ] || [ "$minor" -lt 19 ] || return
	case $1 in
	*' channel '*) grep -qF "${1% *} " "$work/expected" ;;
	*) false ;;
	esac
}

# Goroutines of the runtime's own that show themselves.
# Go unique/handle.go registerCleanup, go1.23 and go1.24.
is_runtimes() {
	[ "$minor" -eq 23 ] || [ "$minor" -eq 24 ] || return
	case $1 in
	'wait channel receives '*' 1') [ "$how" = quit ] ;;
	*) false ;;
	esac
}

judge() {
	key "$work/key" >"$work/expected"
	if ! "$gocrash" goroutines --groups --json --go="1.$minor" \
		--arch="$arch" "$work/dump" >"$work/json"; then
		complain 'gocrash failed'
		return
	fi
	facts <"$work/json" >"$work/facts"
	# Descriptors have addresses that no program knows.
	grep -v '^wait descriptor\|^holder descriptor' "$work/facts" |
		while read -r fact; do
			is_true "$fact" || is_runtimes "$fact" ||
				echo "not in the key: $fact"
		done >"$work/wrong"
	while read -r line; do
		shown "$line" || continue
		grep -qxF "$line" "$work/facts" || echo "not found: $line"
	done <"$work/expected" >>"$work/wrong"
	[ ! -s "$work/wrong" ] || complain "$(cat "$work/wrong")"
}

for program in waits waits386; do
	arch=amd64
	[ "$program" = waits ] || arch=386
	"$work/$program" none none >/dev/null 2>&1 || continue
	for scene in kinds holder deferred self order2 order3 readers; do
		for how in quit stack panic; do
			title="$version $program $scene $how"
			checked=$((checked + 1))
			GOTRACEBACK=all "$work/$program" $scene $how \
				>"$work/key" 2>"$work/dump"
			judge
		done
	done
done
echo "$checked checked, $failed failed"
[ "$failed" -eq 0 ]
