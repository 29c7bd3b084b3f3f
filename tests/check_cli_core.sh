#!/bin/sh
# gocrash core: what it prints of a composed program and its core, what it says of
# files that are neither, and what other verbs make of a core.
# shellcheck source=tests/cli.sh
. tests/cli.sh
seed=$seeds/fuzz_core/sound

run 2 core
tells 'the program and its core'
run 2 core only-one
silent

# The seed is the program and, from its second ELF header on, the core.
start=$(grep -abo "$(printf '\177ELF')" "$seed" | sed -n '2s/:.*//p')
head -c "$start" "$seed" >program
tail -c "+$((start + 1))" "$seed" >core
run 1 core program no-such-file
silent
if grep -q 'no elfutils' err; then
	report
	exit
fi
tells 'no-such-file'

run 0 core program core
has 'goroutine 1 gp=0xc'
has ' m=nil [chan receive]:'
has 'main.callee({0x402800, 0x5}, 0x2a)'
has 'created by main.caller in goroutine 1'
tells "cannot tell whether the core is this program's"
run 0 core --json program core
has '"format":"gocrash/1"'
has '"function":"main.inlined"'
run 0 goroutines --binary=program core
has '2 in 2 groups'
has 'core without a cause'
has 'Built with go1'
run 0 explain --binary=program core
has 'main.callee'
has 'Built with go1'
lacks 'Printed by'
run 0 offset --binary=program core
has 'main.callee +0x'
run 0 goroutines --format=html --binary=program core
has '<dt>Built with</dt>'
run 2 goroutines --follow --binary=program core
tells 'a text that grows'

for options in '' --locals; do
	# shellcheck disable=SC2086 # none, or one
	run 0 core $options --goroutine=1 program core
	has 'goroutine 1 gp=0xc'
	lacks 'goroutine 2 '
	# shellcheck disable=SC2086
	run 1 core $options --goroutine=77 program core
	tells 'there is no goroutine 77'
	silent
done
run 0 core --json --goroutine=1 program core
lacks '"id":2'
run 1 core --json --goroutine=77 program core
tells 'there is no goroutine 77'

# Cores are compared like texts, and with texts.
"$gocrash" core program core >text 2>err
for pair in 'core core' 'text core' 'core text'; do
	# shellcheck disable=SC2086 # two names
	run 0 diff --binary=program $pair
	has 'As many as before: 2 goroutines in 2 groups'
	lacks Appeared
	lacks Vanished
	# shellcheck disable=SC2086 # two names
	run 0 diff --binary=program --fail-on-growth=1 $pair
done
sed '/^$/,$d' text >one
run 0 diff --binary=program one core
has '1 in 1 group  one'
has '2 in 2 groups  core'
has Appeared
run 3 diff --binary=program --fail-on-growth=1 one core
run 0 diff --binary=program core one
has Vanished
run 1 diff text core
tells '--binary=PROGRAM'
run 1 diff --binary=core text core
tells "'core' is a core: its program is wanted there"
silent

# A name that would drive a terminal: callee as c, ESC, 0x9b, an e acute, e.
if script -qec true /dev/null >/dev/null 2>&1; then
	LC_ALL=C sed "s/main\\.callee/main.c$(printf '\033\233\303\251')e/g" \
		program >wild
	checked=$((checked + 1))
	TERM=xterm script -qec "'$gocrash' core --force wild core" /dev/null \
		>out 2>&1 </dev/null
	LC_ALL=C grep -qF "main.c??$(printf '\303\251')e({0x402800" out ||
		complain 'a terminal gets control characters, or loses letters'
fi

# A program without DWARF: told once, and to who asks for variables.
LC_ALL=C sed 's/\.debug_/.forget/g' program >plain
run 0 core --locals plain core
checked=$((checked + 1))
[ "$(grep -c 'no DWARF' err)" -eq 1 ] || complain "$title: not told once: DWARF"
for verb in 'goroutines --binary=plain' 'core plain' 'core --json plain'; do
	# shellcheck disable=SC2086 # words
	run 0 $verb core
	checked=$((checked + 1))
	! grep -q 'no DWARF' err || complain "$title: variables were not asked for"
done

# What is missing is told, and the rest is read.
head -c 5000 core >part
run 1 core program part
tells 'the core is cut'
tells "no goroutines in 'part': none of the core's could be read"
silent
run 1 goroutines --binary=program part
tells "none of the core's could be read"
silent
run 1 offset --binary=program part
tells "none of the core's could be read"
silent
run 1 diff --binary=program part core
tells "none of the core's could be read"
run 1 explain --binary=program part
tells "none of the core's could be read"
run 1 explain --json --binary=program part
tells "none of the core's could be read"
head -c 8700 core >part
run 0 core program part
tells 'the core is cut'
has 'goroutine 1 gp=0xc'
size=$(wc -c <program)
head -c $((size - 1)) program >part
run 0 core part core
tells "the program is cut: $((size - 1)) of $size bytes are there"
head -c 200 program >part
run 1 core part core
tells "the program is cut: 200 of at least $size bytes are there, and no Go"
head -c 100 core >part
run 1 core program part
tells 'inside its program headers'

run 1 goroutines core
tells '--binary=PROGRAM'
run 1 explain core
tells '--binary=PROGRAM'
silent
run 1 core program program
tells 'it is a program or a library'
run 1 core core core
tells 'gocrash core PROGRAM CORE'
run 1 core core program
tells 'gocrash core PROGRAM CORE'
run 1 core program "$room"
tells 'is a directory'
echo 'panic: text' >text
run 1 core program text
tells 'not an ELF file'
printf '\050\265\057\375....' >packed
run 1 core program packed
tells "'zstd -dc' unpacks it"
run 1 goroutines --binary=program packed
tells "it is compressed: 'zstd -dc' unpacks it"
run 1 diff --binary=program core packed
tells "it is compressed: 'zstd -dc' unpacks it"
run 1 core packed core
tells "'zstd -dc' unpacks it"
printf '\004"M\030....' >packed
run 1 goroutines --binary=program packed
tells "it is compressed: 'lz4 -dc' unpacks it"
: >empty
run 1 core empty core
tells "not an ELF file: it is empty"
run 1 core program empty
tells 'it is empty'
silent

report
