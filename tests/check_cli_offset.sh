#!/bin/sh
# gocrash offset: what it prints for a recorded listing and trace, on its own
# streams, with its exit statuses.
# shellcheck disable=SC2016 # dollars of assembly are text
# shellcheck source=tests/cli.sh
. tests/cli.sh
listing=$data/listings/go1.24/example1.default.S
trace=$data/recorded/go1.24/example1.default.txt

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
run 0 offset --listing="$listing" --source=. main.main+0x4c
has 'main.main +0x4c (76): return address'
has 'It calls main.example.'
has 'A trace prints the line of the CALL (pc-1): example1.go:5.'
has 'The row it returns to is of example1.go:6.'
has 'call 16 B 0x0047 00071 CALL    main.example(SB)'
has 'next 17 C 0x004c 00076 ADDQ    $112, SP'
has 'B  5     example(make([]string, 2, 4), "hello", 10)'
lacks "$(printf '\033')"
cp out first
run 0 offset --listing="$listing" --source=. main+76
checked=$((checked + 1))
sed 's/^main.main/main/;s/ (main.main)//' first >a
sed 's/ (main.main)//' out | cmp -s a - || complain 'main+76 differs'
run 0 offset --listing="$listing" --source=. --color=always main.main+76
has "$(printf '\033[')"

# A whole trace, from a file and from standard input.
run 0 offset --listing="$listing" "$trace"
has 'goroutine 1 [running]'
has 'main.example +0x25 (37): return address'
has 'It calls runtime.gopanic.'
cp out first
input=$trace
run 0 offset --listing="$listing"
cmp -s first out || complain 'standard input differs'
run 0 offset --listing="$listing" -
cmp -s first out || complain '- differs'
input=$listing
run 0 offset --listing=- "$trace"
cmp -s first out || complain '--listing=- differs'
run 2 offset --listing=-
input=

# JSON.
run 0 offset --listing="$listing" --json --context=1 "$trace"
has '"format":"gocrash/1"'
has '"kind":"return"'
has '"call":{"row":{"offset":"0x0020","decimal":32'
has '"target":"runtime.gopanic"'
has '"lines":{"trace":5,"at_pc":6,"at_call":5}'
has '"rows":['

# A faulting instruction, inlined; and a listing of other flags.
inlined=$data/listings/go1.24/inlined.default.S
run 0 offset --listing="$inlined" "$data/recorded/go1.24/inlined.default.txt"
has 'main.loop +0x18 (24): faulting instruction'
has 'in main.(*acc).add'
lacks 'Does not fit'
run 0 offset --listing="$inlined" "$data/recorded/go1.24/inlined.noopt.txt"
has 'Does not fit: '
has 'Trace and listing do not belong together'

# What cannot be done, and usage.
run 1 offset --listing="$listing" main.nothing+0x1
tells "no function 'main.nothing' in this listing"
run 1 offset --listing="$listing" "$data/recorded/go1.24/goexitmain.default.txt"
run 1 offset --listing=/nowhere "$trace"
run 1 offset --listing="$listing" "$listing"
tells 'no Go crash in'
run 1 offset --listing="$trace" main.main+1
tells 'no function in'
run 1 offset --binary="$trace" main.main+1
run 2 offset main.main+0x4c
tells 'is needed'
run 2 offset --listing="$listing" --binary=x main.main+0x4c
run 2 offset --listing="$listing" --context=many main.main+0x4c
run 2 offset --listing="$listing" --context=1001 main.main+0x4c
run 2 offset --nonsense
run 0 offset --help
has 'usage: gocrash offset'

# Control characters of a listing do not reach the terminal.
printf 'main.f STEXT size=6\n\t0x0000 00000 (x\033[31m.go:1)\tCALL\t\033[31m(SB)\n\t0x0005 00005 (x.go:1)\tRET\n' >odd.S
run 0 offset --listing=odd.S main.f+5
lacks "$(printf '\033')"
run 1 offset --listing=odd.S main.f+0xffffffffffffffffff

report
