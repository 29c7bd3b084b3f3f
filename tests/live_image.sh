#!/bin/sh
# What is read of a binary, against the program itself and Go's own tools, for
# each way to link and to strip:
#
#	the runtime's answers about its own code (data/image/oracle.go): every
#	function's entry, and function, file and line of pcs all over the text
#	go tool nm: name and size of every function
#	reflect: the types of parameters and results
#	go version -m: release and path
#
# usage: GO=go GOCRASH=build/release/gocrash tests/live_image.sh
set -u
GO=${GO:-go}
GOCRASH=${GOCRASH:-build/release/gocrash}
probe=$(dirname "$GOCRASH")/tests/probe_image
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
checked=0
failed=0

[ -x "$probe" ] || {
	echo "live image: no $probe: this build reads no binaries"
	echo '1 checked, 0 failed'
	exit 0
}
export GO111MODULE=off GOFLAGS=''

# compare NAME WANTED GOT: lines; fewer than 5 on either side are none at all.
compare() {
	checked=$((checked + 1))
	lines=$(wc -l <"$2")
	if [ "$lines" -ge 5 ] && cmp -s "$2" "$3"; then
		echo "$1: $((lines)) agree"
		return
	fi
	failed=$((failed + 1))
	echo "$1: $((lines)) lines, these differ:"
	diff "$2" "$3" | head -n 10
}

# Type arguments, as far as anybody prints them.
plain() {
	sed 's/\[[^	]*\]/[...]/'
}

ask_runtime() {
	linked=$(awk '$3 == "main.base" { print $1 }' "$work/functions")
	"$work/program" "$linked" <"$work/functions" >"$work/told" || {
		failed=$((failed + 1))
		return
	}
	sed -n 's/^F //p' "$work/told" | sort -u >"$work/want"
	awk 'NR == FNR { told[$1] = 1; next } $1 in told { print $1 }' \
		"$work/want" "$work/functions" | sort -u >"$work/got"
	compare "$1 entries" "$work/want" "$work/got"
	sed -n 's/^L //p' "$work/told" >"$work/lines"
	cut -f 1 "$work/lines" | "$probe" "$work/program" lines >"$work/chains"
	plain <"$work/lines" >"$work/want"
	awk -F '\t' -v OFS='\t' '{ split($1, pc, " "); print pc[1], $2 }' \
		"$work/chains" | plain >"$work/got"
	compare "$1 lines" "$work/want" "$work/got"
}

# Sizes of Go functions; C's are not in the table, nor are marks in the text.
ask_nm() {
	"$GO" tool nm -size "$work/program" >"$work/nm" || return
	awk 'NR == FNR { name[$1] = $3; size[$1] = $2; next }
		($3 == "T" || $3 == "t") && $4 ~ /\./ && $4 !~ /fipsstart|\(\.text|\.(cold|part|isra|constprop)/ &&
		$4 !~ /^(runtime\.e?text|_*x?_?cgo)/ && $1 in name && $2 > 0 {
			print $1, $2 > want
			print $1, size[$1] > got
		}' want="$work/want" got="$work/got" "$work/functions" "$work/nm"
	compare "$1 sizes" "$work/want" "$work/got"
}

ask_reflect() {
	sed -n 's/^S \([^ ]*\) /\1 complete /p' "$work/told" | sort >"$work/want"
	"$probe" "$work/program" signatures >"$work/signatures"
	awk 'NR == FNR { want[$1] = 1; next } $1 in want' "$work/want" \
		"$work/signatures" | sort >"$work/got"
	compare "$1 types" "$work/want" "$work/got"
}

ask_version() {
	checked=$((checked + 1))
	want=$("$GO" version -m "$work/program" | awk '
		NR == 1 { sub(/ X:.*/, ""); print $NF } $1 == "path" { print $2 }')
	"$probe" "$work/program" info >"$work/info"
	got=$(awk '$1 == "go" || $1 == "path" { print $2 }' "$work/info")
	[ -n "$got" ] && [ "$want" = "$got" ] && return
	failed=$((failed + 1))
	echo "$1: go version says '$want', the reader '$got'"
}

# build NAME FLAGS... with the environment as it is; says no where Go does.
build() {
	name=$1
	shift
	rm -f "$work/program"
	"$GO" build "$@" -o "$work/program" "$work/oracle.go" 2>"$work/refused" || {
		echo "$name: not built here: $(tail -n 1 "$work/refused")"
		return 1
	}
	checked=$((checked + 1))
	"$probe" "$work/program" functions >"$work/functions" && return
	failed=$((failed + 1))
	return 1
}

# examine NAME STRIPPED FLAGS...
examine() {
	name=$1
	stripped=$2
	shift 2
	build "$name" "$@" || return
	ask_runtime "$name"
	ask_version "$name"
	[ "$stripped" = none ] || return
	ask_nm "$name"
	ask_reflect "$name"
}

cp "$here/data/image/oracle.go" "$work/oracle.go"
export CGO_ENABLED=0
examine static none
examine static-w debug -ldflags=-w
examine static-sw all -ldflags='-s -w'
examine unpacked none -ldflags=-compressdwarf=false
examine unoptimized none -gcflags='all=-N -l'
examine pie none -buildmode=pie
examine pie-sw all -buildmode=pie -ldflags='-s -w'
export GOARCH=386
examine 386 none
examine 386-sw all -ldflags='-s -w'
# Not to be run here, but its table is there to be read.
export GOARCH=arm64
build arm64 && ask_nm arm64 && ask_version arm64
unset GOARCH
if command -v gcc >/dev/null; then
	export CGO_ENABLED=1
	{
		echo 'package main'
		echo '// static int twice(int x) { return 2 * x; }'
		echo 'import "C"'
		sed '1,/^package/d; s/^	outer(len/	C.twice(1)\n&/' \
			"$here/data/image/oracle.go"
	} >"$work/oracle.go"
	examine cgo none -ldflags=-linkmode=internal
	examine external none -ldflags=-linkmode=external
	examine external-pie none -buildmode=pie -ldflags=-linkmode=external
	examine external-pie-sw all -buildmode=pie \
		-ldflags='-s -w -linkmode=external'
fi
echo "$checked checked, $failed failed"
[ "$failed" -eq 0 ]
