#!/bin/sh
# `gocrash goroutines` at the command: the verdict, the groups, what filters
# leave, the lines of JSON, input it cannot use.
# shellcheck source=tests/cli.sh
. tests/cli.sh

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

run 0 goroutines dump.txt
has 'SIGQUIT: quit'
has 'Goroutines 15 in 5 groups'
has 'Doing         11  chan send'
has 'Oldest     goroutine 22, for 90 min: IO wait'
has '1 in sync.Mutex.Lock for 5 min at main.(*cache).get cache.go:31'
has '11 in chan send at main.(*cache).put cache.go:44'
has '11  chan send  #10, 11, 12, 13, 14, …'
has 'main.(*cache).put(<11>, 0x2a, ?)'
has 'started by main.serve  main.go:12, in 11 goroutines'
has 'labels "req": "GET /a, b", "t": "x]: \"q\""'
lacks 'runtime.gopark'
# The largest group comes first, whatever the order of the dump.
checked=$((checked + 1))
[ "$(grep -nE '^(11  chan|1   sync)' out | head -n 1 | cut -c -80)" = \
	"$(grep -n '^11  chan' out)" ] || complain 'the largest group is not first'

run 0 goroutines --all dump.txt
has 'runtime.gopark'
has 'net/http.serverHandler.ServeHTTP'

# What is given has to hold, all of it.
run 0 goroutines --state=chan dump.txt
has 'Goroutines 11 in 1 group'
has '4 others do not pass the filters'
run 0 goroutines --state=chan --function=get dump.txt
has 'Goroutines 0 in 0 groups'
run 0 goroutines --function=.get --json dump.txt
lines 1
run 0 goroutines --package=net/http --json dump.txt
lines 15
run 0 goroutines --package=net/ht --json dump.txt
lines 0
run 0 goroutines --package=net --json dump.txt
lines 15
run 0 goroutines --min-age=5 --json dump.txt
lines 2
run 0 goroutines --min-age=1h --json dump.txt
lines 1
run 0 goroutines --max-age=5m --min-age=1 --json dump.txt
lines 1
run 0 goroutines --id=7,21,999 --json dump.txt
lines 2
run 0 goroutines --label=t --json dump.txt
lines 1
run 0 goroutines '--label=req=GET /a, b' --json dump.txt
lines 1
run 0 goroutines '--label=req=GET' --json dump.txt
lines 0
run 0 goroutines --where '.id % 2 == 1 and .state == "chan send"' --json dump.txt
lines 5
run 0 goroutines --where '.labels.req' --json dump.txt
lines 1
has '"labels":{"req":"GET /a, b","t":"x]: \"q\""}'
run 0 goroutines --where 'any(.frames[]; .words[0].word == "0xc0000100")' --json dump.txt
lines 1
run 2 goroutines --where '.id |' dump.txt
tells '--where: '
run 1 goroutines --where '.id | .x' dump.txt
tells '--where fails on goroutine 7'
run 2 goroutines --min-age=soon dump.txt
tells "'soon' does not fit --min-age=MINUTES"
run 2 goroutines --id=7, dump.txt
run 2 goroutines --sort=size dump.txt

run 0 goroutines --sort=age --top=1 dump.txt
has '1   IO wait, for 90 min  #22'
has 'and 4 groups more; --top=0 shows all'
lacks '#10, 11'

# A line is the goroutine as in the document of explain --json, and where it is.
run 0 goroutines --json dump.txt
lines 15
has '"group":1,'
has '"dump":0,"fingerprint":"'
"$gocrash" explain --json dump.txt |
	sed 's/.*"goroutines":\[\({"id":7,.*\)},{"id":10,.*/\1/' >one
checked=$((checked + 1))
head -n 1 out | sed 's/,"dump":.*//' | cmp -s - one ||
	complain 'a line is not what explain --json has'

# Two dumps in one text, one on standard input, none.
cat dump.txt dump.txt >two.txt
run 0 goroutines two.txt
has '== Dump 1 of 2, line 1'
has '== Dump 2 of 2, line '
run 0 goroutines --json two.txt
lines 30
has '"dump":1,'
checked=$((checked + 1))
"$gocrash" goroutines <dump.txt >piped 2>err
"$gocrash" goroutines dump.txt >out
cmp -s piped out || complain 'from standard input it differs'
echo 'no crash here' >none.txt
run 1 goroutines none.txt
tells 'no goroutines in'
run 1 goroutines missing.txt
tells 'missing.txt'

# What is cut off says so.
head -c 4321 dump.txt >cut.txt
run 0 goroutines cut.txt
has 'Cut off    the text ends inside a goroutine'
run 0 goroutines dump.txt
lacks 'Cut off'

# Nothing of the input reaches a terminal as a control character.
{
	printf 'goroutine 1 [sel\033[31mect]:\n'
	printf 'main.f\033]0;x\007(0x1)\n\t/src/\033[2Jmain.go:7 +0x1d\n\n'
} >evil.txt
run 0 goroutines --color=never evil.txt
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
run 2 goroutines --follow log log.1
tells '--follow takes one FILE'

report
