#!/bin/sh
# The lessons as they are committed: every rule for authors, over the captures
# recorded with each Go release, decoded anew. No Go is needed. And the lesson
# command's manners: exit statuses and messages.
set -u
lesson=$(realpath "${LESSON:-build/release/lesson}")
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
GOCRASH_STATE=$room/state
export GOCRASH_STATE
checked=0
failed=0

# expect STATUS TEXT COMMAND...: what it prints, on either stream, has TEXT.
expect() {
	wanted=$1
	text=$2
	shift 2
	checked=$((checked + 1))
	"$@" >"$room/out" 2>&1 </dev/null
	status=$?
	[ "$status" -eq "$wanted" ] && grep -qF -- "$text" "$room/out" && return
	failed=$((failed + 1))
	echo "FAILED: $*: exit status $status, wanted $wanted and '$text'"
	sed 's/^/    /' "$room/out"
}

# From the source tree, wherever the command was built.
set -- "--root=$(pwd)"
expect 0 'lint: no fault' "$lesson" lint "$@"
for captures in lessons/0[1-9]*/captures; do
	expect 0 'go1.' ls "$captures"
done
expect 2 'usage: lesson VERB' "$lesson"
expect 0 'usage: lesson VERB' "$lesson" --help
expect 2 "no such verb: 'walk'" "$lesson" walk
expect 2 "no such option: '--fast'" "$lesson" run 1 --fast
expect 2 "no such option: '--yes'" "$lesson" run 1 --yes
expect 2 'one argument too many' "$lesson" run 1 2
expect 2 'which lesson?' "$lesson" run "$@"
expect 2 'which lesson?' "$lesson" run one "$@"
expect 2 'there is no lesson 99 yet' "$lesson" run 99 "$@"
expect 2 'cannot find the lessons' "$lesson" run 1 "--root=$room"
expect 2 'there is no Go at' "$lesson" run 1 "$@" "--go=$room/go"
expect 2 'is no Go that runs' "$lesson" run 1 "$@" --go=/bin/false
expect 2 'is no Go that runs' "$lesson" run 2 "$@" --go=/bin/echo
expect 2 'which folder' "$lesson" grade "$@"
expect 2 'No such file' "$lesson" grade "$room/none" "$@"
expect 2 'make reset LESSON=1' "$lesson" reset "$@"
expect 2 'has no file named for a lesson' "$lesson" grade "$room" "$@"
expect 2 'cannot read' "$lesson" run 1 "$@" "--answers=$room/none"
expect 2 'no lesson was begun yet' "$lesson" hint "$@"
expect 2 'without a terminal, --yes' "$lesson" reset 1 "$@"
expect 0 'Forgotten' "$lesson" reset 1 --yes "$@"
expect 0 'The first panic' "$lesson" progress "$@"

# What a report says is jq, too.
mkdir -p "$room/tree/lessons/00-report" "$room/tree/go-examples"
cat >"$room/tree/lessons/00-report/lesson.md" <<'EOF'
# Report

```lesson
objective: Tell.
```

```sh look check
true
```

```need one
ok: true
found: \(if then)
limits: nothing
repair: none
```
EOF
expect 1 'compile error' "$lesson" lint "--root=$room/tree"

# A file of the future is refused, and left as it is.
echo 'gocrash-progress 9' >"$GOCRASH_STATE/progress"
expect 2 'It is left as it is' "$lesson" progress "$@"
expect 0 'gocrash-progress 9' cat "$GOCRASH_STATE/progress"
echo "$checked checked, $failed failed"
[ "$failed" -eq 0 ]
