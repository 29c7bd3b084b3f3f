#!/bin/sh
# shellcheck disable=SC2016 # the inner shells expand their own arguments
# The command's manners: exit statuses, messages, streams, colour, pipes, bad
# input. What it says of a crash is in the golden files.
# shellcheck source=tests/cli.sh
. tests/cli.sh
traces=$data/traces

one_error() {
	checked=$((checked + 1))
	if [ "$(wc -l <err)" -ne 1 ] || ! grep -q '^gocrash: ' err; then
		complain "$title: not one message"
	fi
	silent
}
crash=$traces/go1.26-nil.txt

# Help and versions go to standard output; wrong use to standard error.
run 0 --help
has 'gocrash explain --source=. crash.txt'
run 0 help words
has 'usage: gocrash words'
run 0 explain --help
has '--decl=SIGNATURE'
for verb in core diff explain goroutines merge offset words; do
	run 0 "$verb" --help
	has 'usage: gocrash'
	has '--help '
	is "$verb --help: at most 80 columns" sh -c '! grep -E ".{81}" out'
done
run 0 --version
has 'gocrash '
run 2
silent
tells 'usage: gocrash VERB'
run 2 expalin
tells "unknown verb 'expalin'"
run 2 explain --jsno "$crash"
tells "unknown option '--jsno'"
run 2 explain --listing=x "$crash"
silent
run 1 explain --binary=no-such-program "$crash"
tells "no-such-program"
silent
run 1 explain --binary="$crash" "$crash"
silent
run 2 explain --go=new "$crash"
tells "'new' does not fit --go=1.N"
run 2 explain --arch=vax "$crash"
tells 'amd64, 386 or arm64'
run 2 explain --decl
tells "'--decl' needs a value"
run 2 explain --json=yes "$crash"
tells 'takes no value'
run 2 words
tells 'a signature and its words are needed'
run 2 words 'f(a int)'
tells 'words are needed'

# Both spellings of a value, and what stands behind `--`.
cp "$crash" ./--odd.txt
run 0 explain --go 1.26 "$crash"
run 0 explain -- --odd.txt

# Input that cannot be read, or has no crash in it: one line, status 1.
run 1 explain no-such-file
one_error
tells "cannot read 'no-such-file'"
mkdir folder
run 1 explain folder
one_error
tells 'is a directory'
: >empty
run 1 explain empty
one_error
tells 'it is empty'
run 1 explain
one_error
tells 'standard input'
run 1 explain "$gocrash"
one_error
tells 'a program or a core'
head -c 100000 /dev/zero >zeros
run 1 explain zeros
one_error
printf '\037\213\010abc' >packed
run 1 explain packed
tells "'gzip -dc'"
echo 'all is well' >calm
run 1 explain calm
one_error
run 1 explain --json calm
one_error
printf 'x\033]0;evil\007' >"$(printf 'a\033[31mb')"
run 1 explain "$(printf 'a\033[31mb')"
tells 'a\x1b[31mb'
run 1 explain --source=no-such-folder "$crash"
one_error

# One bad file among others: the others are explained, the status tells.
run 1 explain no-such-file "$crash"
has 'panic: '
tells 'no-such-file'

# A long line, and NULs.
head -c 50000000 /dev/zero | tr '\0' x >long
run 1 explain long
one_error
{ cat long; echo; cat "$crash"; } >long-and-crash
run 0 explain --json long-and-crash
printf 'a\0b\n' | cat - "$crash" >with-nul
run 0 explain with-nul
has 'a\x00b'

# Declarations: the place of what is wrong.
run 2 explain --decl='main.f(a int, b' "$crash"
silent
tells 'gocrash: --decl: '
tells '  main.f(a int, b'
tells '^'
run 2 words 'f(a int)' 0xzz
tells 'gocrash: the words: '
run 2 words 'f(a int' 0x1
tells 'gocrash: the signature: '

# Words, however they are separated.
packed='main.example(b1, b2, b3 bool, i uint8)'
run 0 words "$packed" 0xc019010001 0x1064ee0 0xc000076058
has 'Word value (0xc019010001)'
has '24-31   0001 1001   19    25'
has 'Return Arguments: 0x1064ee0, 0xc000076058'
mv out apart
for words in '0xc019010001, 0x1064ee0, 0xc000076058' \
	'0xc019010001,0x1064ee0,0xc000076058' \
	'main.example(0xc019010001, 0x1064ee0, 0xc000076058)'; do
	run 0 words "$packed" "$words"
	is "words as $words" cmp out apart
done
run 0 words 'f(s []int, i int)' '{0xc000042748, 0x2, 0x4}, 0xa?'
has 'stale'
run 0 words --json "$packed" 0xc019010001
has '"format":"gocrash/1"'

# Standard input, a name for it, a pipe; and several files.
is 'standard input' sh -c '"$1" explain <"$2"' sh "$gocrash" "$crash"
is 'standard input as -' sh -c '"$1" explain - <"$2"' sh "$gocrash" "$crash"
is 'a pipe' sh -c 'cat "$2" | "$1" explain' sh "$gocrash" "$crash"
is 'a file that is not read from its start' \
	sh -c '{ read -r line; "$1" explain; } <"$2"' sh "$gocrash" long-and-crash
run 0 explain "$crash" "$crash"
has '==> '

# Standard output that is full is told, one that is closed is not.
if [ -w /dev/full ]; then
	title='a full disk'
	run_any 1 sh -c '"$1" explain "$2" >/dev/full' sh "$gocrash" "$crash"
	tells 'cannot write standard output'
	run_any 1 sh -c '"$1" --help >/dev/full' sh "$gocrash"
	tells 'cannot write standard output'
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
run 0 explain "$crash"
is 'no colour in a pipe' sh -c '! grep -q "$1" out' sh "$escape"
run 0 explain --color=always "$crash"
has "${escape}[1;31m"
run_any 0 env NO_COLOR=1 "$gocrash" explain --color=always "$crash"
has "${escape}[1;31m"
run 0 explain --color=always --json "$crash"
is 'no colour in JSON' sh -c '! grep -q "$1" out' sh "$escape"
if script -qec true /dev/null >/dev/null 2>&1; then
	TERM=xterm script -qec "'$gocrash' explain '$crash'" /dev/null >out 2>&1 </dev/null
	title='a terminal'
	has "${escape}[1;31m"
	NO_COLOR=1 TERM=xterm script -qec "'$gocrash' explain '$crash'" /dev/null >out 2>&1 </dev/null
	is 'no colour with NO_COLOR' sh -c '! grep -q "$1" out' sh "$escape"
	TERM=dumb script -qec "'$gocrash' explain '$crash'" /dev/null >out 2>&1 </dev/null
	is 'no colour on a dumb terminal' sh -c '! grep -q "$1" out' sh "$escape"
fi

# JSON: a line a crash.
cat "$crash" "$crash" >two
run 0 explain --json two
is 'one document a line' [ "$(wc -l <out)" -eq 2 ]
run 0 explain two
has '== Crash 2 of 2, line'

# Sources: found below a folder, hidden and vendored ones passed over.
mkdir -p src/deep src/vendor src/.hidden
printf 'module example.com/m\n' >src/go.mod
printf 'package main\n\nfunc f(count int, on bool) {}\n' >src/deep/f.go
printf 'package main\n\nfunc f(wrong string) {}\n' >src/vendor/f.go
printf 'package main\n\nfunc f(wrong string) {}\n' >src/.hidden/f.go
printf 'this is no Go\n' >src/bad.go
ln -s .. src/deep/loop
printf 'panic: x\n\ngoroutine 1 [running]:\nmain.f(0x7, 0x1?)\n\t/b/deep/f.go:3 +0x1\n' >call
run 0 explain --source=src call
has 'func f(count int, on bool)'
has 'count  int'
run 0 explain --source=src/deep/f.go call
has 'func f(count int, on bool)'
run 0 explain --source=folder call
tells 'no Go file'
run 0 explain --decl='f(a int, b bool)' --decl='main.g(x int)' call
has 'a  int'
tells "--decl='main.g(x int)' fits no frame"


report
