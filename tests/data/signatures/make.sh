#!/bin/sh
# Makes the tables of this folder from a corpus of random signatures: a folder
# per release with cases.json (id, mode, declaration, and the truth of each
# argument) and MODE-ID.txt, the traceback of each case.
#
# usage: tests/data/signatures/make.sh CORPUS, at the top of the tree
#
# A table has a `case` line (mode, id, declaration, function, argument list as
# printed), and below it a `leaf` line for every scalar, string and slice:
# path, then `text` and the text, `string` with length and content, or `slice`
# with length and capacity.
set -eu
corpus=$1
here=$(dirname "$0")
for release in "$corpus"/go1.*; do
	name=$(basename "$release")
	jq -r '
def leaves($path):
	if .fields then
		.fields[] | leaves($path + "." + .name)
	elif .elements then
		.elements | to_entries[] | .key as $index | .value |
			leaves($path + "[" + ($index | tostring) + "]")
	elif .cap != null then
		["leaf", $path, "slice", .len, .cap]
	elif .content != null then
		["leaf", $path, "string", .len, .content]
	else
		["leaf", $path, "text", .text]
	end;
.[] | (["case", .mode, .id, .decl, .function], (.args[] | leaves(.name))) | @tsv
' "$release/cases.json" | while IFS= read -r line; do
		case $line in
		case*)
			mode=$(printf '%s\n' "$line" | cut -f2)
			id=$(printf '%s\n' "$line" | cut -f3)
			list=$(grep -m1 "^main\.target$id(" "$release/$mode-$id.txt")
			list=${list#*\(}
			printf '%s\t%s\n' "$line" "${list%\)}"
			;;
		*) printf '%s\n' "$line" ;;
		esac
	done >"$here/$name.tsv"
done
