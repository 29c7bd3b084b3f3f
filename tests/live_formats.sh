#!/bin/sh
# Formats of `gocrash goroutines`, given to the tools they are for: a real program
# is told to dump, and `go tool pprof` opens the profile made of that.
set -u
go=${1:-${GO:-go}}
gocrash=$(realpath "${GOCRASH:-build/release/gocrash}")
work=${WORK:-$(mktemp -d)}
checked=0
failed=0

# same WHAT GOT WANT
same() {
	checked=$((checked + 1))
	[ "$2" = "$3" ] && return
	failed=$((failed + 1))
	echo "FAILED: $1 is '$2', not '$3'"
}

mkdir -p "$work/app"
cd "$work/app" || exit 1
printf 'module example.com/app\n\ngo 1.18\n' >go.mod
cat >main.go <<'END'
package main

import (
	"context"
	"fmt"
	"runtime/pprof"
	"sync"
	"time"
)

//go:noinline
func receive(c chan int) { <-c }

func lock(m *sync.Mutex) { m.Lock() }

//go:noinline
func deep(n int, c chan int) {
	if n == 0 {
		receive(c)
		return
	}
	deep(n-1, c)
}

func main() {
	c := make(chan int)
	for i := 0; i < 40; i++ {
		go receive(c)
	}
	for i := 0; i < 7; i++ {
		labels := pprof.Labels("queue", fmt.Sprintf("q\"%d]", i%2))
		go pprof.Do(context.Background(), labels, func(context.Context) {
			receive(c)
		})
	}
	for i := 0; i < 3; i++ {
		go deep(200, c)
	}
	var m sync.Mutex
	m.Lock()
	for i := 0; i < 5; i++ {
		go lock(&m)
	}
	time.Sleep(200 * time.Millisecond)
	fmt.Println("ready")
	time.Sleep(time.Minute)
}
END

# dump_at LEVEL: into dump.txt
dump_at() {
	GOTRACEBACK=$1 GODEBUG=tracebacklabels=1 ./app >ready 2>dump.txt &
	pid=$!
	for _ in $(seq 200); do
		[ -s ready ] && break
		sleep 0.1
	done
	kill -QUIT "$pid"
	wait "$pid" 2>/dev/null
}

# The sum of the first number on each line, or the last one.
sum_first() {
	awk '{ sum += $1 } END { print sum + 0 }'
}
sum_last() {
	awk '{ sum += $NF } END { print sum + 0 }'
}

# cumulative FUNCTION: how many samples have it, by `pprof -top`.
cumulative() {
	awk -v name="$1" '$6 == name { print $4 }' top.txt
}

check_folded() {
	"$gocrash" goroutines --format=folded dump.txt >folded.txt
	same "$1: exit status" $? 0
	same "$1: goroutines folded" "$(sum_last <folded.txt)" "$headers"
	same "$1: receivers" \
		"$(grep -Ec '^created by main.main;[^;]*;main.receive(;runtime[^;]*)*;\[chan receive\] 40$' folded.txt)" 1
	same "$1: towers cut in the middle" \
		"$(grep -c '(frames elided);main.deep' folded.txt)" 1
	same "$1: a line is a path and a number" \
		"$(grep -cv '^[^ ].*[^;] [0-9][0-9]*$' folded.txt)" 0
}

check_profile() {
	"$gocrash" goroutines --format=pprof dump.txt >dump.pb.gz
	same "$1: exit status" $? 0
	"$go" tool pprof -raw dump.pb.gz >raw.txt 2>raw.err
	same "$1: pprof -raw" $? 0
	same "$1: what pprof says" "$(cat raw.err)" ''
	same "$1: goroutines in samples" "$(sed -n '/^goroutine.count/,/^Locations/s/^ *\([0-9]*\): .*/\1/p' raw.txt | sum_first)" "$headers"
	"$go" tool pprof -top -nodecount=0 dump.pb.gz >top.txt 2>/dev/null
	same "$1: pprof -top" $? 0
	same "$1: main.receive" "$(cumulative main.receive)" 50
	same "$1: main.lock" "$(cumulative main.lock)" 5
	same "$1: main.deep" "$(cumulative main.deep)" 3
	"$go" tool pprof -tags dump.pb.gz >tags.txt 2>/dev/null
	same "$1: state and creator" "$(grep -c '^ *\(state\|created_by\): Total' tags.txt)" 2
	same "$1: receivers by tag" "$(sed -n 's/^ *\([0-9]*\)[.0]* *(.*: chan receive$/\1/p' tags.txt)" 50
	"$go" tool pprof -list='main.receive$' -source_path="$PWD" dump.pb.gz >list.txt 2>/dev/null
	same "$1: pprof -list" "$(grep -c '50 .*<-c' list.txt)" 1
}

# What has a pc has an address, which is in the program's code for it.
check_addresses() {
	"$go" tool pprof -disasm='main.receive' ./app dump.pb.gz >disasm.txt 2>/dev/null
	same 'crash: pprof -disasm' "$(awk '$2 ~ /^[0-9]+$/ && /CALL.*chanrecv/ { print $2 }' disasm.txt)" 50
}

"$go" build -o app . || same build 1 0
for level in all crash; do
	# shellcheck disable=SC3045 # where there is none, a core is left
	ulimit -c 0 2>/dev/null
	dump_at "$level"
	# Each once, without the scheduler's, which are goroutine 0.
	headers=$(grep -o '^goroutine [1-9][0-9]*' dump.txt | sort -u | grep -c .)
	same "$level: many goroutines" "$([ "$headers" -ge 56 ] && echo many)" many
	check_folded "$level"
	check_profile "$level"
done
check_addresses
if grep -q 'labels:{' dump.txt; then
	same 'labels of the program' "$(sed -n 's/^ *\([0-9]*\)[.0]* *(.*: \(q"[01]\]\)$/\1 \2/p' tags.txt | tr '\n' ,)" '4 q"0],3 q"1],'
fi

# Two inputs are one profile, told apart by a label.
"$gocrash" goroutines --format=pprof dump.txt dump.txt >both.pb.gz
"$go" tool pprof -tags both.pb.gz 2>/dev/null >both.txt
same 'dumps told apart' "$(sed -n '/^ *dump:/,/^$/s/^ *\([0-9]*\)[.0]* *(.*: \([12]\)\( dump\)*$/\1 \2/p' both.txt | tr '\n' ,)" "$headers 1,$headers 2,"

echo "$checked checked, $failed failed"
[ "$failed" -eq 0 ]
