#!/bin/sh
# shellcheck disable=SC2016,SC1003 # backquotes and a backslash are looked for
# A lesson on a terminal, played by tmux: keys, answers, hints, Ctrl-C, resuming,
# two runners at once, narrow and dumb terminals. The lesson is one of its own
# that needs no Go. Without tmux one round goes through script(1) instead.
set -u
lesson=$(realpath "${LESSON:-build/release/lesson}")
room=$(mktemp -d)
socket=lesson-$$
stop() {
	tmux -L "$socket" kill-server 2>/dev/null
	rm -rf "$room"
}
trap stop EXIT
unset NO_COLOR CI TMUX
# The leak sanitizer stops its process to look at it; a terminal that goes away
# in that moment leaves both waiting for each other. Leaks are for the tests
# without a terminal.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export ASAN_OPTIONS
checked=0
failed=0

mkdir -p "$room/tree/lessons/07-play" "$room/tree/lessons/08-slow" \
	"$room/tree/go-examples"
cat >"$room/tree/lessons/07-play/lesson.md" <<'EOF'
# Play

```lesson
objective: Try the keys.
```

```sh steps status=3
echo "size 0x2a" >&2
printf 'red \033[31mred\007\n' >&2
exit 3
```

```question size
kind: int
ask: What is the size?
place: the first row
show: steps
answer: line("steps"; "^size") | split(" ")[1] | unhex
witness: 42
evidence: mark("steps"; "^size"; "0x[0-9a-f]+")
misread: 2 => That is a part of it.
hint: Look at the first row.
hint: 0x10 is sixteen.
reason: It stands there.
```

```question end
kind: int
ask: What is the exit status?
place: the last row
show: steps
answer: step("steps").status
witness: 3
evidence: quote("(exit status \(step("steps").status))"; "[0-9]+")
misread: 0 => Not so.
hint: Look below.
hint: It is small.
reason: The shell said so.
```

## What you now know

How to play.
EOF
cat >"$room/tree/lessons/08-slow/lesson.md" <<'EOF'
# Slow

```lesson
objective: Be stopped.
```

```sh sleep
sleep 61.5 &
sleep 61.5
```
EOF

mkdir -p "$room/tree/lessons/09-wide"
cat >"$room/tree/lessons/09-wide/lesson.md" <<'EOF'
# Wide

```lesson
objective: Count over the edge.
```

```sh steps
echo 'f(0x1111111111111111?, 0x2222222222222222, 0x3333333333333333, 0x4444444444444444, 0x55555555?)' >&2
echo "at $PWD/x.go:7 of $PWD" >&2
```

```question marks
kind: int
ask: How many are marked?
place: the row
show: steps
answer: line("steps"; "^f") | [match("[?]"; "g")] | length
witness: 2
evidence: mark("steps"; "^f"; "[?]")
misread: 5 => Those are all.
hint: Look.
hint: Count.
reason: So it is.
```

```question line
kind: int
ask: At which line?
place: the other row
show: steps
answer: line("steps"; "^at") | capture(":(?<n>[0-9]+)").n
witness: 7
evidence: mark("steps"; "^at"; ":([0-9]+) (of)")
misread: 5 => Not that.
hint: Look.
hint: Read.
reason: So it is.
```
EOF

# It leaves a core, and has a command for the learner's own hand.
mkdir -p "$room/tree/lessons/10-core"
cat >"$room/tree/lessons/10-core/lesson.md" <<'EOF'
# Core

```lesson
objective: Look into it.
```

```sh steps core room=1
echo '3 bytes' >&2
seq -f 'row %g' 40 >&2
echo abc >core
```

```sh look hand needs=core
printf 'wait%s\n' ing && read -r word && cat core && echo "$word, $TERM, $PAGER"
```

```sh nothing hand needs=nosuchprogram,core
nosuchprogram core
```

```sh none room=99999999999
echo 'never' >&2
```

```question size
kind: int
ask: How many?
place: the row
show: steps
answer: line("steps"; "bytes") | split(" ")[0]
witness: 3
mark: no
unless: if without("none") == null then "it ran" else null end
evidence: mark("steps"; "bytes"; "^[0-9]")
misread: 4 => There is a newline, too.
hint: Look.
hint: Count.
reason: So it is.
```
EOF

fail() {
	failed=$((failed + 1))
	echo "FAILED: $1"
}

# start WIDTH HEIGHT ENVIRONMENT...: a fresh terminal with a shell.
start() {
	width=$1
	height=$2
	shift 2
	tmux -L "$socket" kill-server 2>/dev/null
	sleep 0.3
	tmux -f /dev/null -L "$socket" new-session -d -x "$width" -y "$height" \
		"env $* PS1='ready ' GOCRASH_STATE=$room/state sh"
	sees 'ready'
}

# keys KEY...: as tmux names them.
keys() {
	tmux -L "$socket" send-keys "$@"
}

# An empty screen, so that what is looked for is not what stood there before.
afresh() {
	keys -R
}

run() {
	keys "clear; '$lesson' run $1 '--root=$room/tree'; echo status=\$?" Enter
}

# sees TEXT: within ten seconds the screen has it.
sees() {
	checked=$((checked + 1))
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do
		tmux -L "$socket" capture-pane -p -t 0 >"$room/screen"
		grep -qF -- "$1" "$room/screen" && return
		sleep 0.4
	done
	fail "no '$1' on the screen:"
	sed 's/^/    |/' "$room/screen"
}

# sees_not TEXT: the screen of the last sees() is without it.
sees_not() {
	checked=$((checked + 1))
	grep -qF -- "$1" "$room/screen" || return
	fail "'$1' on the screen:"
	sed 's/^/    |/' "$room/screen"
}

playing_once() {
	{
		sleep 1
		printf '\n'
		sleep 1
		printf '2\n'
		sleep 1
		printf '42\n\n'
		sleep 1
		printf '3\n'
		sleep 1
	} | GOCRASH_STATE=$room/state script -qec \
		"'$lesson' run 7 '--root=$room/tree'" "$room/typescript" >/dev/null
	status=$?
	checked=$((checked + 2))
	grep -qF 'That is a part of it.' "$room/typescript" ||
		fail 'the misreading is not named'
	grep -qF 'Lesson 7 done: 2 solved.' "$room/typescript" ||
		fail "the lesson is not done (status $status)"
}

playing() {
	start 80 24
	run 7
	sees 'Enter for the questions.'
	sees '$ echo "size 0x2a" >&2'
	sees 'red \x1b[31mred\x07'
	sees '(exit status 3)'
	keys Enter
	sees 'question 1 of 2'
	sees ' > size 0x2a'
	sees '[.][ ]  h hint  t whole trace  s show  k skip  q quit'
	keys 'what?' Enter
	sees 'A number looks like 4321 or 0x10e1.'
	keys 2 Enter
	sees 'Not yet: That is a part of it.'
	sees_not 'gives a hint'
	keys 2 Enter
	sees '`h` gives a hint.'
	keys 77 Enter
	sees '`h` gives a hint, there are two; `s` shows'
	keys h Enter
	sees 'Hint 1 of 2: Look at the first row.'
	keys hint Enter
	sees 'Hint 2 of 2: 0x10 is sixteen.'
	keys h Enter
	sees 'The next hint is the answer itself'
	keys n Enter
	sees 'The next question comes after this one'
	keys '?' Enter
	sees 'Anything else is an answer.'
	keys 'C-\'
	sees 'That is lesson 4'
	keys '5 6' Enter
	sees 'There is more than one number in that.'
	sees_not 'bck:'
	keys a Enter
	keys C-c
	sees 'Saved. To go on:  make lesson7'
	sees 'status=3'
}

resuming() {
	run 7
	sees 'Going on with the capture of'
	sees 'question 1 of 2'
	keys -l 0x2a
	keys Enter
	sees 'Yes: 42.'
	sees '       ^^^^'
	sees 'Enter for question 2.'
	sees_not 'question 2 of 2'
	keys C-d
	sees 'status=3'
	run 7
	sees 'question 2 of 2'
	keys s Enter
	sees 'The answer is 3.'
	sees 'Lesson 7 done: 1 solved, 1 revealed (question 2).'
	sees 'How to play.'
	sees 'status=0'
	keys "clear; '$lesson' progress '--root=$room/tree'" Enter
	sees '[x][r]'
	sees '1 of 2, 1 revealed'
	checked=$((checked + 1))
	grep -q 'That is a part of it' "$room/state/attempts.log" ||
		fail 'the attempts are not logged'
	checked=$((checked + 1))
	grep -q 'size	a	unparsable' "$room/state/attempts.log" ||
		fail 'a key that is not offered is taken for one'
}

stopping() {
	keys "clear; stty -a >'$room/stty.before'; true" Enter
	run 8
	sees 'running, a minute at most'
	keys C-c
	sees 'Stopped. To begin again:  make lesson8'
	sees 'status=3'
	keys "stty -a | cmp - '$room/stty.before' && echo as before" Enter
	sees 'as before'
	checked=$((checked + 1))
	pgrep -f 'sleep 61.5' >/dev/null && fail 'a child was left running'
	keys "clear; '$lesson' reset 7 '--root=$room/tree'" Enter
	sees 'Type y to do it'
	keys y Enter
	sees 'Forgotten.'
}

two_at_once() {
	run 7
	sees 'Enter for the questions.'
	keys Enter
	sees 'question 1 of 2'
	tmux -L "$socket" new-window -d -n other -t 9 \
		"GOCRASH_STATE=$room/state '$lesson' run 7 '--root=$room/tree' 2>&1; sleep 100"
	sleep 1
	tmux -L "$socket" send-keys -t 9 42 Enter
	sleep 1
	tmux -L "$socket" capture-pane -p -t 9 >"$room/other"
	checked=$((checked + 2))
	grep -qF 'this one only reads' "$room/other" ||
		fail 'the second runner does not say that it only reads'
	grep -q '^7 size open' "$room/state/progress" ||
		fail 'the second runner wrote the progress'
	keys k Enter
	sees 'Skipped; `make lesson7 Q=1` asks it again.'
	keys q Enter
	sees 'status=3'
}

small_and_dumb() {
	start 40 10 LC_ALL=C
	run 7
	sees '2>'
	keys 3 Enter
	sees 'Lesson 7 done: 1 solved, 1 skipped'
	sees 'lesson7 NEW=1'
	start 80 24 TERM=dumb NO_COLOR=1
	keys "clear; '$lesson' run 7 '--root=$room/tree' --question=1; echo status=\$?" Enter
	sees '1>'
	keys 'C-\'
	sees 'That is lesson 4'
	keys 42 Enter
	sees 'Yes: 42.'
	sees 'status=0'
}

# What is asked about is never cut off: its line goes on in a further row.
wide() {
	start 80 24
	run 9
	sees 'Enter for the questions.'
	keys Enter
	sees ' > f(0x1111111111111111?, 0x2222222222222222, 0x3333333333333333'
	sees '  44444, 0x55555555?)'
	keys 2 Enter
	sees 'Yes: 2.'
	sees '                      ^'
	keys Enter
	sees ' > at ./x.go:7 of /'
	keys 7 Enter
	sees '  at ./x.go:7 of /'
	sees '            ^ ^^'
	sees 'status=0'
}

# The core goes when the lesson is left, unless the learner keeps it; without a
# terminal in any case.
core_in_hand() {
	start 80 24
	run 10
	sees '(yours: on a terminal, key `d` starts it)'
	sees '(`nothing` is left out: nosuchprogram is not here)'
	sees '(`none` is left out: a core may take'
	sees 'Enter for the questions.'
	keys Enter
	sees 'd debugger'
	sees '   3 bytes'
	sees_not ' > 3 bytes'
	keys t Enter
	sees '(21 of 41 lines. Enter: more'
	keys 'row 31' Enter
	sees '   ... 8 lines ...'
	sees '   row 40'
	afresh
	keys t Enter
	sees '(21 of 41 lines. Enter: more'
	keys nothing Enter
	sees 'No line from here on has that.'
	keys q Enter
	afresh
	keys t Enter
	sees '(21 of 41 lines. Enter: more'
	keys C-c
	sees ' 1>'
	keys '?' Enter
	sees 'Anything else is an answer.'
	afresh
	keys d Enter
	sees '2) nosuchprogram core'
	keys 1 Enter
	sees 'ing && read -r word && cat core'
	sees 'waiting'
	keys -l hello
	keys Enter
	sees 'abc'
	sees ', cat'
	sees 'Back in the lesson.'
	afresh
	keys d Enter
	sees '2) nosuchprogram core'
	keys 1 Enter
	sees 'ing && read -r word && cat core'
	sees 'waiting'
	keys C-c
	sees 'Back in the lesson.'
	afresh
	keys d Enter
	sees '2) nosuchprogram core'
	keys 3 Enter
	sees 'There is none of that number.'
	keys 3 Enter
	sees 'Lesson 10 done: 1 solved.'
	sees 'Enter deletes it, k keeps it.'
	keys k Enter
	sees 'Kept in'
	sees 'status=0'
	checked=$((checked + 1))
	[ -f "$room/state/lesson10/core" ] || fail 'the core was not kept'
	keys "clear; '$lesson' run 10 --new '--root=$room/tree'" Enter
	sees 'Enter for the questions.'
	keys q Enter
	sees 'Enter deletes it, k keeps it.'
	keys Enter
	sees 'ready'
	checked=$((checked + 1))
	[ ! -f "$room/state/lesson10/core" ] || fail 'the core is still there'
}

no_core_is_left() {
	checked=$((checked + 2))
	GOCRASH_STATE=$room/elsewhere "$lesson" run 10 "--root=$room/tree" \
		</dev/null >"$room/screen" 2>&1 || fail 'lesson 10 without a terminal'
	grep -qF 'every answer agrees with its witness: yes' "$room/screen" ||
		fail 'lesson 10 asks nothing'
	checked=$((checked + 1))
	[ -z "$(find "$room/elsewhere" -name core)" ] || fail 'a core is left'
}

no_core_is_left
if command -v tmux >/dev/null; then
	core_in_hand
	playing
	resuming
	stopping
	two_at_once
	small_and_dumb
	wide
else
	echo 'no tmux here: one round only, by script(1)'
	playing_once
fi
echo "$checked checked, $failed failed"
[ "$failed" -eq 0 ]
