#!/bin/sh
# A busy server of this Go's making, under load from hey, is told to dump. What
# gocrash counts and groups is held against what awk finds in the same text, read
# in a way of its own: keys of goroutines, written out and sorted.
set -u
go=${1:-${GO:-go}}
gocrash=$(realpath "${GOCRASH:-build/release/gocrash}")
work=${WORK:-$(mktemp -d)}
examples=$(realpath go-examples)
checked=0
failed=0
server=
load=

# same WHAT GOT WANT
same() {
	checked=$((checked + 1))
	[ "$2" = "$3" ] && return
	failed=$((failed + 1))
	echo "FAILED: $1 is '$2', not '$3'"
}

# Whatever happens, nothing is left running.
finish() {
	[ -z "$load" ] || kill "$load" 2>/dev/null
	[ -z "$server" ] || kill -KILL "$server" 2>/dev/null
}
trap finish EXIT

# serve LEVEL: starts the server, sets $url.
serve() {
	GOTRACEBACK=$1 ./godebug -port 0 -delay 3ms leak >said 2>dump.txt &
	server=$!
	for _ in $(seq 100); do
		url=$(sed -n 's/.*Listening on: \(http:[^ ]*\).*/\1/p' said)
		[ -z "$url" ] || return 0
		sleep 0.1
	done
	return 1
}

# connections PORT: that are established, by the kernel's tables.
connections() {
	cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
		awk -v port="$(printf ':%04X' "$1")" \
			'$4 == "01" && $2 ~ port "$" { n++ } END { print n + 0 }'
}

# dump_at LEVEL: into dump.txt, in the middle of the load.
dump_at() {
	serve "$1" || return 1
	hey -m POST -c 40 -z 20s "$url/sendjson" >hey.txt 2>&1 &
	load=$!
	for _ in $(seq 100); do
		[ "$(connections "${url##*:}")" -lt 40 ] || break
		sleep 0.1
	done
	sleep 1
	kill -QUIT "$server"
	wait "$server" 2>/dev/null
	server=
	kill "$load" 2>/dev/null
	wait "$load" 2>/dev/null
	load=
}

# "COUNT MINUTES-LEAST MINUTES-MOST" of each group, sorted, the largest first.
sizes_by_awk() {
	awk '
	function finish() {
		if (!inside)
			return
		inside = 0
		# Goroutine 0 is the scheduler; what a thread was running is
		# printed again at the end, then with its stack.
		if (id == 0 || (id in seen && (seen[id] == "" || frames == "")))
			return
		if (id in seen)
			count[seen[id]]--
		key = state "|" elided "|" frames "|" creator
		if (!(key in count) || minutes < least[key])
			least[key] = minutes
		if (minutes > most[key])
			most[key] = minutes
		count[key]++
		if (state == "running" || state == "syscall")
			seen[id] = frames == "" ? key : ""
	}
	/^goroutine [0-9]+ .*\]:$/ {
		finish()
		inside = 1
		id = $2
		frames = creator = name = ""
		elided = minutes = 0
		state = $0
		sub(/^[^[]*\[/, "", state)
		sub(/\]:$/, "", state)
		if (match(state, /, [0-9]+ minutes/))
			minutes = substr(state, RSTART + 2) + 0
		sub(/,.*/, "", state)
		sub(/ \((scan|leaked)\)/, "", state)
		next
	}
	!NF { finish() }
	!inside { next }
	/^\.\.\..*frames elided/ { elided = 1; next }
	/^\t/ && name != "" {
		split($1, parts, "/")
		for (last = 1; (last + 1) in parts; last++)
			;
		if (name ~ /^created by /)
			creator = name " " parts[last]
		else
			frames = frames name " " parts[last] ";"
		delete parts
		name = ""
		next
	}
	/^created by / {
		name = $1 " " $2 " " $3
		next
	}
	!/^\t/ {
		name = $0
		sub(/\([^()]*\)$/, "", name)
	}
	END {
		finish()
		for (key in count)
			if (count[key] > 0)
				print count[key], least[key], most[key]
	}' dump.txt | sort -k1,1nr -k2,2n -k3,3n
}

# The same of what gocrash writes, a goroutine a line.
sizes_by_gocrash() {
	"$gocrash" goroutines --json dump.txt | awk '
	{
		match($0, /"minutes":[0-9]+/)
		minutes = substr($0, RSTART + 10) + 0
		match($0, /"fingerprint":"[0-9a-f]+"/)
		key = substr($0, RSTART, RLENGTH)
		if (!(key in count) || minutes < least[key])
			least[key] = minutes
		if (minutes > most[key])
			most[key] = minutes
		count[key]++
	}
	END {
		for (key in count)
			print count[key], least[key], most[key]
	}' | sort -k1,1nr -k2,2n -k3,3n
}

check_dump() {
	sizes_by_awk >want
	headers=$(awk '{ sum += $1 } END { print sum + 0 }' want)
	same "$1: goroutines of the load" "$([ "$headers" -ge 20 ] && echo many)" many
	sizes_by_gocrash >got
	same "$1: groups" "$(diff want got | head -n 5)" ''
	same "$1: goroutines in them" "$(awk '{ sum += $1 } END { print sum }' got)" "$headers"
	"$gocrash" goroutines --format=folded dump.txt >folded
	same "$1: goroutines folded" "$(awk '{ sum += $NF } END { print sum }' folded)" "$headers"
	"$gocrash" goroutines --format=html dump.txt >page.html
	same "$1: goroutines on the page" "$(sed -n 's/.* data-n="\([0-9]*\)".*/\1/p' page.html |
		awk '{ sum += $1 } END { print sum }')" "$headers"
	same "$1: leaks by their function" \
		"$(grep -c '\[chan send\]' folded)" "$(awk '/^goroutine .*\[chan send/ { n = 1 } END { print n + 0 }' dump.txt)"
}

command -v hey >/dev/null || {
	echo 'skipped: a server under load (there is no hey)'
	echo '1 checked, 0 failed'
	exit 0
}
cd "$work" || exit 1
cp "$examples/go.mod" "$examples"/godebug/*.go .
"$go" build -o godebug . || same build 1 0
for level in all crash; do
	# shellcheck disable=SC3045 # where there is none, a core is left
	ulimit -c 0 2>/dev/null
	dump_at "$level" || same "$level: the server" stopped started
	check_dump "$level"
done
echo "$checked checked, $failed failed"
[ "$failed" -eq 0 ]
