# Names of frames, goroutine by goroutine: what gocrash core tells (first file)
# against `goroutines -t 200` of Delve (second). Known of Delve, and counted: it has
# frames above ours where a thread was in a system call or a signal's handler, and
# does not cut deep stacks; see `longer`, `deep`.
#
# usage: awk -f delve.awk [-v show=3] FROM_CORE FROM_DELVE
# Its last line: `N same, N longer, N deep, N different, N missing`.

function plain(name) {
	gsub(/\[.*\]/, "[...]", name)
	if (name == "runtime.gopanic")
		name = "panic"
	return name
}

function ends_with(text, tail) {
	return length(text) >= length(tail) &&
		substr(text, length(text) - length(tail) + 1) == tail
}

function finish() {
	if (id != "" && where == 1)
		ours[id] = names
	if (id != "" && where == 2)
		compare()
	id = names = ""
}

function compare() {
	if (!(id in ours)) {
		missing++
		if (shown++ < show)
			print "goroutine " id " is not in ours:" names
	} else if (names == ours[id]) {
		same++
	} else if (ours[id] ~ / \.\.\./) {
		deep++
	} else if (ends_with(names, ours[id])) {
		longer++
	} else {
		different++
		if (shown++ < show)
			print "goroutine " id ":\n  ours:" ours[id] \
				"\n  Delve:" names
	}
}

BEGIN { if (show == "") show = 3 }
FNR == 1 { finish(); where++ }
# Newer ones colour what they write into a pipe, too.
where == 2 && /\033/ { gsub(/\033\[[0-9;]*m/, "") }
where == 1 && /^goroutine [0-9]+ / { finish(); id = $2; next }
where == 1 && (/^$/ || /^created by /) { finish(); next }
where == 1 && /^\.\.\./ { names = names " ..."; next }
where == 1 && id != "" && /^[^\t]/ {
	sub(/\([^()]*\)$/, "")
	names = names " " plain($0)
	next
}
where == 2 && /^[* ] Goroutine [0-9]+ / {
	finish()
	id = $1 == "*" ? $3 : $2
	next
}
where == 2 && /^\t *[0-9]+  0x[0-9a-f]+ in / { names = names " " plain($4) }
END {
	finish()
	print same + 0 " same, " longer + 0 " longer, " deep + 0 " deep, " \
		different + 0 " different, " missing + 0 " missing"
}
