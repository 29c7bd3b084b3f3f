#!/bin/sh
# gocrash diff: what changed between dumps, from texts and summaries alike, and
# its exit statuses.
# shellcheck source=tests/cli.sh
. tests/cli.sh

# dump COUNT MINUTES STATE: COUNT goroutines leak, one is in STATE.
dump() {
	awk -v count="$1" -v minutes="$2" -v state="$3" 'BEGIN {
		print "SIGQUIT: quit\nPC=0x46a357 m=0 sigcode=0\n"
		print "goroutine 1 [" state "]:\nmain.main()\n\t/src/m.go:9 +0x1d\n"
		for (id = 2; id < count + 2; id++) {
			print "goroutine " id " [chan receive" \
				(minutes > 0 ? ", " minutes " minutes" : "") "]:"
			print "main.leak(0xc00001" id ")\n\t/src/leak.go:12 +0x1d"
			print "created by main.main in goroutine 1\n\t/src/m.go:5 +0x5\n"
		}
	}'
}
dump 3 0 sleep >one.txt
dump 40 2 sleep >two.txt
dump 95 4 select >three.txt

run 0 diff one.txt two.txt
has 'Grew'
lacks 'Grew in every dump'
has '3 → 40  +37  chan receive  up to 0 → 2 min'
has 'main.leak leak.go:12, started by main.main m.go:5'
has 'As many as before: 1 goroutine in 1 group'
run 0 diff one.txt two.txt three.txt
cp out text
has 'Grew in every dump'
has '3 → 40 → 95  +92  chan receive  up to 0 → 2 → 4 min'
has 'Appeared'
has '0 → 0 → 1  +1  select'
has 'Vanished'
has '1 → 1 → 0  -1  sleep'
run 0 diff three.txt one.txt
has 'Shrank'
run 0 diff one.txt one.txt
has 'As many as before: 4 goroutines in 2 groups'
lacks 'Grew'

# Several dumps in one file, a pipe, summaries, merged summaries.
cat one.txt two.txt three.txt >all.txt
run 0 diff all.txt
has 'all.txt #3'
has '3 → 40 → 95'
input=all.txt
run 0 diff
has '3 → 40 → 95'
input=
for dump in one two three; do
	"$gocrash" goroutines --groups --json $dump.txt >$dump.json
done
run 0 diff one.json two.txt three.json
has '3 → 40 → 95'
cat one.json two.json three.json >all.json
run 0 diff all.json
has '3 → 40 → 95  +92  chan receive  up to 0 → 2 → 4 min'
"$gocrash" merge one.json two.json >old.json
run 0 diff old.json three.json
has '43 → 95  +52  chan receive'

# JSON: of dumps and of their summaries the same groups.
run 0 diff --json one.txt two.txt three.txt
has '"format":"gocrash-diff/1"'
has '"change":"grew-always","older":true,"more":92,"less":0,"counts":[3,40,95],"minutes":[0,2,4]'
sed 's/"dumps":\[[^]]*\]//' out >text.groups
run 0 diff --json one.json two.json three.json
sed 's/"dumps":\[[^]]*\]//' out >out.groups
checked=$((checked + 1))
cmp -s text.groups out.groups || complain 'summaries differ from their dumps'

# For CI.
run 3 diff --fail-on-growth=37 one.txt two.txt
tells 'a group grew by 37'
has '3 → 40'
run 0 diff --fail-on-growth=38 one.txt two.txt
run 3 diff --fail-on-growth=1 --json two.txt three.txt
run 0 diff --fail-on-growth=2 three.txt one.txt
run 2 diff --fail-on-growth=0 one.txt two.txt
run 2 diff --fail-on-growth=x one.txt two.txt

# What cannot be compared.
run 1 diff one.txt
tells 'nothing to be compared with'
run 1 diff one.txt nowhere.txt
run 1 diff one.txt text
tells "no goroutines in 'text'"
printf '{"format":"gocrash-groups/1","groups":[{}]}' >bad.json
run 1 diff one.txt bad.json
tells 'without a fingerprint'

# Real ones: of different releases, nothing raw reaches the terminal.
run 0 diff "$data"/recorded/go1.22/states.default.txt \
	"$data"/recorded/go1.24/states.default.txt
has 'Vanished'
printf 'goroutine 1 [sel\033]0;ect]:\nmain.f()\n\t/a.go:1 +0x1\n' >odd.txt
run 0 diff --color=never one.txt odd.txt
checked=$((checked + 1))
! grep -q "$(printf '\033')" out || complain 'a control character'

report
