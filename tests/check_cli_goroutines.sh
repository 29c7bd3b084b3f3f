#!/bin/sh
# `gocrash goroutines` at the command: the verdict, the groups, what filters
# leave, the lines of JSON, input it cannot use.
set -u
gocrash=$(realpath "${GOCRASH:-build/release/gocrash}")
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room" || exit 1
checked=0
failed=0
unset NO_COLOR

complain() {
	failed=$((failed + 1))
	echo "FAILED: $1"
	sed 's/^/    /' out err 2>/dev/null | head -n 40
}

# run STATUS COMMAND...: its output is in `out` and `err`.
run() {
	wanted=$1
	shift
	title="$*"
	checked=$((checked + 1))
	"$@" >out 2>err </dev/null
	status=$?
	[ "$status" -eq "$wanted" ] ||
		complain "$title: exit status $status, not $wanted"
}
out_has() {
	checked=$((checked + 1))
	grep -qF -- "$1" out || complain "$title: output without '$1'"
}
out_lacks() {
	checked=$((checked + 1))
	grep -qF -- "$1" out && complain "$title: output with '$1'"
}
err_has() {
	checked=$((checked + 1))
	grep -qF -- "$1" err || complain "$title: no message with '$1'"
}
lines() {
	checked=$((checked + 1))
	[ "$(wc -l <out)" -eq "$1" ] || complain "$title: not $1 lines"
}

# goroutine ID STATE FUNCTION WORD LINE
goroutine() {
	cat <<-EOF
		goroutine $1 [$2]:
		runtime.gopark(0x0?, 0x0?, 0x0?, 0x0?, 0x0?)
			/usr/local/go/src/runtime/proc.go:424 +0xce
		main.(*cache).$3($4, 0x2a, 0x$1?)
			/src/cache.go:$5 +0x25
		net/http.HandlerFunc.ServeHTTP(0x0?, {0x1?, 0x2?}, 0x3?)
			/usr/local/go/src/net/http/server.go:2220 +0x29
		net/http.serverHandler.ServeHTTP({0x4?}, {0x1?, 0x2?}, 0x3?)
			/usr/local/go/src/net/http/server.go:3210 +0x8e
		net/http.(*conn).serve(0xc000$1)
			/usr/local/go/src/net/http/server.go:2092 +0x5d0
		created by main.serve in goroutine $1
			/src/main.go:12 +0x4c5

	EOF
}

{
	printf 'SIGQUIT: quit\nPC=0x46e1a1 m=0 sigcode=0\n\n'
	goroutine 7 'sync.Mutex.Lock, 5 minutes' get 0xc00001c0c0 31
	for i in 10 11 12 13 14 15 16 17 18 19 20; do
		goroutine $i 'chan send' put 0xc0000${i}0 44
	done
	goroutine 21 'select labels:{"req": "GET /a, b", "t": "x]: \"q\""}' put 0xc0 50
	goroutine 22 'IO wait, 90 minutes' put 0xc0 60
	goroutine 23 'GC worker (idle)' put 0xc0 61
	printf 'rax    0x0\nrip    0x46e1a1\n'
} >dump.txt

run 0 "$gocrash" goroutines dump.txt
out_has 'SIGQUIT: quit'
out_has 'Goroutines 15 in 5 groups'
out_has 'Doing         11  chan send'
out_has 'Oldest     goroutine 22, for 90 min: IO wait'
out_has '1 in sync.Mutex.Lock for 5 min at main.(*cache).get cache.go:31'
out_has '11 in chan send at main.(*cache).put cache.go:44'
out_has '11  chan send  #10, 11, 12, 13, 14, …'
out_has 'main.(*cache).put(<11>, 0x2a, ?)'
out_has 'started by main.serve  main.go:12, in 11 goroutines'
out_has 'labels "req": "GET /a, b", "t": "x]: \"q\""'
out_lacks 'runtime.gopark'
# The largest group comes first, whatever the order of the dump.
checked=$((checked + 1))
[ "$(grep -nE '^(11  chan|1   sync)' out | head -n 1 | cut -c -80)" = \
	"$(grep -n '^11  chan' out)" ] || complain 'the largest group is not first'

run 0 "$gocrash" goroutines --all dump.txt
out_has 'runtime.gopark'
out_has 'net/http.serverHandler.ServeHTTP'

# What is given has to hold, all of it.
run 0 "$gocrash" goroutines --state=chan dump.txt
out_has 'Goroutines 11 in 1 group'
out_has '4 others do not pass the filters'
run 0 "$gocrash" goroutines --state=chan --function=get dump.txt
out_has 'Goroutines 0 in 0 groups'
run 0 "$gocrash" goroutines --function=.get --json dump.txt
lines 1
run 0 "$gocrash" goroutines --package=net/http --json dump.txt
lines 15
run 0 "$gocrash" goroutines --package=net/ht --json dump.txt
lines 0
run 0 "$gocrash" goroutines --package=net --json dump.txt
lines 15
run 0 "$gocrash" goroutines --min-age=5 --json dump.txt
lines 2
run 0 "$gocrash" goroutines --min-age=1h --json dump.txt
lines 1
run 0 "$gocrash" goroutines --max-age=5m --min-age=1 --json dump.txt
lines 1
run 0 "$gocrash" goroutines --id=7,21,999 --json dump.txt
lines 2
run 0 "$gocrash" goroutines --label=t --json dump.txt
lines 1
run 0 "$gocrash" goroutines '--label=req=GET /a, b' --json dump.txt
lines 1
run 0 "$gocrash" goroutines '--label=req=GET' --json dump.txt
lines 0
run 0 "$gocrash" goroutines --where '.id % 2 == 1 and .state == "chan send"' --json dump.txt
lines 5
run 0 "$gocrash" goroutines --where '.labels.req' --json dump.txt
lines 1
out_has '"labels":{"req":"GET /a, b","t":"x]: \"q\""}'
run 0 "$gocrash" goroutines --where 'any(.frames[]; .words[0].word == "0xc0000100")' --json dump.txt
lines 1
run 2 "$gocrash" goroutines --where '.id |' dump.txt
err_has '--where: '
run 1 "$gocrash" goroutines --where '.id | .x' dump.txt
err_has '--where fails on goroutine 7'
run 2 "$gocrash" goroutines --min-age=soon dump.txt
err_has "'soon' does not fit --min-age=MINUTES"
run 2 "$gocrash" goroutines --id=7, dump.txt
run 2 "$gocrash" goroutines --sort=size dump.txt

run 0 "$gocrash" goroutines --sort=age --top=1 dump.txt
out_has '1   IO wait, for 90 min  #22'
out_has 'and 4 groups more; --top=0 shows all'
out_lacks '#10, 11'

# A line is the goroutine as in the document of explain --json, and where it is.
run 0 "$gocrash" goroutines --json dump.txt
lines 15
out_has '"group":1,'
out_has '"dump":0,"fingerprint":"'
"$gocrash" explain --json dump.txt |
	sed 's/.*"goroutines":\[\({"id":7,.*\)},{"id":10,.*/\1/' >one
checked=$((checked + 1))
head -n 1 out | sed 's/,"dump":.*//' | cmp -s - one ||
	complain 'a line is not what explain --json has'

# Two dumps in one text, one on standard input, none.
cat dump.txt dump.txt >two.txt
run 0 "$gocrash" goroutines two.txt
out_has '== Dump 1 of 2, line 1'
out_has '== Dump 2 of 2, line '
run 0 "$gocrash" goroutines --json two.txt
lines 30
out_has '"dump":1,'
checked=$((checked + 1))
"$gocrash" goroutines <dump.txt >piped 2>err
"$gocrash" goroutines dump.txt >out
cmp -s piped out || complain 'from standard input it differs'
echo 'no crash here' >none.txt
run 1 "$gocrash" goroutines none.txt
err_has 'no goroutines in'
run 1 "$gocrash" goroutines missing.txt
err_has 'missing.txt'

# What is cut off says so.
head -c 4321 dump.txt >cut.txt
run 0 "$gocrash" goroutines cut.txt
out_has 'Cut off    the text ends inside a goroutine'
run 0 "$gocrash" goroutines dump.txt
out_lacks 'Cut off'

# Nothing of the input reaches a terminal as a control character.
{
	printf 'goroutine 1 [sel\033[31mect]:\n'
	printf 'main.f\033]0;x\007(0x1)\n\t/src/\033[2Jmain.go:7 +0x1d\n\n'
} >evil.txt
run 0 "$gocrash" goroutines --color=never evil.txt
checked=$((checked + 1))
LC_ALL=C tr -d '\n\t -~\200-\377' <out | grep -q . && complain 'control characters'

# A pipe longer than what is kept in memory goes through a file, and reads alike.
awk '{ print; } /^SIGQUIT/ { for (i = 0; i < 300000; i++) print "log line " i \
	" of a program that has a lot to say for itself, and says it all the time" }' \
	two.txt >long.txt
checked=$((checked + 1))
"$gocrash" goroutines long.txt >out 2>err
tail -n +1 long.txt | "$gocrash" goroutines >piped 2>>err
cmp -s piped out || complain 'a long pipe reads differently'
[ -s piped ] || complain 'a long pipe gives nothing'

# wait_for TEXT: until it is in `out`, for half a minute at most.
wait_for() {
	checked=$((checked + 1))
	for _ in $(seq 300); do
		grep -qF -- "$1" out && return
		sleep 0.1
	done
	complain "$title: waited in vain for '$1'"
}
# ended PROCESS: it ends with status 0.
ended() {
	checked=$((checked + 1))
	wait "$1" || complain "$title: status $?"
}

# --follow tells of a crash while the log that has it goes on, and of the next.
title='follow a pipe'
mkfifo pipe
"$gocrash" goroutines --follow <pipe >out 2>err &
process=$!
exec 3>pipe
echo 'a log line' >&3
cat dump.txt >&3
wait_for '== Dump 1, line 2'
wait_for 'started by main.serve'
printf 'a log line\npanic: boom\n\n' >&3
printf 'goroutine 1 [running]:\nmain.f()\n\t/src/main.go:7 +0x1d\n' >&3
wait_for '== Dump 2, line '
wait_for 'main.f()  main.go:7'
exec 3>&-
ended "$process"

title='follow a file'
: >out
echo 'a log line' >log
"$gocrash" goroutines --follow --json log >out 2>err &
process=$!
cat dump.txt >>log
wait_for '"dump":0,'
wait_for '"id":23,'
mv log log.1
cat dump.txt >log
wait_for '"dump":1,'
kill -INT "$process"
ended "$process"
lines 30
run 2 "$gocrash" goroutines --follow log log.1
err_has '--follow takes one FILE'

echo "$checked checked, $failed failed"
[ "$failed" -eq 0 ] && [ "$checked" -gt 0 ]
