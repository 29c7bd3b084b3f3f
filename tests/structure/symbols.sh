#!/bin/sh
# What the objects may refer to and define, read from objects compiled with -O0
# and -fno-builtin, so that each call in the source is a symbol in the object.
#
# usage: tests/structure/symbols.sh BUILD-FOLDER
set -u
build=$1

# Nowhere: they overrun, keep hidden state, or cannot report an error.
nowhere='strcpy strcat stpcpy sprintf vsprintf strtok atoi atol atoll atof
strtol strtoll strtoul strtoull gets scanf sscanf fscanf system popen alloca
setjmp _setjmp longjmp'
# Not in the library, which prints nothing, never exits, and knows neither the
# environment nor the clock.
not_library='printf vprintf puts putchar perror stdout stderr stdin exit _exit
quick_exit abort getenv secure_getenv environ time clock clock_gettime
gettimeofday rand srand setlocale'
memory='malloc calloc realloc reallocarray free strdup strndup'

# Names an object uses but does not define; glibc's renamed C99 and C23
# variants under their own names.
used() {
	nm -u "$1" | awk '{ name = $NF
		sub(/^__isoc[0-9]+_/, "", name)
		print name }'
}

# Variables that could change: whatever is not constant. Tables of pointers are
# in .data.rel.ro, which only the loader writes.
writable() {
	objdump -t "$1" | awk '
	/ O / || /\*COM\*/ {
		for (i = 2; i < NF; i++)
			if ($i ~ /^(\.data|\.bss|\.tdata|\.tbss|\*COM\*)/ &&
			    $i !~ /^\.data\.rel\.ro/)
				print $NF
	}'
}

# forbid OBJECT WHY NAME...
forbid() {
	object=$1
	why=$2
	shift 2
	for name in "$@"; do
		used "$object" | grep -qx "$name" || continue
		echo "symbols: ${object#"$build"/}: uses $name: $why"
		failed=$((failed + 1))
	done
}

count=0
failed=0
for object in "$build"/decoder/*.o "$build"/decoder/cli/*.o "$build"/lessons/runner/*.o; do
	[ -e "$object" ] || continue
	count=$((count + 1))
	# shellcheck disable=SC2086 # lists of names
	forbid "$object" 'not used anywhere' $nowhere
	case ${object#"$build"/} in
	decoder/cli/* | lessons/*) continue ;;
	esac
	# shellcheck disable=SC2086 # lists of names
	forbid "$object" 'not in the library' $not_library
	# shellcheck disable=SC2086 # lists of names
	[ "${object##*/}" = arena.o ] || forbid "$object" 'only in arena.c' $memory
	for name in $(writable "$object"); do
		echo "symbols: ${object#"$build"/}: $name is a global that can change"
		failed=$((failed + 1))
	done
done
echo "check-symbols: $count checked, $failed failed"
[ "$failed" -eq 0 ] && [ "$count" -gt 0 ]
