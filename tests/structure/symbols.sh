#!/bin/sh
# What the objects may refer to and define, read from objects compiled with -O0
# and -fno-builtin, so that each call in the source is a symbol in the object.
#
# usage: tests/structure/symbols.sh BUILD-FOLDER OBJECT...
set -u
build=$1
shift

lines() {
	printf '%s\n' "$@"
}

# Nowhere: they overrun, keep hidden state, or cannot report an error.
nowhere=$(lines strcpy strcat stpcpy sprintf vsprintf strtok atoi atol atoll atof \
	strtol strtoul gets scanf sscanf fscanf system popen alloca setjmp _setjmp \
	longjmp)
# Not in the library, which prints nothing, never exits, knows neither the
# environment nor the clock, and reads numbers with its own functions.
not_library=$(lines strtoll strtoull printf vprintf puts putchar perror stdout \
	stderr stdin exit _exit quick_exit abort getenv secure_getenv environ time \
	clock clock_gettime gettimeofday rand srand setlocale)
memory=$(lines malloc calloc realloc reallocarray free strdup strndup)

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

# forbid OBJECT NAMES WHY
forbid() {
	for name in $(used "$1" | grep -xF "$2"); do
		echo "symbols: ${1#"$build"/}: uses $name: $3"
		failed=$((failed + 1))
	done
}

count=0
failed=0
for object in "$@"; do
	count=$((count + 1))
	forbid "$object" "$nowhere" 'not used anywhere'
	case ${object#"$build"/} in
	decoder/cli/* | lessons/*) continue ;;
	esac
	forbid "$object" "$not_library" 'not in the library'
	[ "${object##*/}" = arena.o ] || forbid "$object" "$memory" 'only in arena.c'
	for name in $(writable "$object"); do
		echo "symbols: ${object#"$build"/}: $name is a global that can change"
		failed=$((failed + 1))
	done
done
echo "check-symbols: $count checked, $failed failed"
[ "$failed" -eq 0 ] && [ "$count" -gt 0 ]
