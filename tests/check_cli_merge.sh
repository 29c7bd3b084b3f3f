#!/bin/sh
# gocrash goroutines --groups and gocrash merge: whatever way a fleet's dumps are
# mapped and reduced, the same document.
# shellcheck source=tests/cli.sh
. tests/cli.sh

# Dumps of several hosts, some of which are the same program.
mkdir -p dumps/rack1 dumps/rack2 parts
host=0
for file in "$data"/recorded/go1.*/states.default.txt \
	"$data"/recorded/go1.*/server.all.default.txt \
	"$data"/waits/recorded/1.26.*.txt; do
	host=$((host + 1))
	cp "$file" "dumps/rack$((host % 2 + 1))/web-$host.txt"
done
cp dumps/rack1/web-2.txt dumps/rack2/web-again.txt

# Each dump is a line.
run 0 goroutines --groups --format=json dumps/rack1/web-2.txt
has '"hosts":{"count":1,"exact":true,"names":["web-2"]}'
has '"format":"gocrash-groups/1"'
has '"waits":{"kinds":['
checked=$((checked + 1))
[ "$(wc -l <out)" -eq 1 ] || complain "$title: not one line"
cp out one.json
run 0 goroutines --groups --json --host=db-1 dumps/rack1/web-2.txt
has '"names":["db-1"]'
input=dumps/rack1/web-2.txt
run 0 goroutines --groups --json
input=
has '"hosts":{"count":0,"exact":true,"names":[]}'
cat dumps/rack1/web-2.txt dumps/rack1/web-4.txt >two.txt
run 0 goroutines --groups --json two.txt
checked=$((checked + 1))
[ "$(wc -l <out)" -eq 2 ] || complain "$title: not two lines"

# All at once, as the yardstick.
find dumps -name '*.txt' | sort >names
# shellcheck disable=SC2046 # the names have no blanks
run 0 goroutines --groups --json $(cat names)
cp out all.json
run 0 merge all.json
cp out whole.json
lacks '"waits"'
has '"dumps":'"$(wc -l <all.json)"
checked=$((checked + 1))
sum=$(sed 's/.*"goroutines":\([0-9]*\),"groups".*/\1/' all.json |
	awk '{ sum += $1 } END { print sum }')
grep -q "\"goroutines\":$sum," whole.json || complain 'goroutines do not add up'

# From a pipe, backwards, folded twice, folded in parts, spread over lines.
input=all.json
run 0 merge
same whole.json
run 0 merge -
same whole.json
sort -r all.json >back.json
input=back.json
run 0 merge
same whole.json
input=
run 0 merge whole.json
same whole.json
split -l 3 all.json parts/
for part in parts/*; do
	"$gocrash" merge "$part" >>folded.json || complain "merge $part"
done
run 0 merge folded.json
same whole.json
run 0 merge parts/*
same whole.json
# Over many lines, as jq prints it.
if command -v jq >/dev/null; then
	jq . all.json >wide.json
	input=wide.json
	run 0 merge
	same whole.json
	input=
fi

# As the README has it.
if parallel --version 2>/dev/null | grep -q 'GNU parallel'; then
	mkdir bin
	ln -s "$gocrash" bin/gocrash
	title='the README: find, parallel, merge'
	checked=$((checked + 1))
	PATH=$PWD/bin:$PATH sh -c "find dumps -name '*.txt' |
		parallel gocrash goroutines --groups --format=json |
		gocrash merge" >out 2>err || complain "$title"
	same whole.json
else
	echo 'no GNU parallel here: the pipeline of the README is left out'
fi

# What is none fails, and nothing is written.
run 1 merge dumps/rack1/web-2.txt
tells 'dumps/rack1/web-2.txt:1:1: '
silent
run 1 merge
tells 'no group summaries'
silent
run 1 merge nowhere.json
silent
head -c 500 all.json >cut.json
run 1 merge all.json cut.json
tells 'cut.json:1:'
silent
{
	cat one.json
	printf '{"format":"gocrash/1"}\n'
} >mixed.json
input=mixed.json
run 1 merge
tells "standard input:2:"
silent
input=
run 2 merge --such
run 1 goroutines --groups --json names
silent

report
