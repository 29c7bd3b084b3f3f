# What `gocrash core --locals` says that goroutines wait on (second file) against
# what the program wrote of them (first): channel and direction, lock, labels.
#
# usage: awk -f waits.awk KEY FROM_CORE
# Its last line: `N goroutines, N wrong`.

function expect(kind, line) { wanted[kind] = line }

BEGIN {
	expect("receive", "waits to receive from channel ")
	expect("descend", "waits to receive from channel ")
	expect("locked", "waits to receive from channel ")
	expect("send", "waits to send to channel ")
	expect("select", "waits to send to channel ")
	expect("wrapped", "waits to send to channel ")
	expect("mutex", "waits for mutex ")
	expect("rlock", "waits for rwmutex ")
	expect("group", "waits for waitgroup ")
	expect("cond", "waits for cond ")
	expect("sleep", "sleeps for ")
	expect("pipe", "waits for file descriptor ")
	# As go1.27 prints them; to go1.26 in quotes.
	expect("labelled", "kind: labelled")
}

function finish() {
	if (id == "" || !(kind[id] in wanted))
		return
	total++
	if (kind[id] == "labelled")
		gsub(/"/, "", text)
	if (index(text, wanted[kind[id]]) == 0) {
		failed++
		if (failed < 5)
			print "goroutine " id " (" kind[id] "): " text
	}
}

FNR == NR { kind[$1] = $2; next }
/^goroutine [0-9]+ / { finish(); id = $2; text = $0; head = 1; next }
/^  [a-z]+ (to|for|on) / && head { text = text " |" $0; next }
{ head = 0 }
END {
	finish()
	print total + 0 " goroutines, " failed + 0 " wrong"
}
