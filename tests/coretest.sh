# shellcheck shell=sh disable=SC2034,SC2154 # read, and set, by the scripts that use this
# What the live tests of cores share: the tools, a folder of their own, what is
# counted, and how a program leaves a core. Used as `. "$(dirname "$0")/coretest.sh"`
# with $title set, which says what is tested.
set -u
GO=${GO:-go}
GOCRASH=$(realpath "${GOCRASH:-build/release/gocrash}")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
checked=0
failed=0

# nothing WHY: there is nothing to check here.
nothing() {
	echo "$title: $1"
	echo '1 checked, 0 failed'
	exit 0
}

fail() {
	failed=$((failed + 1))
	echo "$*"
}

# crash FOLDER [NAME=VALUE...] COMMAND...: runs the command there, with these and
# GOTRACEBACK=crash for an environment. Its outputs are in FOLDER/output and
# FOLDER/printed, the path of its core in $core; false without one.
crash() {
	folder=$1
	shift
	core=
	rm -f "$folder"/core*
	(
		cd "$folder" || exit 1
		# shellcheck disable=SC3045 # where sh has no -c, it says so
		ulimit -c unlimited
		exec env -i GOTRACEBACK=crash "$@"
	) >"$folder/output" 2>"$folder/printed"
	set -- "$folder"/core*
	[ -s "$1" ] && core=$1
}

case $("$GOCRASH" core /dev/null /dev/null 2>&1) in
*'this build reads no'*) nothing 'this build reads no cores' ;;
esac
