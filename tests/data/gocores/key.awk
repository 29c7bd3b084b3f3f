# What a core tells (second file) against what the program wrote of its own
# goroutines before it was taken (first): each is there, in the state that goes
# with its kind, with its function among its frames and, unless they are marked
# `?`, the argument words that it was called with (`*` in the key: any).
#
# usage: awk -f key.awk [-v words=no] KEY FROM_CORE
# Its last line: `N goroutines, N wrong, N words, N stale`.

function accept(kind, states) { state[kind] = "|" states "|" }

BEGIN {
	accept("receive", "chan receive")
	accept("send", "chan send")
	accept("select", "select")
	accept("mutex", "semacquire|sync.Mutex.Lock")
	accept("rlock", "semacquire|sync.RWMutex.RLock")
	accept("wlock", "semacquire|sync.RWMutex.Lock|sync.Mutex.Lock")
	accept("group", "semacquire|sync.WaitGroup.Wait")
	accept("cond", "sync.Cond.Wait")
	accept("sleep", "sleep")
	accept("nil", "chan receive (nil chan)")
	accept("descend", "chan receive")
	accept("inlined", "chan receive")
	accept("method", "chan receive")
	accept("wrapped", "select")
	accept("closure", "chan receive")
	accept("labelled", "chan receive")
	accept("locked", "chan receive, locked to thread")
	accept("syscall", "syscall")
	accept("pipe", "IO wait")
	accept("deep", "chan receive")
	accept("generic", "chan receive (nil chan)")
	accept("cgo", "syscall")
}

function wrong(what) {
	bad[id] = 1
	if (shown++ < 10)
		print "goroutine " id " (" kind[id] "): " what
}

function check_state(header) {
	sub(/^[^[]*\[/, "", header)
	sub(/\]:$/, "", header)
	sub(/, [0-9]+ minutes/, "", header)
	if (index(state[kind[id]], "|" header "|") == 0)
		wrong("state '" header "'")
}

function check_words(list, got, want, n, i) {
	gsub(/[{}]|, \.\.\.|_, /, "", list)
	n = split(list, got, ", ")
	split(values[id], want, " ")
	for (i = 1; i in want && i <= n; i++) {
		if (want[i] == "*")
			continue
		if (got[i] ~ /\?$/) {
			stale++
			continue
		}
		compared++
		if (got[i] != want[i])
			wrong("word " i " is " got[i] ", not " want[i])
	}
}

FNR == NR {
	kind[$1] = $2
	called[$1] = $3
	values[$1] = $0
	sub(/^[^ ]* [^ ]* [^ ]* ?/, "", values[$1])
	next
}
/^goroutine [0-9]+ / {
	id = $2
	if (!(id in kind)) {
		id = ""
		next
	}
	met[id]++
	check_state($0)
	next
}
id != "" && index($0, called[id] "(") == 1 && !found[id] {
	found[id] = 1
	if (words != "no" && $0 !~ /\(\.\.\.\)$/)
		check_words(substr($0, length(called[id]) + 2,
			length($0) - length(called[id]) - 2))
}
END {
	for (id in kind) {
		total++
		if (met[id] != 1)
			wrong("is there " met[id] + 0 " times")
		else if (!found[id])
			wrong("has no " called[id])
	}
	for (id in bad)
		failed++
	print total + 0 " goroutines, " failed + 0 " wrong, " \
		compared + 0 " words, " stale + 0 " stale"
}
