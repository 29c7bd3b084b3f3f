#!/bin/sh
# gocrash offset: what it prints for a recorded listing and trace, on its own
# streams, with its exit statuses.
# shellcheck disable=SC2016 # dollars of assembly are text
set -u
gocrash=$(realpath "${GOCRASH:-build/release/gocrash}")
data=$(realpath tests/data)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room" || exit 1
checked=0
failed=0
listing=$data/listings/go1.24/example1.default.S
trace=$data/recorded/go1.24/example1.default.txt

complain() {
	failed=$((failed + 1))
	echo "FAILED: $1"
	sed 's/^/    /' out err 2>/dev/null | head -n 40
}
# run STATUS ARGUMENT...: its output is in `out` and `err`.
run() {
	wanted=$1
	shift
	title="offset $*"
	checked=$((checked + 1))
	"$gocrash" offset "$@" >out 2>err <"${input:-/dev/null}"
	status=$?
	[ "$status" -eq "$wanted" ] ||
		complain "$title: exit status $status, not $wanted"
}
# has TEXT, hasnot TEXT, tells TEXT: of the last run's output, and messages.
has() {
	checked=$((checked + 1))
	grep -qF -- "$1" out || complain "$title: output without '$1'"
}
hasnot() {
	checked=$((checked + 1))
	! grep -qF -- "$1" out || complain "$title: output with '$1'"
}
tells() {
	checked=$((checked + 1))
	grep -qF -- "$1" err || complain "$title: no message with '$1'"
}

# The source, where a folder is given; the same screen for both spellings.
cat >example1.go <<'END'
package main


func main() {
	example(make([]string, 2, 4), "hello", 10)
}

//go:noinline
func example(slice []string, str string, i int) error {
	panic("Want stack trace")
}
END
run 0 --listing="$listing" --source=. main.main+0x4c
has 'main.main +0x4c (76): return address'
has 'It calls main.example.'
has 'A trace prints the line of the CALL (pc-1): example1.go:5.'
has 'The row it returns to is of example1.go:6.'
has 'call 16 B 0x0047 00071 CALL    main.example(SB)'
has 'next 17 C 0x004c 00076 ADDQ    $112, SP'
has 'B  5     example(make([]string, 2, 4), "hello", 10)'
hasnot "$(printf '\033')"
cp out first
run 0 --listing="$listing" --source=. main+76
checked=$((checked + 1))
sed 's/^main.main/main/;s/ (main.main)//' first >a
sed 's/ (main.main)//' out | cmp -s a - || complain 'main+76 differs'
run 0 --listing="$listing" --source=. --color=always main.main+76
has "$(printf '\033[')"

# A whole trace, from a file and from standard input.
run 0 --listing="$listing" "$trace"
has 'goroutine 1 [running]'
has 'main.example +0x25 (37): return address'
has 'It calls runtime.gopanic.'
cp out first
input=$trace
run 0 --listing="$listing"
cmp -s first out || complain 'standard input differs'
run 0 --listing="$listing" -
cmp -s first out || complain '- differs'
input=$listing
run 0 --listing=- "$trace"
cmp -s first out || complain '--listing=- differs'
run 2 --listing=-
input=

# JSON.
run 0 --listing="$listing" --json --context=1 "$trace"
has '"format":"gocrash/1"'
has '"kind":"return"'
has '"call":{"row":{"offset":"0x0020","decimal":32'
has '"target":"runtime.gopanic"'
has '"lines":{"trace":5,"at_pc":6,"at_call":5}'
has '"rows":['

# A faulting instruction, inlined; and a listing of other flags.
inlined=$data/listings/go1.24/inlined.default.S
run 0 --listing="$inlined" "$data/recorded/go1.24/inlined.default.txt"
has 'main.loop +0x18 (24): faulting instruction'
has 'in main.(*acc).add'
hasnot 'Does not fit'
run 0 --listing="$inlined" "$data/recorded/go1.24/inlined.noopt.txt"
has 'Does not fit: '
has 'Trace and listing do not belong together'

# What cannot be done, and usage.
run 1 --listing="$listing" main.nothing+0x1
tells "no function 'main.nothing' in this listing"
run 1 --listing="$listing" "$data/recorded/go1.24/goexitmain.default.txt"
run 1 --listing=/nowhere "$trace"
run 1 --listing="$listing" "$listing"
tells 'no Go crash in'
run 1 --listing="$trace" main.main+1
tells 'no function in'
run 1 --binary="$trace" main.main+1
run 2 main.main+0x4c
tells 'is needed'
run 2 --listing="$listing" --binary=x main.main+0x4c
run 2 --listing="$listing" --context=many main.main+0x4c
run 2 --listing="$listing" --context=1001 main.main+0x4c
run 2 --nonsense
run 0 --help
has 'usage: gocrash offset'

# Control characters of a listing do not reach the terminal.
printf 'main.f STEXT size=6\n\t0x0000 00000 (x\033[31m.go:1)\tCALL\t\033[31m(SB)\n\t0x0005 00005 (x.go:1)\tRET\n' >odd.S
run 0 --listing=odd.S main.f+5
hasnot "$(printf '\033')"
run 1 --listing=odd.S main.f+0xffffffffffffffffff

echo "$checked checked, $failed failed"
[ "$failed" -eq 0 ]
