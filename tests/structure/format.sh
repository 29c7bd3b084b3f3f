#!/bin/sh
# The sources have the form that `make format` gives them.
#
# usage: tests/structure/format.sh FILE...
# Releases of clang-format differ in small things, so that only release 14,
# Debian 12's, can fail here; with another the differences are told.
set -u
formatter=$(command -v clang-format-14 || command -v clang-format) || {
	echo 'check-format: there is no clang-format here'
	exit 1
}
failed=0
for file in "$@"; do
	difference=$("$formatter" "$file" | diff -u "$file" -) && continue
	echo "format: $file is not as clang-format writes it (make format)"
	printf '%s\n' "$difference" | sed -n '3,12s/^/  /p'
	failed=$((failed + 1))
done
case $("$formatter" --version) in
*'version 14.'*) ;;
*)
	echo "format: $failed differences by another release than 14, not counted"
	failed=0
	;;
esac
echo "check-format: $# checked, $failed failed"
[ "$failed" -eq 0 ] && [ $# -gt 0 ]
