# Two dumps of one moment, goroutine by goroutine: what a core tells (first file)
# against what the runtime printed when it dumped it (second). Equal but for the
# addresses of g and m, minutes, and being locked to a thread; goroutines that
# were running when the runtime printed, and what a later report of another thread
# adds, are equal below the frames that the signal put on top of them.
#
# usage: awk -f compare.awk [-v show=3] FROM_CORE FROM_RUNTIME
# Its last line: `N identical, N below, N different, N missing, N too many`.

function plain(header) {
	gsub(/ gp=0x[0-9a-f]+| mp=0x[0-9a-f]+| m=(nil|[0-9]+)/, "", header)
	sub(/, [0-9]+ minutes/, "", header)
	sub(/, locked to thread/, "", header)
	return header
}

function ends_with(text, tail) {
	return length(text) >= length(tail) &&
		substr(text, length(text) - length(tail) + 1) == tail
}

function complain(what, id) {
	if (shown++ >= show)
		return
	print what " goroutine " id
	if (what != "different")
		return
	print "  the runtime:\n" head "\n" body "  the core:"
	print heads[id] "\n" bodies[id]
}

function told() {
	if (id == "" || id == 0)
		return
	known[id] = 1
	if (!(id in heads)) {
		missing++
		complain("missing", id)
	} else if (body ~ /stack unavailable/) {
		unseen[id] = 1
	} else if (head == heads[id] && body == bodies[id]) {
		identical++
	} else if ((head ~ /\[running|\[runnable \(scan/ || id in seen) &&
		   ends_with("\n" bodies[id], "\n" body)) {
		below++
	} else {
		different++
		complain("different", id)
	}
	seen[id] = 1
}

function finish() {
	if (FILENAME_NOW == 1 && id != "") {
		if (id in heads && id != 0)
			again++
		heads[id] = head
		bodies[id] = body
	} else if (FILENAME_NOW == 2) {
		told()
	}
	id = ""
}

BEGIN { if (show == "") show = 3 }
FNR == 1 { finish(); FILENAME_NOW++ }
/^goroutine [0-9]+ / {
	finish()
	id = $2
	head = plain($0)
	body = ""
	next
}
/^$/ || /^r[a-z0-9]+ +0x/ { finish(); next }
id != "" { body = body $0 "\n" }

END {
	finish()
	for (id in heads)
		if (id != 0 && !(id in known)) {
			surplus++
			complain("too many", id)
		}
	print identical + 0 " identical, " below + 0 " below, " \
		different + 0 " different, " missing + 0 " missing, " \
		surplus + again + 0 " too many"
}
