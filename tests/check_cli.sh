#!/bin/sh
# shellcheck disable=SC2016 # the inner shells expand their own arguments
# The command's manners: exit statuses, messages, streams, colour, pipes, bad
# input. What it says of a crash is in the golden files.
set -u
gocrash=$(realpath "${GOCRASH:-build/release/gocrash}")
traces=$(realpath tests/data/traces)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room" || exit 1
checked=0
failed=0
unset NO_COLOR

complain() {
	failed=$((failed + 1))
	echo "FAILED: $1"
	sed 's/^/    /' out err 2>/dev/null | head -n 12
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

# out_has TEXT, err_has TEXT, out_empty, one_error: of the last run.
out_has() {
	checked=$((checked + 1))
	grep -qF -- "$1" out || complain "$title: output without '$1'"
}
err_has() {
	checked=$((checked + 1))
	grep -qF -- "$1" err || complain "$title: no message with '$1'"
}
out_empty() {
	checked=$((checked + 1))
	[ ! -s out ] || complain "$title: output where none should be"
}
one_error() {
	checked=$((checked + 1))
	if [ "$(wc -l <err)" -ne 1 ] || ! grep -q '^gocrash: ' err; then
		complain "$title: not one message"
	fi
	out_empty
}
# is WHAT COMMAND...: the command succeeds.
is() {
	title=$1
	shift
	checked=$((checked + 1))
	"$@" >/dev/null 2>&1 || complain "$title"
}

crash=$traces/go1.26-nil.txt

# Help and versions go to standard output; wrong use to standard error.
run 0 "$gocrash" --help
out_has 'gocrash explain --source=. crash.txt'
run 0 "$gocrash" help words
out_has 'usage: gocrash words'
run 0 "$gocrash" explain --help
out_has '--decl=SIGNATURE'
for verb in core diff explain goroutines merge offset words; do
	run 0 "$gocrash" "$verb" --help
	out_has 'usage: gocrash'
	out_has '--help '
	is "$verb --help: at most 80 columns" sh -c '! grep -E ".{81}" out'
done
run 0 "$gocrash" --version
out_has 'gocrash '
run 2 "$gocrash"
out_empty
err_has 'usage: gocrash VERB'
run 2 "$gocrash" expalin
err_has "unknown verb 'expalin'"
run 2 "$gocrash" explain --jsno "$crash"
err_has "unknown option '--jsno'"
run 2 "$gocrash" explain --listing=x "$crash"
out_empty
run 1 "$gocrash" explain --binary=no-such-program "$crash"
err_has "no-such-program"
out_empty
run 1 "$gocrash" explain --binary="$crash" "$crash"
out_empty
run 2 "$gocrash" explain --go=new "$crash"
err_has "'new' does not fit --go=1.N"
run 2 "$gocrash" explain --arch=vax "$crash"
err_has 'amd64, 386 or arm64'
run 2 "$gocrash" explain --decl
err_has "'--decl' needs a value"
run 2 "$gocrash" explain --json=yes "$crash"
err_has 'takes no value'
run 2 "$gocrash" words
err_has 'a signature and its words are needed'
run 2 "$gocrash" words 'f(a int)'
err_has 'words are needed'

# Both spellings of a value, and what stands behind `--`.
cp "$crash" ./--odd.txt
run 0 "$gocrash" explain --go 1.26 "$crash"
run 0 "$gocrash" explain -- --odd.txt

# Input that cannot be read, or has no crash in it: one line, status 1.
run 1 "$gocrash" explain no-such-file
one_error
err_has "cannot read 'no-such-file'"
mkdir folder
run 1 "$gocrash" explain folder
one_error
err_has 'is a directory'
: >empty
run 1 "$gocrash" explain empty
one_error
err_has 'it is empty'
run 1 "$gocrash" explain
one_error
err_has 'standard input'
run 1 "$gocrash" explain "$gocrash"
one_error
err_has 'a program or a core'
head -c 100000 /dev/zero >zeros
run 1 "$gocrash" explain zeros
one_error
printf '\037\213\010abc' >packed
run 1 "$gocrash" explain packed
err_has "'gzip -dc'"
echo 'all is well' >calm
run 1 "$gocrash" explain calm
one_error
run 1 "$gocrash" explain --json calm
one_error
printf 'x\033]0;evil\007' >"$(printf 'a\033[31mb')"
run 1 "$gocrash" explain "$(printf 'a\033[31mb')"
err_has 'a\x1b[31mb'
run 1 "$gocrash" explain --source=no-such-folder "$crash"
one_error

# One bad file among others: the others are explained, the status tells.
run 1 "$gocrash" explain no-such-file "$crash"
out_has 'panic: '
err_has 'no-such-file'

# A long line, and NULs.
head -c 50000000 /dev/zero | tr '\0' x >long
run 1 "$gocrash" explain long
one_error
{ cat long; echo; cat "$crash"; } >long-and-crash
run 0 "$gocrash" explain --json long-and-crash
printf 'a\0b\n' | cat - "$crash" >with-nul
run 0 "$gocrash" explain with-nul
out_has 'a\x00b'

# Declarations: the place of what is wrong.
run 2 "$gocrash" explain --decl='main.f(a int, b' "$crash"
out_empty
err_has 'gocrash: --decl: '
err_has '  main.f(a int, b'
err_has '^'
run 2 "$gocrash" words 'f(a int)' 0xzz
err_has 'gocrash: the words: '
run 2 "$gocrash" words 'f(a int' 0x1
err_has 'gocrash: the signature: '

# Words, however they are separated.
packed='main.example(b1, b2, b3 bool, i uint8)'
run 0 "$gocrash" words "$packed" 0xc019010001 0x1064ee0 0xc000076058
out_has 'Word value (0xc019010001)'
out_has '24-31   0001 1001   19    25'
out_has 'Return Arguments: 0x1064ee0, 0xc000076058'
mv out apart
for words in '0xc019010001, 0x1064ee0, 0xc000076058' \
	'0xc019010001,0x1064ee0,0xc000076058' \
	'main.example(0xc019010001, 0x1064ee0, 0xc000076058)'; do
	run 0 "$gocrash" words "$packed" "$words"
	is "words as $words" cmp out apart
done
run 0 "$gocrash" words 'f(s []int, i int)' '{0xc000042748, 0x2, 0x4}, 0xa?'
out_has 'stale'
run 0 "$gocrash" words --json "$packed" 0xc019010001
out_has '"format":"gocrash/1"'

# Standard input, a name for it, a pipe; and several files.
is 'standard input' sh -c '"$1" explain <"$2"' sh "$gocrash" "$crash"
is 'standard input as -' sh -c '"$1" explain - <"$2"' sh "$gocrash" "$crash"
is 'a pipe' sh -c 'cat "$2" | "$1" explain' sh "$gocrash" "$crash"
is 'a file that is not read from its start' \
	sh -c '{ read -r line; "$1" explain; } <"$2"' sh "$gocrash" long-and-crash
run 0 "$gocrash" explain "$crash" "$crash"
out_has '==> '

# Standard output that is full is told, one that is closed is not.
if [ -w /dev/full ]; then
	title='a full disk'
	run 1 sh -c '"$1" explain "$2" >/dev/full' sh "$gocrash" "$crash"
	err_has 'cannot write standard output'
	run 1 sh -c '"$1" --help >/dev/full' sh "$gocrash"
	err_has 'cannot write standard output'
fi
: >out
for _ in 1 2 3 4 5 6 7 8; do cat "$crash"; done >many
for _ in 1 2 3 4 5 6 7 8; do cat many; done >more.txt
{ "$gocrash" explain --all more.txt 2>err; } | head -n 1 >out
title='a reader that goes away'
checked=$((checked + 1))
[ ! -s err ] || complain "$title: something is said"
{ (trap '' PIPE; "$gocrash" explain --all more.txt) 2>err; } | head -n 1 >out
checked=$((checked + 1))
[ ! -s err ] || complain "$title, SIGPIPE ignored: something is said"

# Colour: never in a pipe, always when told, NO_COLOR only stands in for auto.
escape=$(printf '\033')
run 0 "$gocrash" explain "$crash"
is 'no colour in a pipe' sh -c '! grep -q "$1" out' sh "$escape"
run 0 "$gocrash" explain --color=always "$crash"
out_has "${escape}[1;31m"
run 0 env NO_COLOR=1 "$gocrash" explain --color=always "$crash"
out_has "${escape}[1;31m"
run 0 "$gocrash" explain --color=always --json "$crash"
is 'no colour in JSON' sh -c '! grep -q "$1" out' sh "$escape"
if script -qec true /dev/null >/dev/null 2>&1; then
	TERM=xterm script -qec "'$gocrash' explain '$crash'" /dev/null >out 2>&1 </dev/null
	title='a terminal'
	out_has "${escape}[1;31m"
	NO_COLOR=1 TERM=xterm script -qec "'$gocrash' explain '$crash'" /dev/null >out 2>&1 </dev/null
	is 'no colour with NO_COLOR' sh -c '! grep -q "$1" out' sh "$escape"
	TERM=dumb script -qec "'$gocrash' explain '$crash'" /dev/null >out 2>&1 </dev/null
	is 'no colour on a dumb terminal' sh -c '! grep -q "$1" out' sh "$escape"
fi

# JSON: a line a crash.
cat "$crash" "$crash" >two
run 0 "$gocrash" explain --json two
is 'one document a line' [ "$(wc -l <out)" -eq 2 ]
run 0 "$gocrash" explain two
out_has '== Crash 2 of 2, line'

# Sources: found below a folder, hidden and vendored ones passed over.
mkdir -p src/deep src/vendor src/.hidden
printf 'module example.com/m\n' >src/go.mod
printf 'package main\n\nfunc f(count int, on bool) {}\n' >src/deep/f.go
printf 'package main\n\nfunc f(wrong string) {}\n' >src/vendor/f.go
printf 'package main\n\nfunc f(wrong string) {}\n' >src/.hidden/f.go
printf 'this is no Go\n' >src/bad.go
ln -s .. src/deep/loop
printf 'panic: x\n\ngoroutine 1 [running]:\nmain.f(0x7, 0x1?)\n\t/b/deep/f.go:3 +0x1\n' >call
run 0 "$gocrash" explain --source=src call
out_has 'func f(count int, on bool)'
out_has 'count  int'
run 0 "$gocrash" explain --source=src/deep/f.go call
out_has 'func f(count int, on bool)'
run 0 "$gocrash" explain --source=folder call
err_has 'no Go file'
run 0 "$gocrash" explain --decl='f(a int, b bool)' --decl='main.g(x int)' call
out_has 'a  int'
err_has "--decl='main.g(x int)' fits no frame"


echo "$checked checked, $failed failed"
[ "$failed" -eq 0 ]
