#!/bin/sh
# What lessons/setup.sh says and does where something is missing: with a PATH of
# stand-ins, nothing of this machine is asked or changed.
set -u
top=$(pwd)
place=$(mktemp -d) || exit 1
trap 'rm -rf "$place"' EXIT
bin=$place/bin
checked=0
failed=0

# A machine with the ordinary programs, and the compiler gcc-99 to come.
fresh_machine() {
	rm -rf "${place:?}"/*
	mkdir "$bin"
	for program in sh cat chmod env grep head id mkdir sed; do
		ln -s "$(command -v "$program")" "$bin/$program"
	done
}

# stand_in NAME TEXT: a program of that name in the machine.
stand_in() {
	rm -f "$bin/$1"
	printf '#!/bin/sh\n%s\n' "$2" >"$bin/$1"
	chmod +x "$bin/$1"
}

set_up() {
	status=0
	output=$(cd "$place" && PATH=$bin CC=gcc-99 GO=${go-} \
		"$bin/sh" "$top/lessons/setup.sh" "$@" 2>&1 </dev/null) || status=$?
}

# expect NAME STATUS PATTERN...: the last set_up ended so and said all that.
expect() {
	name=$1
	checked=$((checked + 1))
	[ "$status" -eq "$2" ] || problem="status $status instead of $2"
	shift 2
	for pattern in "$@"; do
		printf '%s\n' "$output" | grep -q -e "$pattern" ||
			problem="no '$pattern' in its output"
	done
	[ -n "${problem-}" ] || return 0
	printf '%s: %s\n%s\n' "$name" "$problem" "$output"
	failed=$((failed + 1))
	problem=
}

fresh_machine
set_up
expect no_group_is_a_usage_error 2 'usage'

fresh_machine
stand_in gcc-99 'exit 0'
stand_in pkg-config 'exit 0'
set_up build
expect nothing_missing_says_nothing 0
[ -z "$output" ] || problem='it said something'
expect nothing_missing_prints_nothing 0

fresh_machine
set_up build lesson
expect without_apt_get_the_list_is_printed 2 'gcc-99 .*compiles' \
	'golang-go .*builds the programs' 'no apt-get here'

fresh_machine
stand_in go 'exit 0'
stand_in objdump 'exit 0'
stand_in eu-readelf 'exit 0'
set_up lesson
expect without_apt_get_lessons_do_without_gdb 0

fresh_machine
stand_in apt-get 'exit 0'
stand_in id 'echo 1000'
set_up build
expect without_root_and_sudo_the_list_is_printed 2 'gcc-99 .*compiles' 'no sudo'

stand_in sudo 'exit 1'
set_up build
expect a_password_is_not_waited_for_without_a_terminal 2 'sudo wants a password'

go=/nowhere/go
set_up lesson
expect a_wrong_GO_is_told 2 "GO='/nowhere/go' is not a go command"
go=

# What was asked of apt-get is in $place/asked.
# shellcheck disable=SC2016 # for the stand-ins to expand
asks='echo "$*" >>asked'
fresh_machine
stand_in id 'echo 1000'
# shellcheck disable=SC2016
stand_in sudo '[ "$1" = -n ] && shift; echo sudo >>asked; exec "$@"'
stand_in true 'exit 0'
stand_in pkg-config 'exit 0'
stand_in apt-get "$asks
case \$* in *' install '*) printf '#!/bin/sh\n' >bin/gcc-99; chmod +x bin/gcc-99 ;; esac"
set_up build
expect what_is_missing_is_installed_with_sudo 0 'gcc-99 .*compiles' 'done'
output=$(cat "$place/asked")
expect only_what_is_missing_is_installed 0 'sudo' ' update$' \
	'install -y --no-install-recommends gcc-99$'

fresh_machine
stand_in id 'echo 0'
stand_in apt-get 'echo "E: the archive is on fire"; exit 100'
set_up build
expect a_failing_apt_get_is_told 2 'could not be fetched' \
	'^E: the archive is on fire' 'could not install them'

fresh_machine
stand_in id 'echo 0'
stand_in apt-get 'exit 0'
set_up build
expect what_is_still_missing_is_told 2 'still missing'

# delve GO...: lessons/delve.sh of that machine.
delve() {
	status=0
	output=$(cd "$place" && PATH=$bin "$bin/sh" "$top/lessons/delve.sh" \
		"$@" 2>&1 </dev/null) || status=$?
}

# machine_with_go VERSION INSTALL: a go that does INSTALL when told to.
machine_with_go() {
	fresh_machine
	for program in mv rm tail timeout; do
		ln -s "$(command -v "$program")" "$bin/$program"
	done
	stand_in go "case \$1 in env) echo $1 ;; *) echo \"\$*\" >>asked; $2 ;; esac"
}
# shellcheck disable=SC2016
makes='echo >"$GOBIN/dlv"; chmod +x "$GOBIN/dlv"'

machine_with_go go1.26.3 "$makes"
delve go
expect a_delve_is_built_for_a_new_go 0 'building Delve v1.26.2 for go1.26'
output=$(cat "$place/asked")
expect it_is_built_by_go_install 0 '^install .*/dlv@v1.26.2$'
[ -x "$place/build/dlv/go1.26/dlv" ] || problem='it is not there'
expect it_is_built_into_a_folder_of_that_go 0
delve go
[ -z "$output" ] || problem='it said something'
expect what_is_built_is_not_built_again 0

machine_with_go go1.19.8 "$makes"
stand_in dlv "echo 'Delve Debugger'; echo 'Version: 1.20.2'"
delve go
[ -z "$output" ] || problem='it said something'
expect one_on_path_that_accepts_this_go_will_do 0
stand_in dlv "echo 'Version: 1.26.0'"
delve go
expect one_that_is_too_new_will_not_do 0 'building Delve v1.20.2 for go1.19'

machine_with_go go1.26.3 'echo no such host; exit 1'
delve go
expect where_none_can_be_built_that_is_said_and_no_failure 0 \
	'could not be built: no such host' 'with gocrash'
[ ! -e "$place/build/dlv/go1.26" ] || problem='half of one is there'
expect half_of_one_is_not_left 0

machine_with_go go1.99 'exit 1'
delve go
expect an_unknown_go_is_told 0 'no release .* accepts go1.99'

echo "$checked checked, $failed failed"
[ "$failed" -eq 0 ]
