#!/bin/sh
# Offsets of real crashes: programs are built with one Go, by default, with
# -N -l and with -trimpath, and crash. Every frame of theirs is mapped by the
# listing of that build and by its binary, and must agree with `go tool nm`,
# `go tool addr2line` and `go tool objdump` at entry + offset.
set -u
go=${1:-${GO:-go}}
gocrash=$(realpath "${GOCRASH:-build/release/gocrash}")
work=${WORK:-$(mktemp -d)}
examples=$(realpath go-examples)
checked=0
failed=0

# same WHAT GOT WANT
same() {
	checked=$((checked + 1))
	[ "$2" = "$3" ] && return
	failed=$((failed + 1))
	echo "FAILED: $where: $1 is '$2', not '$3'"
}

# A program of two packages with functions of one name, a closure, a goroutine
# and, where this Go has them, a generic function.
write_packages() {
	mkdir -p "$work/packages/dot.pkg"
	cd "$work/packages" || exit 1
	printf 'module example.com/my.mod\n\ngo 1.18\n' >go.mod
	cat >dot.pkg/a.go <<'END'
package dotpkg

type T struct{ X int }

//go:noinline
func (t *T) M(f func(int) int) int { return t.X + f(t.X) }

//go:noinline
func example(x int) { panic(x) }

//go:noinline
func F[X any](x X) { defer println(x); G(x) }

//go:noinline
func G[X any](x X) { func() { example(1) }() }
END
	cat >main.go <<'END'
package main

import dotpkg "example.com/my.mod/dot.pkg"

//go:noinline
func example(x int) { dotpkg.F(x) }

func main() {
	done := make(chan bool)
	go func() {
		t := dotpkg.T{X: 7}
		println(t.M(func(i int) int { example(i); return i }))
		done <- true
	}()
	<-done
}
END
}

# The lines that addr2line prints for addresses on standard input.
lines_at() {
	"$go" tool addr2line ./app | sed -n '0~2s/.*:\([0-9]*\)$/\1/p'
}

# member NAME: of the JSON in $json.
member() {
	printf '%s\n' "$json" | sed -n "s/.*\"$1\":\\([0-9]*\\|\"[^\"]*\"\\)[,}].*/\\1/p" | tr -d '"'
}

# check_frame FUNCTION OFFSET LINE KIND: against Go's own tools.
check_frame() {
	where="$title: $1+$2"
	# shellcheck disable=SC2046 # two fields
	set -- "$@" $(awk -v name="$1" '$2 ~ /^[Tt]$/ && $3 == name { print $1; exit }' app.nm)
	[ $# -eq 5 ] || return
	pc=$((0x$5 + $2))
	lines=$(printf '0x%x\n0x%x\n' "$pc" $((pc - 1)) | lines_at)
	for source in --listing=app.S --binary=app; do
		json=$("$gocrash" offset --json "$source" "$1+$2")
		title2=${source#--}
		where="$title: $1+$2 by ${title2%%=*}"
		same 'line at pc' "$(member at_pc)" "$(echo "$lines" | sed -n 1p)"
		[ "$4" = return ] || continue
		same 'line at call' "$(member at_call)" "$(echo "$lines" | sed -n 2p)"
		same 'kind' "$(member kind)" return
		# The instruction before pc, as objdump has it: CALL target.
		target=$(awk -v pc="$(printf '0x%x' "$pc")" '
			$2 == pc { print last; exit }
			$4 == "CALL" { last = $5; next }
			{ last = "" }' app.objdump | sed 's/\[.*\]/[...]/')
		called=$(member target | sed 's/\[.*\]/[...]/')
		checked=$((checked + 1))
		case $target in
		"$called(SB)" | [A-Z0-9]* | '') ;;
		*)
			failed=$((failed + 1))
			echo "FAILED: $where: calls '$called', objdump says '$target'"
			;;
		esac
	done
}

# FUNCTION OFFSET LINE KIND of each frame with code in the listing.
frames_of() {
	awk '
	/^\[signal/ { fault = 1 }
	/^goroutine / { first = 1 }
	/^[a-z].*\(.*\)$/ && !/^created by/ {
		name = $0
		sub(/\([^()]*\)$/, "", name)
	}
	/^created by / {
		name = $3
		first = 0
	}
	/^\t.* \+0x/ {
		sub(/^\t/, "")
		split($1, place, ":")
		kind = fault && first ? "fault" : "return"
		if (name !~ /^(runtime|panic|internal)/ && name !~ /\[/)
			print name, $2, place[length(place)], kind
		if (name !~ /^panic/)
			first = fault = 0
	}' "$1" | sed 's/ +0x/ 0x/'
}

# check_build TITLE FLAG...: in the program's folder.
check_build() {
	title=$1
	where=$title
	shift
	if ! "$go" build "$@" -o app . 2>app.S; then
		failed=$((failed + 1))
		checked=$((checked + 1))
		echo "FAILED: $title: cannot be built"
		sed 5q app.S
		return
	fi
	./app >/dev/null 2>crash.txt
	"$go" tool nm ./app >app.nm
	"$go" tool objdump -s '^(main|example.com/my.mod.*)\.' ./app >app.objdump
	for source in --listing=app.S --binary=app; do
		json=$("$gocrash" offset --json "$source" crash.txt)
		where="$title by $source"
		same contradicted "$(member contradicted)" 0
		"$gocrash" offset --source=. "$source" crash.txt >"screen${source#--*=}" ||
			same 'exit status' 1 0
	done
	frames_of crash.txt >frames
	same 'number of frames' "$([ -s frames ] && echo some)" some
	while read -r function offset line kind; do
		check_frame "$function" "$offset" "$line" "$kind"
	done <frames
}

check_program() {
	check_build "$1 default" '-gcflags=./...=-S'
	check_build "$1 -N -l" '-gcflags=./...=-N -l -S'
	check_build "$1 -trimpath" -trimpath '-gcflags=./...=-S'
}

for program in example1 example2 nilfield inlined; do
	mkdir -p "$work/$program"
	cp "$examples/$program"/*.go "$work/$program"
	cp "$examples/go.mod" "$work/$program"
	cd "$work/$program" || exit 1
	check_program "$program"
done
write_packages
check_program packages

echo "$checked checked, $failed failed"
[ "$failed" -eq 0 ]
