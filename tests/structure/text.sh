#!/bin/sh
# What is committed says nothing about the machine it was written on: no paths
# of somebody's home or workshop. Recorded dumps are data and may hold any.
set -u
# The letters in brackets keep these lines from finding themselves.
pattern='(^|[^A-Za-z0-9_.-])/(wor[k]|far[m]|roo[t])/[A-Za-z.]|/tmp/bas[h]_jobs'

if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
	list='git ls-files -z'
else
	list='find . -type f -not -path ./build/* -print0'
fi
failed=$($list | grep -zvE '^(\./)?tests/(data|fuzz/corpus)/' |
	xargs -0 grep -nIE "$pattern" /dev/null | tee /dev/stderr | wc -l)
count=$($list | tr -dc '\0' | wc -c)
echo "check-text: $((count)) checked, $((failed)) failed"
[ "$failed" -eq 0 ] && [ "$count" -gt 0 ]
