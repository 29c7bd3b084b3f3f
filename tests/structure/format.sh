#!/bin/sh
# The sources have the form that `make format` gives them.
#
# usage: tests/structure/format.sh FILE...
set -u
failed=0
for file in "$@"; do
	clang-format "$file" | diff -u "$file" - >/dev/null && continue
	echo "format: $file is not as clang-format writes it (make format)"
	clang-format "$file" | diff -u "$file" - | sed -n '3,12s/^/  /p'
	failed=$((failed + 1))
done
echo "check-format: $# checked, $failed failed"
[ "$failed" -eq 0 ] && [ $# -gt 0 ]
