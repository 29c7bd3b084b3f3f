#!/bin/sh
# The course's steps by hand, on the programs as they are: built with `go build`,
# started, put under load with hey, stopped with SIGQUIT. Nothing listens when it
# ends.
#
# usage: GO=go WORK=… tests/live_examples.sh, or the Go as argument
set -u
go=${1:-${GO:-go}}
work=${WORK:-$(mktemp -d)}
top=$(pwd)
out=$work/out
server=
checked=0
failed=0
trap '[ -z "$server" ] || kill -KILL "$server" 2>/dev/null' EXIT

fail() {
	failed=$((failed + 1))
	echo "FAILED: $1"
	sed 's/^/    /' "$out"
}

# has PATTERN [FILE]: a line of it matches.
has() {
	checked=$((checked + 1))
	grep -q -- "$1" "${2:-$out}" || {
		failed=$((failed + 1))
		echo "FAILED: $title: no '$1' in ${2:-$out}"
		sed 's/^/    /' "${2:-$out}"
	}
}

# build NAME: as by hand, in a copy of the folder.
build() {
	title="build $1"
	mkdir -p "$work/examples"
	cp -r "$top/go-examples/$1" "$top/go-examples/go.mod" "$work/examples/"
	checked=$((checked + 1))
	(cd "$work/examples/$1" && "$go" build) >"$out" 2>&1 || fail "go build of $1"
}

# start COMMAND...: in the background; waits for its first line, sets $port.
start() {
	title="$*"
	: >"$out"
	"$@" >"$out" 2>"$work/err" &
	server=$!
	tries=0
	until grep -q 'localhost:[0-9]' "$out" || [ "$tries" -eq 100 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
	port=$(sed -n 's/.*localhost:\([0-9]*\).*/\1/p' "$out")
}

# gave STATUS WANTED
gave() {
	checked=$((checked + 1))
	[ "$1" -eq "$2" ] || fail "$title: status $1, not $2"
}

# ends STATUS: the server ends by itself with that status.
ends() {
	wait "$server"
	gave $? "$1"
	server=
}

# load ARGUMENT...: hey's report is in $out.
load() {
	timeout 60 hey "$@" >"$out" 2>&1
}

for name in example3 godebug crash; do
	build "$name"
done
examples=$work/examples

title=crash
(cd "$work" && GOTRACEBACK=crash "$examples/crash/crash") >"$out" 2>"$work/err"
gave $? 134
has '^key goroutines=0x4$'
has '^panic: order 1 was refused' "$work/err"

start "$examples/godebug/godebug" -port 0
has '^listener : Started : Listening on: http://localhost:[0-9]* : Leak\[false\]$'
title="a second server on port $port"
"$examples/example3/example3" -port "$port" >"$out" 2>&1
gave $? 1
has "^example3: port $port is in use"
title='a word it does not know'
"$examples/godebug/godebug" leek >"$out" 2>&1
gave $? 2
has '^usage: godebug'
if command -v hey >/dev/null; then
	title='hey on godebug'
	load -m GET -c 2 -n 10 "http://localhost:$port/sendjson"
	has '\[405\].10 responses'
	load -m POST -c 2 -n 10 "http://localhost:$port/else"
	has '\[404\].10 responses'
	load -m POST -c 8 -n 2000 "http://localhost:$port/sendjson"
	has '\[200\].2000 responses'
	title='hey outliving godebug'
	load -m POST -c 8 -n 100000 "http://localhost:$port/sendjson" &
	loader=$!
	sleep 1
	kill -QUIT "$server"
	title='godebug under load'
	ends 2
	has '^SIGQUIT: quit' "$work/err"
	has '^created by net/http.(\*Server).Serve' "$work/err"
	has '^r[a-z0-9]* ' "$work/err"
	wait "$loader"
	has 'connection refused'

	start "$examples/godebug/godebug" -port 0 leak
	has 'Leak\[true\]$'
	load -m POST -c 4 -n 1000 "http://localhost:$port/sendjson"
	has '\[200\].1000 responses'
	kill -QUIT "$server"
	title='godebug leak'
	ends 2
	checked=$((checked + 1))
	[ "$(grep -c '^main.check(' "$work/err")" -eq 10 ] ||
		fail 'godebug leak: not ten goroutines of a thousand requests'
else
	kill -QUIT "$server"
	ends 2
fi

# Where 4000 is free, that is the port.
if ! grep -qE ':0FA0 [0-9A-F]+:0000 0A' /proc/net/tcp; then
	start "$examples/example3/example3"
	has '^listener : Started : Listening on: http://localhost:4000$'
	kill -QUIT "$server"
	ends 2
	has '^SIGQUIT: quit' "$work/err"
fi
echo "$checked checked, $failed failed"
[ "$failed" -eq 0 ]
