#!/bin/sh
# Sets up what gocrash needs on this machine: finds what is missing, says what
# it will install and why, and installs it with apt-get.
#
# usage: lessons/setup.sh GROUP...
#
#   build    what the library, the command and the lessons are built with
#   image    what reads binaries and cores; `make IMAGE=no` does without
#   lesson   what the lessons run besides: Go and the tools they teach
#   load     what puts servers under load
#   delve    the debugger of some lessons (see lessons/delve.sh, too)
#   check    what the tests are built and run with
#   clang    clang and its sanitizers, for the second compiler
#   ci       what the structural checks and the analysers need
#
# Nothing missing: prints nothing and costs a few milliseconds, because the tests
# are the shell's own; so every `make lesson1` can afford to ask again, and there
# is no stamp to outlive the packages it vouches for.
#
# Exit: 0 all there, 2 something is missing and could not be installed.
#
# Environment: CC names the compiler that must be there (default cc), GO the go
# command or its folder (default the one on PATH, used as it is).

set -u
LC_ALL=C
export LC_ALL

CC=${CC:-cc}
GO=${GO:-}
log=build/setup.log

# group | what shows that it is there | Debian package | why
#
# What shows it: `command NAME` on PATH, `header NAME` below an include
# directory, `file PATH`, and `compiler`, `go` and @clang-runtime as below. A
# package written @name is worked out when it is needed; one with a `?` behind it
# is left out where the release does not have it, or there is no apt: what needs it
# says so and does without.
needs() {
	cat <<'EOF'
build  | compiler              | @compiler        | compiles gocrash
build  | header stdio.h        | libc6-dev        | the C library's headers
build  | command pkg-config    | pkg-config       | finds the libraries
build  | header jq.h           | libjq-dev        | questions of the lessons; goroutines --where
build  | header cmark.h        | libcmark-dev     | reads the lessons' text
build  | header histedit.h     | libedit-dev      | the lessons' prompt
build  | header zlib.h       | zlib1g-dev       | writes profiles, which are gzipped
image  | header gelf.h         | libelf-dev       | reads binaries and cores
image  | header elfutils/libdw.h | libdw-dev      | reads their debug information
image  | header capstone/capstone.h | libcapstone-dev | reads their machine code
lesson | go                    | golang-go        | builds the programs that crash
lesson | command gdb           | gdb?             | takes and reads cores in the lessons
lesson | command objdump       | binutils         | shows the bytes of programs in the lessons
lesson | command eu-readelf    | elfutils         | shows the notes of cores in the lessons
load   | command hey           | hey              | puts servers under load in the lessons
delve  | command dlv           | delve?           | reads cores in the lessons
check  | header check.h        | check            | the unit tests' library
check  | command tmux          | tmux             | plays the lessons on a terminal
check  | command parallel      | parallel         | runs gocrash on many dumps at once
check  | command jq            | jq               | compares JSON with what programs say
clang  | command clang         | clang            | the second compiler
clang  | @clang-runtime        | @clang-runtime   | its sanitizers and its fuzzer
ci     | command clang-format  | clang-format     | checks the form of the sources
ci     | command clang-tidy    | clang-tidy       | analyses the sources
ci     | command cppcheck      | cppcheck         | analyses the sources
ci     | command shellcheck    | shellcheck       | analyses the scripts
ci     | command llvm-symbolizer | llvm           | names the lines in sanitizer reports
ci     | file /usr/lib/go-1.19/bin/go | golang-1.19-go? | the oldest Go the lessons support
EOF
}

# Prints a message the way every part of gocrash does.
say() {
	printf 'setup: %s\n' "$*"
}

give_up() {
	printf 'setup: %s\n' "$*" >&2
	exit 2
}

on_path() {
	command -v "$1" >/dev/null 2>&1
}

# Is any of these a file? (Arguments are what a pattern expanded to.)
any_file() {
	for candidate in "$@"; do
		[ -e "$candidate" ] && return 0
	done
	return 1
}

# Looks where headers live first, which forks nothing, and asks the compiler
# only for the others: some systems keep them elsewhere.
has_header() {
	any_file "/usr/include/$1" /usr/include/*-linux-*/"$1" \
		"/usr/local/include/$1" && return 0
	on_path "${CC%% *}" &&
		printf '#include <stdio.h>\n#include <%s>\n' "$1" |
		$CC -E - >/dev/null 2>&1
}

# Not a folder: for a name with a slash, some shells say that of anything there.
has_go() {
	found=$(command -v "$1") && [ -f "$found" ]
}

has_clang_runtime() {
	version='*'
	case $CC in
	clang-[0-9]*) version=${CC#clang-} ;;
	esac
	# shellcheck disable=SC2086 # the version may be a pattern
	any_file /usr/lib/llvm-$version/lib/clang/*/lib/linux/libclang_rt.asan* \
		/usr/lib/clang/$version*/lib/linux/libclang_rt.asan*
}

is_there() {
	case $1 in
	compiler) on_path "${CC%% *}" ;;
	go) has_go "${GO:-go}" || has_go "$GO/go" ;;
	command\ *) on_path "${1#command }" ;;
	header\ *) has_header "${1#header }" ;;
	@clang-runtime) has_clang_runtime ;;
	file\ *) any_file "${1#file }" ;;
	*) give_up "no way to look for '$1'" ;;
	esac
}

# The package that has the compiler CC names: gcc-13 and clang-18 are packages
# of their own, cc comes with gcc.
compiler_package() {
	name=${CC%% *}
	name=${name##*/}
	case $name in
	gcc-[0-9]* | clang-[0-9]* | clang) echo "$name" ;;
	*) echo gcc ;;
	esac
}

# The version in a name like clang-18, or else of the release's own clang. Asked
# after the package lists were brought up to date, as clang may still be to come.
clang_version() {
	case $CC in
	clang-[0-9]*) echo "${CC#clang-}" ;;
	*) apt-cache depends clang 2>/dev/null |
		sed -n 's/^ *Depends: clang-\([0-9]*\)$/\1/p' | head -n 1 ;;
	esac
}

package_name() {
	case $1 in
	@compiler) compiler_package ;;
	@clang-runtime) echo "libclang-rt-$(clang_version)-dev" ;;
	*) echo "$1" ;;
	esac
}

# Is a package optional, and unknown to this release?
not_to_be_had() {
	case $1 in
	*\?) ! apt-cache show "${1%\?}" >/dev/null 2>&1 ;;
	*) false ;;
	esac
}

# Sets `missing` to what the wanted groups lack, as lines of "package|why".
find_missing() {
	missing=
	while IFS='|' read -r group shown package why; do
		# Splitting at `|` keeps the blanks that align the columns.
		case " $groups " in
		*" ${group%% *} "*) ;;
		*) continue ;;
		esac
		shown=${shown# }
		package=${package# }
		package=${package%% *}
		is_there "${shown%"${shown##*[! ]}"}" && continue
		not_to_be_had "$package" && continue
		missing="$missing${package%\?}|${why# }
"
	done <<EOF
$(needs)
EOF
}

# "package  why" for each missing row.
list_missing() {
	printf '%s' "$missing" | while IFS='|' read -r package why; do
		printf '  %-20s %s\n' "$(package_name "$package")" "$why"
	done
}

packages() {
	printf '%s' "$missing" | while IFS='|' read -r package _; do
		package_name "$package"
	done
}

# Runs a command, keeps what it prints in the log, and on a terminal shows how
# far apt-get is. Returns the command's status.
run_logged() {
	{
		"$@" 2>&1
		echo "setup-status $?"
	} | {
		fetched=0
		installed=0
		status=1
		while IFS= read -r line; do
			case $line in
			setup-status\ *) status=${line#setup-status } ;;
			Get:*) fetched=$((fetched + 1)) ;;
			Setting\ up\ *) installed=$((installed + 1)) ;;
			esac
			printf '%s\n' "$line" >>"$log"
			[ -t 1 ] && printf '\rsetup: %d files fetched, %d packages set up ' \
				"$fetched" "$installed"
		done
		[ -t 1 ] && printf '\n'
		exit "$status"
	}
}

# apt-get as root: itself, or through sudo, which may ask for the password on
# a terminal and must not wait for one elsewhere.
apt() {
	# Another apt may be at work, as on a machine that has just started.
	set -- env DEBIAN_FRONTEND=noninteractive \
		apt-get -q -o DPkg::Lock::Timeout=120 "$@"
	if [ "$(id -u)" -ne 0 ]; then
		if [ -t 0 ]; then
			set -- sudo "$@"
		else
			set -- sudo -n "$@"
		fi
	fi
	run_logged "$@" </dev/null
}

# Nobody gives a password without knowing what for.
ask_for_root() {
	say 'to be installed by apt-get, through sudo:'
	list_missing
	sudo -v
}

# Gives up, with the list of what to install by hand, where we may not install.
need_means_to_install() {
	reason=
	if ! on_path apt-get; then
		reason="there is no apt-get here; please install these (Debian's names)"
	elif [ "$(id -u)" -ne 0 ] && ! on_path sudo; then
		reason='installing these needs root, and there is no sudo'
	elif [ "$(id -u)" -ne 0 ] && [ -t 0 ] && ! ask_for_root; then
		reason='installing these needs root, and sudo refused'
	elif [ "$(id -u)" -ne 0 ] && [ ! -t 0 ] && ! sudo -n true 2>/dev/null; then
		reason='installing these needs root, and sudo wants a password'
	fi
	[ -n "$reason" ] || return 0
	say 'missing on this machine:' >&2
	list_missing >&2
	give_up "$reason"
}

install_missing() {
	mkdir -p "${log%/*}" && : >"$log"
	[ -w "$log" ] || give_up "cannot write '$log'"
	say 'something is missing here; bringing the package lists up to date'
	# A list that cannot be fetched may not be the one we need.
	apt update || say "some lists could not be fetched, going on; see $log"

	find_missing
	say 'installing with apt-get:'
	list_missing
	# shellcheck disable=SC2046 # one word a package
	apt install -y --no-install-recommends $(packages) || {
		grep '^E: ' "$log" >&2
		give_up "apt-get could not install them; all it said is in $log"
	}
}

[ $# -gt 0 ] || give_up 'usage: lessons/setup.sh GROUP...'
groups=$*
# Installing another Go would not make a wrong GO right.
[ -z "$GO" ] || is_there go || give_up "GO='$GO' is not a go command"
find_missing
[ -n "$missing" ] || exit 0

need_means_to_install
install_missing
find_missing
[ -z "$missing" ] || {
	list_missing >&2
	give_up 'these are still missing after the installation'
}
say 'done'
