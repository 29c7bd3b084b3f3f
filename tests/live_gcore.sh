#!/bin/sh
# Cores that gdb's gcore took of a living program, against what the program wrote
# of its own goroutines before: their ids, kinds and arguments; see
# data/gocores/key.awk. It has to live on, too.
#
# usage: GO=go GOCRASH=build/release/gocrash tests/live_gcore.sh
# COUNT=100 is how many goroutines it has. A core of this kind takes 1 GB.
title='live gcore'
# shellcheck source=tests/coretest.sh
. "$(dirname "$0")/coretest.sh"
COUNT=${COUNT:-100}
child=
trap '[ -z "$child" ] || kill -KILL "$child" 2>/dev/null; rm -rf "$work"' EXIT

command -v gcore >/dev/null || nothing 'no gcore on this machine (gdb)'
room=$(df -Pk "$work" | awk 'NR == 2 { print $4 }')
[ "$room" -gt 4000000 ] || nothing "only $room kB free for a core"

# take: sets $core; the program is told to go on in any case.
take() {
	rm -rf "$work"/core.* "$work/said"
	env -i "$work/program" stay "$COUNT" "$work/key" >"$work/said" 2>&1 &
	child=$!
	tries=0
	until grep -q ready "$work/said"; do
		tries=$((tries + 1))
		[ "$tries" -lt 200 ] || return 1
		sleep 0.1
	done
	gcore -o "$work/core" "$child" >"$work/gcore" 2>&1
	kill -0 "$child" && kill -KILL "$child"
	alive=$?
	wait "$child" 2>/dev/null
	core=$work/core.$child
	child=
	[ "$alive" -eq 0 ] && [ -s "$core" ]
}

# examine NAME WORDS FLAGS...
examine() {
	name=$1
	words=$2
	shift 2
	(cd "$here/data/gocores/oracle" &&
		"$GO" build "$@" -o "$work/program" .) || return
	take || {
		echo "$name: no core: $(tail -n 1 "$work/gcore")"
		return
	}
	checked=$((checked + 1))
	"$GOCRASH" core "$work/program" "$core" >"$work/read" \
		2>"$work/errors" || {
		fail "$name: gocrash: $(head -n 1 "$work/errors")"
		return
	}
	awk -v words="$words" -f "$here/data/gocores/key.awk" "$work/key" \
		"$work/read" >"$work/judged"
	verdict=$(tail -n 1 "$work/judged")
	echo "$name: $verdict"
	case $verdict in
	*' goroutines, 0 wrong, '*) ;;
	*) fail "$(head -n 10 "$work/judged")" ;;
	esac
	# Without optimisation, the frames of go1.19 and older tell less.
	[ "$name" = unoptimized ] || examine_waits
}

# What each waits on; needs neither symbols nor DWARF.
examine_waits() {
	checked=$((checked + 1))
	"$GOCRASH" core --locals "$work/program" "$core" >"$work/read" \
		2>"$work/errors"
	awk -f "$here/data/gocores/waits.awk" "$work/key" "$work/read" \
		>"$work/judged"
	verdict=$(tail -n 1 "$work/judged")
	echo "$name: waits of $verdict"
	case $verdict in
	0* | *[1-9]*', '[1-9]*) fail "$(head -n 5 "$work/judged")" ;;
	esac
}

export GO111MODULE=off GOFLAGS='' CGO_ENABLED=0 GOENV=off
version=$("$GO" env GOVERSION)
case $version in
go1.1[0-6]*) plain=no typed=no ;;
go1.17*) plain=no typed=yes ;; # it does not mark what is stale
*) plain=yes typed=yes ;;
esac
examine unoptimized "$typed" -gcflags='all=-N -l'
examine stripped "$plain" -ldflags='-s -w'
# Where no core is to be had, there is nothing to fail.
[ "$checked" -gt 0 ] || checked=1
echo "$checked checked, $failed failed"
[ "$failed" -eq 0 ]
