#!/bin/sh
# Cores of many goroutines: how long all their stacks take, and with --locals all
# their variables, beside Delve's in the same run; memory beyond the mapped files;
# whether it is linear. Cores are gcore's, since the runtime takes longer to print so
# many goroutines than this whole run.
#
# usage: GO=go GOCRASH=build/release/gocrash tests/bench_core.sh
# COUNTS='10000 100000' goroutines; with 1000000 it needs 8 GB of disk, 5 of memory
# and a minute or two. DLV is the Delve; without it Debian's with Debian's Go, else
# the one that the lessons have built for GO, else one on PATH. It reads the first
# core alone, at some 0.6 ms a goroutine, with variables at 2. RUNS=5 of each, of
# which the best counts.
set -u
GO=${GO:-go}
GOCRASH=${GOCRASH:-build/release/gocrash}
COUNTS=${COUNTS:-10000 100000}
RUNS=${RUNS:-5}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) || exit 1
child=
trap '[ -z "$child" ] || kill -KILL "$child" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
export GO111MODULE=off GOFLAGS='' CGO_ENABLED=0 GOENV=off

for needed in gcore "$GO"; do
	command -v "$needed" >/dev/null && continue
	echo "core: no $needed here, nothing measured"
	exit 0
done

# A core and the text of it, beside what every process has.
has_room() {
	room=$(df -Pk "$work" | awk 'NR == 2 { print $4 }')
	[ "$room" -gt $((2500000 + 8 * $1)) ] && return
	echo "core: only $room kB free, $1 goroutines not measured"
	return 1
}

# Debian's Delve knows Debian's Go.
find_delve() {
	older=/usr/lib/go-1.19/bin/go
	if [ -z "${DLV:-}" ] && [ -x "$older" ] && [ -x /usr/bin/dlv ]; then
		GO=$older
		DLV=/usr/bin/dlv
	fi
	minor=$("$GO" env GOVERSION | sed -n 's/.*go1\.\([0-9][0-9]*\).*/\1/p')
	for name in "${DLV:-}" "build/dlv/go1.$minor/dlv" dlv; do
		[ -n "$name" ] && DLV=$(command -v "$name") && return
	done
	DLV=
}

find_delve
(cd "$here/data/gocores/oracle" && "$GO" build -o "$work/program" .) || exit 1

now() {
	date +%s%N
}

take() {
	rm -f "$work"/core* "$work/said"
	env -i "$work/program" stay "$1" >"$work/said" 2>&1 &
	child=$!
	tries=0
	until grep -q ready "$work/said"; do
		tries=$((tries + 1))
		[ "$tries" -lt 1200 ] || return 1
		sleep 0.1
	done
	gcore -o "$work/core" "$child" >"$work/gcore" 2>&1
	kill -KILL "$child"
	wait "$child" 2>/dev/null
	mv "$work/core.$child" "$work/core"
	child=
}

# The most memory of its own that it has, in kB, looked at again and again.
own_memory() {
	"$GOCRASH" core "$@" "$work/program" "$work/core" >"$work/read" &
	reader=$!
	most=0
	while kb=$(awk '/^RssAnon/ { print $2 }' "/proc/$reader/status" \
		2>/dev/null) && [ -n "$kb" ]; do
		[ "$kb" -le "$most" ] || most=$kb
	done
	wait "$reader"
	echo "$most"
}

# Of all children so far, in ms.
use() {
	times >"$work/times"
	used=$(awk 'NR == 2 { gsub(/[ms]/, " ")
		print int(1000 * (60 * ($1 + $3) + $2 + $4)) }' "$work/times")
}

measure() {
	best=
	use
	before=$used
	for _ in $(seq "$RUNS"); do
		start=$(now)
		"$GOCRASH" core "$@" "$work/program" "$work/core" \
			>"$work/read" || exit 1
		took=$((($(now) - start) / 1000))
		[ -n "$best" ] && [ "$best" -le "$took" ] || best=$took
	done
	use
	spent=$(((used - before) / RUNS))
}

# How long Delve takes for a command, in us.
time_delve() {
	printf '%s\nexit\n' "$1" >"$work/commands"
	start=$(now)
	"$DLV" core "$work/program" "$work/core" \
		--allow-non-terminal-interactive=true \
		--init "$work/commands" >"$work/delve" 2>&1
	took=$((($(now) - start) / 1000))
	listed=$(grep -c '^[* ] Goroutine' "$work/delve")
}

# beside_delve COUNT WHAT COMMAND
beside_delve() {
	if [ -z "$DLV" ]; then
		echo "core: no Delve here (DLV=), not compared"
		return 1
	fi
	time_delve "$3"
	if [ "$listed" -lt "$1" ]; then
		echo "core: $DLV lists $listed goroutines, not compared:" \
			"$(grep -m 1 -i version "$work/delve")"
		return 1
	fi
	echo "core: $2, Delve: $((took / 1000)) ms," \
		"$((took / best)) times as long"
}

compare_names() {
	awk -f "$here/data/gocores/delve.awk" "$work/read" "$work/delve" |
		sed 's/^/core: names beside Delve: /'
}

# report WHAT GOROUTINES [OPTION]...: what was measured last.
report() {
	what=$1
	of=$2
	shift 2
	echo "core: $what of $of goroutines in $((best / 1000)) ms," \
		"$((best * 1000 / of)) ns each, $spent ms of CPU;" \
		"$(($(own_memory "$@") / 1024)) MB beyond the mapped files"
}

first=
for count in $COUNTS; do
	has_room "$count" || continue
	take "$count" || exit 1
	measure
	found=$(grep -c '^goroutine ' "$work/read")
	report stacks "$found"
	[ -n "$first" ] ||
		! beside_delve "$count" stacks 'goroutines -t 200' ||
		compare_names
	measure --locals
	report variables "$found" --locals
	[ -n "$first" ] ||
		beside_delve "$count" variables \
			'goroutines -exec stack 200 -full'
	first=no
done
