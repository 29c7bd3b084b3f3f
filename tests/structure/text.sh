#!/bin/sh
# What is committed says nothing about the machine it was written on: no paths
# of somebody's home or workshop. Recorded dumps are data and may hold any.
set -u
# The letters in brackets keep these lines from finding themselves.
pattern='(^|[^A-Za-z0-9_.-])/(wor[k]|far[m]|roo[t])/[A-Za-z.]|/tmp/bas[h]_jobs'

# The files that are committed, or in a tree without git all that is not built.
files() {
	if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
		git ls-files -z
	else
		find . -name .git -prune -o -path ./build -prune -o -type f -print0
	fi | grep -zvE '^(\./)?tests/(data|fuzz/corpus)/'
}

count=$(files | tr -dc '\0' | wc -c)
failed=$(files | xargs -0 grep -nIE "$pattern" /dev/null | tee /dev/stderr | wc -l)
echo "check-text: $((count)) checked, $((failed)) failed"
[ "$failed" -eq 0 ] && [ "$count" -gt 0 ]
