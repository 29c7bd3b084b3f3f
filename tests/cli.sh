# shellcheck shell=sh disable=SC2034 # read by the scripts that use this
# What tests/check_cli*.sh share: a room of their own, the command, the data,
# checks that are counted, and what may be asked of a run. Used as `. tests/cli.sh`
# from the top of the tree.
set -u
gocrash=$(realpath "${GOCRASH:-build/release/gocrash}")
data=$(realpath tests/data)
seeds=$(realpath tests/fuzz/corpus)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room" || exit 1
checked=0
failed=0
unset NO_COLOR

complain() {
	failed=$((failed + 1))
	echo "FAILED: $1"
	cut -c 1-400 out err 2>/dev/null | sed 's/^/    /' | head -n 40
}

# run_any STATUS COMMAND...: its output is in `out`, what it says in `err`;
# standard input is the file that `input` names, or empty.
run_any() {
	wanted=$1
	shift
	title=$*
	checked=$((checked + 1))
	"$@" >out 2>err <"${input:-/dev/null}"
	status=$?
	[ "$status" -eq "$wanted" ] ||
		complain "$title: exit status $status, not $wanted"
}

# run STATUS ARGUMENT...: the same of gocrash.
run() {
	wanted=$1
	shift
	run_any "$wanted" "$gocrash" "$@"
}

# Of the last run's output: has TEXT, lacks TEXT, same FILE, lines COUNT, silent.
has() {
	checked=$((checked + 1))
	grep -qF -- "$1" out || complain "$title: output without '$1'"
}
lacks() {
	checked=$((checked + 1))
	! grep -qF -- "$1" out || complain "$title: output with '$1'"
}
same() {
	checked=$((checked + 1))
	cmp -s out "$1" || complain "$title: not what is in $1"
}
lines() {
	checked=$((checked + 1))
	[ "$(wc -l <out)" -eq "$1" ] || complain "$title: not $1 lines"
}
silent() {
	checked=$((checked + 1))
	[ ! -s out ] || complain "$title: output where none should be"
}

# tells TEXT: the last run said so.
tells() {
	checked=$((checked + 1))
	grep -qF -- "$1" err || complain "$title: no message with '$1'"
}

# is WHAT COMMAND...: the command succeeds.
is() {
	title=$1
	shift
	checked=$((checked + 1))
	"$@" >/dev/null 2>&1 || complain "$title"
}

# The last line of a script.
report() {
	echo "$checked checked, $failed failed"
	[ "$failed" -eq 0 ] && [ "$checked" -gt 0 ]
}
