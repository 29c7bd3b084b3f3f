#!/bin/sh
# Includes point down or sideways in decoder/LAYERS; the command and the lesson
# runner see gocrash.h and nothing else of decoder/; each outside library has
# the modules that may know it.
set -u

fail() {
	echo "layers: $*"
	echo bad >>"$tally"
}

tally=$(mktemp) || exit 1
trap 'rm -f "$tally"' EXIT

# Layer number of a module, nothing if decoder/LAYERS does not have it.
layer_of() {
	awk -v stem="$1" '{
		for (i = 2; i <= NF; i++)
			if ($i == stem)
				print NR
	}' decoder/LAYERS
}

# "included-name" for each #include of a file, system headers in <>.
includes() {
	sed -n 's/^[ \t]*#[ \t]*include[ \t]*\(["<][^">]*[">]\).*/\1/p' "$1" | tr -d '"'
}

# The modules that may include an outside header; all others may not.
allowed_for() {
	case $1 in
	"<libelf.h>" | "<gelf.h>" | "<elf.h>" | "<elfutils/"* | "<dwarf.h>")
		echo image debuginfo debugtype debugpart debugscope dwarfloc signature core corenative ;;
	"<capstone/"*) echo disasm ;;
	"<zlib.h>") echo gzip ;;
	"<jq.h>" | "<jv.h>" | "<cmark.h>" | "<histedit.h>" | "<editline/"*)
		echo none ;;
	*) echo any ;;
	esac
}

check_module() {
	stem=$(basename "${1%.*}")
	own=$(layer_of "$stem")
	# The public header is the common language: all may speak it, so it
	# stands below every layer and includes nothing of the tree.
	[ "$stem" = gocrash ] && own=0
	case $own in
	'') fail "$1: '$stem' is not in decoder/LAYERS" && return ;;
	*[!0-9]*) fail "decoder/LAYERS names '$stem' twice" && return ;;
	esac
	for name in $(includes "$1"); do
		case " $(allowed_for "$name") " in
		*" any "* | *" $stem "*) ;;
		*) fail "$1: may not include $name" ;;
		esac
		[ -e "decoder/$name" ] || continue
		[ "$name" = gocrash.h ] && continue
		other=$(layer_of "${name%.h}")
		[ "${other:-99}" -le "$own" ] ||
			fail "$1: includes '$name' of a higher layer"
	done
}

check_outside() {
	for name in $(includes "$1"); do
		case $1:$name in
		decoder/cli/where.c:"<jq.h>") continue ;;
		decoder/cli/*:"<jq.h>" | decoder/cli/*:"<jv.h>")
			fail "$1: may not include $name" ;;
		*:'<'* | *:gocrash.h) continue ;;
		esac
		[ -e "${1%/*}/$name" ] ||
			fail "$1: includes '$name'; of decoder/ only gocrash.h is for it"
	done
}

count=0
for file in decoder/*.[ch]; do
	check_module "$file"
	count=$((count + 1))
done
for file in decoder/cli/*.[ch] lessons/runner/*.[ch]; do
	[ -e "$file" ] || continue
	check_outside "$file"
	count=$((count + 1))
done
# shellcheck disable=SC2013 # words are wanted
for stem in $(cut -d : -f 2 decoder/LAYERS); do
	[ -e "decoder/$stem.c" ] || [ -e "decoder/$stem.h" ] ||
		fail "decoder/LAYERS: there is no module '$stem'"
done
failed=$(wc -l <"$tally")
echo "check-layers: $count checked, $((failed)) failed"
[ "$failed" -eq 0 ] && [ "$count" -gt 0 ]
