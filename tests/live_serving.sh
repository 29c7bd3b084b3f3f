#!/bin/sh
# Servers in lessons, with a real Go and a real hey, and what goes wrong: no hey,
# another program on port 4000, a dump of 100 MB, an interrupt or a kill in the
# middle of the load. Nothing is left running, no port left listening.
#
# usage: GO=go LESSON=… WORK=… tests/live_serving.sh, or the Go as argument
set -u
go=${1:-${GO:-go}}
lesson=$(realpath "${LESSON:-build/release/lesson}")
work=$(realpath "${WORK:-$(mktemp -d)}")
GOCRASH_STATE=$work/state
export GOCRASH_STATE
unset NO_COLOR CI
out=$work/out
other=
checked=0
failed=0
trap '[ -z "$other" ] || kill -KILL "$other" 2>/dev/null' EXIT

fail() {
	failed=$((failed + 1))
	echo "FAILED: $1"
	tail -n 40 "$out" | cut -c 1-200 | sed 's/^/    /'
}

# gives STATUS COMMAND...: its output is in $out.
gives() {
	wanted=$1
	shift
	title="$*"
	checked=$((checked + 1))
	timeout 300 "$@" >"$out" 2>&1 </dev/null
	status=$?
	[ "$status" -eq "$wanted" ] || fail "$title: status $status, not $wanted"
}

# says TEXT: the last output has it.
says() {
	checked=$((checked + 1))
	grep -qF -- "$1" "$out" || fail "$title: no '$1' in its output"
}

# Processes that work in a capture's folder; the dead have no folder.
running() {
	for process in /proc/[0-9]*; do
		case $(readlink "$process/cwd" 2>/dev/null) in
		"$work/state/"*) echo "${process#/proc/}" ;;
		esac
	done
}

# What was killed may take a moment to be gone.
nothing_is_left() {
	checked=$((checked + 1))
	tries=0
	while [ -n "$(running)" ] && [ "$tries" -lt 50 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
	[ -z "$(running)" ] || fail "$title: $(running) still run"
}

# begin N: the lesson in the background, up to where its load runs.
begin() {
	title="lesson $1, $2"
	: >"$out"
	"$lesson" run "$1" --go="$go" >"$out" 2>&1 </dev/null &
	runner=$!
	tries=0
	until grep -q 'running \.\.\.$' "$out" || [ "$tries" -eq 600 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
	sleep 1
}

if command -v hey >/dev/null; then
	begin 5 interrupted
	kill -INT "$runner"
	wait "$runner"
	status=$?
	checked=$((checked + 1))
	[ "$status" -eq 2 ] || fail "$title: status $status, not 2"
	nothing_is_left

	begin 5 killed
	kill -KILL "$runner"
	wait "$runner" 2>/dev/null
	nothing_is_left

	gives 0 "$lesson" run 5 --go="$go" --new
	says 'connection refused'
	says '(stopped)'
	says 'every answer agrees with its witness: yes'
	nothing_is_left
fi

# A PATH that has all but hey.
mkdir "$work/bin"
for program in sh cat grep sed kill sleep ls readlink; do
	ln -s "$(command -v "$program")" "$work/bin/$program"
done
gives 2 env "PATH=$work/bin" "$lesson" run 5 --go="$(command -v "$go")"
says 'hey is not here'
# Where nothing can be asked, nothing was checked.
gives 1 env "PATH=$work/bin" "$lesson" check 5 --go="$(command -v "$go")"
says '# SKIP'

# Another program listens on 4000.
cp -r go-examples "$work/"
(cd "$work/go-examples/example3" && "$go" build) >"$out" 2>&1
"$work/go-examples/example3/example3" >/dev/null 2>&1 &
other=$!
tries=0
until grep -qE ':0FA0 [0-9A-F]+:0000 0A' /proc/net/tcp || [ "$tries" -eq 50 ]; do
	tries=$((tries + 1))
	sleep 0.1
done
gives 0 "$lesson" run 4 --go="$go"
says 'every answer agrees with its witness: yes'
checked=$((checked + 1))
! grep -q 'localhost:4000' "$out" || fail "$title: on port 4000, which is taken"
kill "$other" 2>/dev/null
wait "$other" 2>/dev/null
other=
nothing_is_left

# A dump of more than 100 MB.
mkdir -p "$work/tree/lessons/01-many" "$work/tree/go-examples/many"
cp go-examples/go.mod "$work/tree/go-examples/"
cat >"$work/tree/go-examples/many/many.go" <<'GO'
package main

import "net"

func main() {
	for i := 0; i < 330000; i++ {
		go func() { <-make(chan int) }()
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	l.Accept()
}
GO
cat >"$work/tree/lessons/01-many/lesson.md" <<'MD'
# Many

```lesson
objective: Print much.
needs: go
```

```draw
program: many
```

```sh build build
go build -o many .
```

```sh server serve status=2 dump quiet seconds=120
./many
```

```sh quit signal=server
kill -QUIT {server}
```

```sh size
wc -c <server.err
tail -n 1 server.err
```

```question size
kind: int
ask: How many bytes?
answer: step("server").cut
witness: step("size").stdout | split("\n")[0] | tonumber
evidence: outmark("size"; "^[0-9]"; "[0-9]+")
```
MD
gives 0 "$lesson" run 1 --go="$go" --root="$work/tree"
says 'every answer agrees with its witness: yes'
checked=$((checked + 1))
size=$(sed -n 's/^    answer   \([0-9]*\)$/\1/p' "$out")
[ "${size:-0}" -gt 100000000 ] || fail "$title: only ${size:-0} bytes"
nothing_is_left
rm -rf "$work/state"
echo "$checked checked, $failed failed"
[ "$failed" -eq 0 ]
