#!/bin/sh
# Functions have at most 60 lines; a file of more than 500 is told, not failed.
# A table or a flat switch may be longer with its reason in the comment above it
# or inside: a line with "long:" and the reason.
#
# usage: tests/structure/sizes.sh FILE...
set -u
awk '
FNR == 1 { closes = ""; previous = "" }
FNR == 501 { printf "sizes: %s has more than 500 lines: two ideas?\n", FILENAME }
/long:/ { reasoned = 1 }
/^{$/ { functions++; start = FNR; title = previous }
/^}/ {
	if ($0 == "}" && start) {
		length_now = FNR - start - 1
		total += length_now
		if (length_now > 60 && !reasoned) {
			printf "sizes: %s:%d: %d lines: %s\n", FILENAME, start,
				length_now, title
			failed++
		}
	}
	start = 0
	reasoned = 0
}
/^[a-z]/ { previous = $0 }
END {
	if (functions)
		printf "sizes: %d functions of %d lines on average\n", functions,
			total / functions
	printf "check-sizes: %d checked, %d failed\n", functions, failed
	exit !functions || failed > 0
}' "$@"
