#!/bin/sh
# The lessons, walked through with one Go and no terminal: real programs are
# built, crash, and every answer read from their traces must agree with its
# witness. Then the same with answers from a file, graded; and with a lesson whose
# witness is wrong on purpose, which must fail.
#
# usage: GO=go LESSON=… WORK=… tests/live_lessons.sh, or the Go as argument
set -u
go=${1:-${GO:-go}}
lesson=$(realpath "${LESSON:-build/release/lesson}")
work=${WORK:-$(mktemp -d)}
GOCRASH_STATE=${GOCRASH_STATE:-$work/state}
export GOCRASH_STATE
unset NO_COLOR CI
top=$(pwd)
out=$work/out
checked=0
failed=0

# expect STATUS COMMAND...: runs it with nothing to read; its output is in $out.
expect() {
	wanted=$1
	shift
	title="$*"
	checked=$((checked + 1))
	timeout 300 "$@" >"$out" 2>&1 </dev/null
	status=$?
	[ "$status" -eq "$wanted" ] && return
	failed=$((failed + 1))
	echo "FAILED: $title: exit status $status, not $wanted"
	sed 's/^/    /' "$out"
}

# says TEXT: the last output has it.
says() {
	checked=$((checked + 1))
	grep -qF -- "$1" "$out" && return
	failed=$((failed + 1))
	echo "FAILED: $title: no '$1' in its output"
	sed 's/^/    /' "$out"
}

# answers SEED: what the walk-through in $out gave, as a file of answers.
answers() {
	echo "seed: $1"
	awk '/^ [0-9]+\. / { number = $1 + 0 }
		/^    answer / { sub(/^ +answer +/, ""); print number ": " $0 }' "$out"
}

expect 0 "$lesson" run 0 --go="$go"
says 'lesson 1 '
for folder in lessons/[0-9]*; do
	number=$(basename "$folder")
	number=${number%%-*}
	number=${number#0}
	[ "$number" -gt 0 ] || continue
	# Where nothing is drawn, one seed is like another.
	seeds='course 1 8f31 beef'
	awk '/^```draw/ { draw = 1; next } /^```/ { draw = 0 }
		draw && /^[a-z]/ && !/^(program|call|keep):/ { found = 1 }
		END { exit !found }' "$folder/lesson.md" || seeds=course
	# gcore writes a gigabyte each time.
	! grep -q '^gcore ' "$folder/lesson.md" || seeds=${seeds%% 8f31*}
	# One seed for each of its six faults.
	[ "$number" -ne 14 ] || seeds='course 8f31 beef 2 3 1'
	# And it is nothing but a core.
	if [ "$number" -eq 14 ] && "$lesson" run 14 --go="$go" </dev/null 2>&1 |
		grep -q 'wrote no core'; then
		echo 'lesson 14 is left out: the kernel writes no core here'
		continue
	fi
	for seed in $seeds; do
		expect 0 "$lesson" run "$number" --go="$go" --seed="$seed"
		says 'every answer agrees with its witness: yes'
		answers "$seed" >"$work/answers.$number.$seed"
	done
	[ "$seeds" = "${seeds%beef}" ] || expect 0 "$lesson" run "$number" --go="$go" --new
done

# Answers that do not depend on the run are right in the next one, too.
grep -v '0x' "$work/answers.1.8f31" >"$work/some"
expect 1 "$lesson" run 1 --go="$go" --answers="$work/some"
says 'ok 2 - lesson1.capacity'
says 'not ok 3 - lesson1.text'
says 'no answer given'
expect 0 "$lesson" run 1 --go="$go" --answers="$work/answers.1.8f31"
says '# seed 8f31'

# Right after the walk-through its addresses are right, too.
expect 0 "$lesson" run 2 --go="$go" --seed=8f31
says 'every answer agrees with its witness: yes'
answers 8f31 >"$work/some"
expect 0 "$lesson" run 2 --go="$go" --answers="$work/some"
says 'ok 3 - lesson2.address'
expect 0 "$lesson" run 2 --go="$go" --question=integer
says ' 1 of 1 questions asked'
expect 2 "$lesson" run 2 --go="$go" --question=9
says "lesson 2 has no question '9'"

# The misreading is named: the length in the capacity's place.
printf 'seed: course\n2: 2\n' >"$work/some"
expect 1 "$lesson" run 1 --go="$go" --answers="$work/some"
says 'it is the second word'

mkdir -p "$work/hand-in"
cp "$work/answers.1.beef" "$work/hand-in/1"
for format in tap gradescope github exercism junit; do
	expect 0 "$lesson" grade --go="$go" --format="$format" "$work/hand-in"
done
says '<testcase classname="lesson1" name="capacity"/>'
expect 0 "$lesson" check --go="$go"
says 'ok 2 - lesson1.words'

# Where no core can be made, lesson 2 goes on without.
checked=$((checked + 1))
# shellcheck disable=SC3045 # dash, bash and busybox have it
(ulimit -H -c 0 && "$lesson" run 2 --go="$go") >"$out" 2>&1 </dev/null || {
	failed=$((failed + 1))
	echo 'FAILED: lesson 2 without a core'
	sed 's/^/    /' "$out"
}
title='run 2 without a core'
says 'No core could be made'

# The doctor tells what that means for each lesson.
checked=$((checked + 1))
# shellcheck disable=SC3045 # dash, bash and busybox have it
(ulimit -H -c 0 && exec "$lesson" run 0 --go="$go") >"$out" 2>&1 </dev/null
title='run 0 without a core'
says 'forbidden by the hard limit'
says 'off: core'
says 'in part without core'

# Lesson 14 is about nothing else, and says so.
checked=$((checked + 1))
# shellcheck disable=SC3045 # dash, bash and busybox have it
(ulimit -H -c 0 && exec "$lesson" run 14 --go="$go") >"$out" 2>&1 </dev/null
[ $? -eq 2 ] || {
	failed=$((failed + 1))
	echo 'FAILED: lesson 14 without a core'
	sed 's/^/    /' "$out"
}
title='run 14 without a core'
says 'the kernel wrote no core here'

# From a folder with a blank in its name, elsewhere, in no locale.
tree="$work/a tree"
mkdir -p "$tree"
cp -r "$top/lessons" "$top/go-examples" "$tree/"
# shellcheck disable=SC2016 # the inner shell expands its arguments
expect 0 sh -c 'cd / && LC_ALL=C TERM=dumb exec "$@"' sh \
	"$lesson" run 1 --go="$go" --root="$tree"

# A witness that is wrong: the question is not asked, and the run fails.
sed -i 's/^witness: \.drawn\.cap$/witness: .drawn.cap + 1/' \
	"$tree/lessons/01-first-panic/lesson.md"
expect 1 "$lesson" run 1 --go="$go" --root="$tree"
says 'NOT ASKED: the answer is 4, its witness says 5'
expect 2 "$lesson" run 1 --go="$work/no-go"
says 'there is no Go at'

# Nothing is left behind but the build cache.
checked=$((checked + 1))
left=$(find "$GOCRASH_STATE" -maxdepth 1 -name 'run-*' | wc -l)
[ "$left" -eq 0 ] || {
	failed=$((failed + 1))
	echo "FAILED: $left captures are left in $GOCRASH_STATE"
}
checked=$((checked + 1))
left=$(find "$GOCRASH_STATE" -type f \( -name core -o -name 'core.*[0-9]' \))
[ -z "$left" ] || {
	failed=$((failed + 1))
	echo "FAILED: cores are left: $left"
}
echo "$checked checked, $failed failed"
[ "$failed" -eq 0 ]
