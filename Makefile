# gocrash: read what Go programs leave behind when they crash.
#
# To learn:
#   make lesson1           set up what is missing, build, run lesson 1 (0 to 14)
#                          NEW=1 other numbers, SEED=8f31 those numbers,
#                          Q=4 only question 4, ANSWERS=file graded, GO=/path/go
#   make lesson5           a server under load, stopped by SIGQUIT and read
#   make lesson14          a core and its program, and no source: one of six faults
#   make doctor            lesson 0: is this machine able?
#   make hint, make show   help with the open question; its solution
#   make progress          what is solved; make reset LESSON=3 [YES=1] forgets it
#   make grade             ANSWERS=folder [FORMAT=tap]: grades answer files
#   make lint-lessons      for authors: is each lesson as a lesson must be?
#
# To use gocrash on your own crash:
#   make                   build/release/gocrash, after setting up what is missing
#   make install           into PREFIX=/usr/local, below DESTDIR
#
# To work on gocrash:
#   make test              set up what is missing, then check and check-go
#   make check             unit, golden, command and corpus tests; T=span only those
#   make check-go          live: every Go found here builds, crashes, is decoded
#   make setup             only the set-up; SETUP=no with any target leaves it out
#   make check-headers check-layers check-symbols check-format check-sizes check-text
#                          the rules of the tree (check-structure: all of them)
#   make matrix            check with gcc and clang, debug and sanitized, -Werror
#   make lint              clang-tidy, gcc -fanalyzer, cppcheck, shellcheck
#   make fuzz              libFuzzer, FUZZ_SECONDS=60 a target
#   make bench             how fast
#   make coverage          which lines the tests reach
#   make golden, format    rewrite the golden files; the form of the sources
#   make ci                the structure, the matrix, lint
#   make clean, make help
#
# V=release (default), debug, asan or cov is the variant; each has its folder
# below build/. CC=clang the compiler, WERROR=1 fails on warnings, VERBOSE=1
# shows the commands. IMAGE=no leaves out what reads binaries and cores, and with
# it elfutils and Capstone.

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:

V ?= release
B ?= build/$(V)
PREFIX ?= /usr/local
JOBS := $(or $(JOBS),$(shell nproc 2>/dev/null || echo 1))
FUZZ_SECONDS ?= 60

# One goal is built in parallel; several, as in `make lesson1 lesson2`, are
# things a person wants one after the other.
ifeq ($(MAKELEVEL)$(word 2,$(MAKECMDGOALS)),0)
MAKEFLAGS += -j$(JOBS)
endif

AT := $(if $(VERBOSE),,@)
say = $(if $(findstring s,$(firstword -$(MAKEFLAGS))),,@printf '  %-6s %s\n' $1 '$2')

# ---------------------------------------------------------------- the flags

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wvla -Wwrite-strings \
	-Wcast-qual -Wformat=2 -Wundef -Wswitch-enum

SANITIZE := -fsanitize=address,undefined,leak -fno-sanitize-recover=all

# gcc says of itself that with a sanitizer this warning is often wrong.
NO_FALSE_ALARM := $(if $(findstring clang,$(CC)),,-Wno-maybe-uninitialized)

# gcc's analyser does not know that a call which returns 0 has filled `ret`, nor
# that an array is NULL only while its count is 0; sanitizers and fuzzers do.
BEYOND_THE_ANALYSER := $(addprefix -Wno-analyzer-,null-dereference null-argument \
	possible-null-argument use-of-uninitialized-value)

# `symbols` shows every call the source makes, `fuzz` is for libFuzzer and
# `analyze` for gcc's own analyser; the targets that need them choose them.
FLAGS_release := -O2 -g
FLAGS_debug := -O0 -g3
FLAGS_asan := -O1 -g -fno-omit-frame-pointer $(SANITIZE) $(NO_FALSE_ALARM)
FLAGS_cov := -O0 -g --coverage
FLAGS_symbols := -O0 -fno-builtin
FLAGS_fuzz := -O1 -g -fno-omit-frame-pointer $(SANITIZE) -fsanitize=fuzzer-no-link
FLAGS_analyze := -O1 -g -fanalyzer $(BEYOND_THE_ANALYSER)

$(if $(FLAGS_$(V)),,$(error V=$(V) is no variant: release, debug, asan or cov))

# Text alone needs neither of these.
IMAGE ?= yes
WITHOUT_IMAGE := $(filter no,$(IMAGE))

ALL_CFLAGS := -std=c17 -D_POSIX_C_SOURCE=200809L -fno-common $(WARNINGS) \
	$(if $(WITHOUT_IMAGE),-DGCR_WITHOUT_ELFUTILS -DGCR_WITHOUT_CAPSTONE) \
	$(if $(WERROR),-Werror) $(FLAGS_$(V)) -iquote decoder $(CPPFLAGS) $(CFLAGS)

# Asked of the shell at the moment of use: on a bare machine pkg-config is
# installed by the first prerequisite of the rule it stands in. libjq has no
# pkg-config file in Debian 12.
RUNNER_PACKAGES := libcmark libedit
RUNNER_LIBS = -ljq $$(pkg-config --libs $(RUNNER_PACKAGES))
ELF_PACKAGES := $(if $(WITHOUT_IMAGE),,libdw libelf)
CODE_PACKAGES := $(if $(WITHOUT_IMAGE),,capstone)
IMAGE_LIBS = $(if $(WITHOUT_IMAGE),,$$(pkg-config --libs $(ELF_PACKAGES) $(CODE_PACKAGES)))
ZIP_PACKAGES := zlib
LIBS = $(IMAGE_LIBS) $$(pkg-config --libs $(ZIP_PACKAGES))
package_flags = $(if $(PACKAGES),$$(pkg-config --cflags $(PACKAGES)))

# ---------------------------------------------------------------- the files

LIB_SOURCES := $(wildcard decoder/*.c)
CLI_SOURCES := $(wildcard decoder/cli/*.c)
RUNNER_SOURCES := $(wildcard lessons/runner/*.c)
SUPPORT_SOURCES := $(wildcard tests/support*.c)
CHECK_SOURCES := $(wildcard tests/check_*$(T)*.c)
FUZZ_SOURCES := $(wildcard tests/fuzz/fuzz_*.c)
BENCH_SOURCES := $(wildcard tests/bench_*.c)
# Programs that live tests ask about binaries.
PROBE_SOURCES := $(if $(WITHOUT_IMAGE),,$(wildcard tests/probe_*.c))
CODE_SOURCES := $(LIB_SOURCES) $(CLI_SOURCES) $(RUNNER_SOURCES)
SOURCES := $(CODE_SOURCES) $(SUPPORT_SOURCES) $(CHECK_SOURCES) $(FUZZ_SOURCES) \
	$(BENCH_SOURCES) $(PROBE_SOURCES) tests/fuzz/replay.c
HEADERS := $(wildcard decoder/*.h decoder/cli/*.h lessons/runner/*.h tests/*.h \
	tests/fuzz/*.h)
SCRIPTS := lessons/setup.sh lessons/delve.sh .ci/run $(wildcard tests/*.sh tests/structure/*.sh)

objects = $(patsubst %.c,$(B)/%.o,$1)

LIB := $(B)/libgocrash.a
# The runner without its main, for the tests of its modules.
RUNNER_LIB := $(B)/librunner.a
GOCRASH := $(B)/gocrash
RUNNER := $(B)/lesson
CHECKS := $(CHECK_SOURCES:%.c=$(B)/%)
REPLAYS := $(FUZZ_SOURCES:%.c=$(B)/%)
BENCHES := $(BENCH_SOURCES:%.c=$(B)/%)
PROBES := $(PROBE_SOURCES:%.c=$(B)/%)

# What the recipes below and the scripts they call are told.
export GO
TOLD = GOCRASH='$(GOCRASH)' LESSON='$(RUNNER)' PROBE='$(B)/tests/probe_callsite' JOBS='$(JOBS)' LOGS='$(B)/logs'

# ---------------------------------------------------------------- setting up

# Everything compiled stands behind `setup`, so that a bare machine needs no
# second command. It looks for what the goals need, and costs nothing when all
# of it is there.
LESSONS := $(addprefix lesson,0 1 2 3 4 5 6 7 8 9 10 11 12 13 14)

needs_if = $(if $(filter $2,$(MAKECMDGOALS)),$1)
NEEDS := build $(if $(WITHOUT_IMAGE),,image) \
	$(call needs_if,lesson,$(LESSONS) doctor setup test check-go ci) \
	$(call needs_if,load,lesson5 lesson7 lesson12 setup test check-go ci) \
	$(call needs_if,delve,lesson8 lesson14 setup test check-go ci) \
	$(call needs_if,check,setup test check matrix ci coverage lint $(CHECKS)) \
	$(if $(findstring clang,$(CC)),clang,$(call needs_if,clang,matrix ci fuzz)) \
	$(call needs_if,ci,ci lint format check-format check-structure)

# The live tests try every Go there is here.
DELVE_GOS = $(or $(GO),go) $(if $(filter setup test check-go ci,$(MAKECMDGOALS)),$(wildcard /usr/lib/go-*/bin/go))

.PHONY: setup
setup:
ifneq ($(SETUP),no)
	@CC='$(CC)' sh lessons/setup.sh $(NEEDS)
	$(if $(filter delve,$(NEEDS)),@sh lessons/delve.sh $(DELVE_GOS))
endif

# ---------------------------------------------------------------- building

.PHONY: all
all: $(GOCRASH) $(RUNNER)
	@echo 'Built $(GOCRASH) and $(RUNNER). First lesson: make lesson1'

# Files that change only when the flags or the set of sources do, so that what
# was built with others is built anew.
ifneq ($(filter-out clean help,$(or $(MAKECMDGOALS),all)),)
$(shell mkdir -p $(B))
FLAGS_NOW := $(CC) $(ALL_CFLAGS) $(LDFLAGS)
ifneq ($(file <$(B)/flags),$(FLAGS_NOW))
$(file >$(B)/flags,$(FLAGS_NOW))
endif
ifneq ($(file <$(B)/sources),$(LIB_SOURCES) $(RUNNER_SOURCES))
$(file >$(B)/sources,$(LIB_SOURCES) $(RUNNER_SOURCES))
endif
endif

$(B)/lessons/runner/%.o: PACKAGES := $(RUNNER_PACKAGES)
$(B)/decoder/image.o $(B)/decoder/debuginfo.o $(B)/decoder/debugtype.o $(B)/decoder/signature.o $(B)/decoder/debugpart.o $(B)/decoder/debugscope.o $(B)/decoder/dwarfloc.o $(B)/decoder/corenative.o: PACKAGES := $(ELF_PACKAGES)
$(B)/decoder/disasm.o: PACKAGES := $(CODE_PACKAGES)
$(B)/decoder/gzip.o: PACKAGES := $(ZIP_PACKAGES)
$(B)/tests/%.o: PACKAGES := check
$(B)/tests/%.o: ALL_CFLAGS += -iquote tests -iquote lessons
$(B)/tests/fuzz/%.o $(B)/tests/bench_%.o $(B)/tests/probe_%.o: PACKAGES :=

$(B)/%.o: %.c $(B)/flags | setup
	@mkdir -p $(@D)
	$(call say,cc,$<)
	$(AT)$(CC) $(ALL_CFLAGS) $(package_flags) -MMD -MP -c -o $@ $<

$(LIB): $(call objects,$(LIB_SOURCES)) $(B)/sources
$(RUNNER_LIB): $(call objects,$(filter-out %/main.c,$(RUNNER_SOURCES))) $(B)/sources
%.a:
	$(call say,ar,$@)
	$(AT)rm -f $@
	$(AT)$(AR) rcs $@ $(filter %.o,$^)

LINK = $(AT)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -Wl,--as-needed -o $@ \
	$(filter %.o,$^) $(filter %.a,$^) $(LDLIBS) $(LIBS)

$(GOCRASH): $(call objects,$(CLI_SOURCES)) $(LIB)
	$(call say,link,$@)
	$(LINK) -ljq

$(RUNNER): $(B)/lessons/runner/main.o $(RUNNER_LIB) $(LIB)
	$(call say,link,$@)
	$(LINK) $(RUNNER_LIBS)

$(CHECKS): %: %.o $(call objects,$(SUPPORT_SOURCES)) $(RUNNER_LIB) $(LIB)
	$(call say,link,$@)
	$(LINK) $(RUNNER_LIBS) $$(pkg-config --libs check)

$(B)/tests/fuzz/fuzz_callsite: $(B)/tests/support_program.o

# With libFuzzer the driver is its own; otherwise ours replays recorded inputs.
$(REPLAYS): %: %.o $(if $(filter fuzz,$(V)),,$(B)/tests/fuzz/replay.o) $(RUNNER_LIB) $(LIB)
	$(call say,link,$@)
	$(LINK) $(RUNNER_LIBS) $(if $(filter fuzz,$(V)),-fsanitize=fuzzer)

$(BENCHES) $(PROBES): %: %.o $(LIB)
	$(call say,link,$@)
	$(LINK)

-include $(patsubst %.c,$(B)/%.d,$(SOURCES))

# ---------------------------------------------------------------- the lessons

RUN_OPTIONS = $(if $(NEW),--new) $(if $(SEED),--seed='$(SEED)') \
	$(if $(Q),--question='$(Q)') $(if $(ANSWERS),--answers='$(ANSWERS)') \
	$(if $(GO),--go='$(GO)')

# On a terminal, a lesson not yet solved is no error of make's: without this
# its last screen would end in "make: *** ... Error 3". Anyone else who calls,
# a script or a grader, is told.
FORGIVING = || { status=$$?; \
	[ -t 0 ] && [ -z '$(ANSWERS)$(CI)' ] && [ $$status -ne 2 ] && [ $$status -le 3 ] || exit $$status; }

.PHONY: $(LESSONS) doctor hint show progress reset grade lint-lessons
$(LESSONS): lesson%: $(RUNNER) $(GOCRASH)
	@$(RUNNER) run $* $(RUN_OPTIONS) $(FORGIVING)

doctor: lesson0

hint show progress: $(RUNNER)
	@$(RUNNER) $@ $(FORGIVING)

reset: $(RUNNER)
	@$(RUNNER) reset $(LESSON) $(if $(YES),--yes) $(FORGIVING)

grade: $(RUNNER)
	@$(RUNNER) grade $(if $(FORMAT),--format='$(FORMAT)') $(if $(ANSWERS),'$(ANSWERS)')

lint-lessons: $(RUNNER)
	@$(RUNNER) lint $(LESSON)

# ---------------------------------------------------------------- the tests

.PHONY: test check check-go live matrix ci
test: check check-go

check: $(CHECKS) $(REPLAYS) $(GOCRASH) $(RUNNER)
	$(AT)$(TOLD) sh tests/run_checks.sh $(CHECKS) \
		$(wildcard tests/check_*$(T)*.sh) $(if $(T),,$(REPLAYS))

# As part of `make test`, after `check` and not beside it: live runs have
# time limits.
check-go: $(GOCRASH) $(RUNNER) $(PROBES) $(if $(filter test,$(MAKECMDGOALS)),check)
	$(AT)$(TOLD) sh tests/run_live.sh

MATRIX := gcc-debug gcc-asan clang-debug clang-asan
matrix: setup
	$(AT)status=0; for cell in $(MATRIX); do \
		echo "== check with $$cell"; \
		$(MAKE) --no-print-directory check SETUP=no WERROR=1 \
			CC=$${cell%-*} V=$${cell#*-} B=build/$$cell || status=1; \
	done; exit $$status

# All of it runs, whatever fails, so that one run tells everything.
ci: setup
	$(AT)status=0; for goal in check-structure matrix lint; do \
		$(MAKE) --no-print-directory -k $$goal SETUP=no || status=1; \
	done; exit $$status

.PHONY: check-structure check-headers check-layers check-symbols check-format \
	check-sizes check-text
check-structure: check-headers check-layers check-symbols check-format \
	check-sizes check-text

check-headers: setup
	$(AT)CC='$(CC)' sh tests/structure/headers.sh '$(ALL_CFLAGS)' $(HEADERS)

check-layers:
	$(AT)sh tests/structure/layers.sh

check-symbols: setup
	$(AT)$(MAKE) --no-print-directory -s objects V=symbols B=build/symbols SETUP=no
	$(AT)sh tests/structure/symbols.sh build/symbols $(CODE_SOURCES:%.c=build/symbols/%.o)

.PHONY: objects
objects: $(call objects,$(CODE_SOURCES))

check-format: setup
	$(AT)sh tests/structure/format.sh $(SOURCES) $(HEADERS)

check-sizes:
	$(AT)sh tests/structure/sizes.sh $(SOURCES) $(HEADERS)

check-text:
	$(AT)sh tests/structure/text.sh

# ---------------------------------------------------------------- the rest

.PHONY: bench fuzz fuzz-run lint lint-tidy lint-gcc lint-cppcheck lint-shell \
	coverage golden format install clean help
bench: $(BENCHES) $(PROBES) $(GOCRASH)
	$(AT)set -e; for bench in $(BENCHES); do $(TOLD) $$bench; done
	$(AT)$(TOLD) sh tests/bench_callsite.sh
	$(if $(WITHOUT_IMAGE),,$(AT)$(TOLD) sh tests/bench_image.sh)
	$(if $(WITHOUT_IMAGE),,$(AT)$(TOLD) sh tests/bench_core.sh)

fuzz: setup
	$(AT)$(MAKE) --no-print-directory fuzz-run SETUP=no CC=clang V=fuzz

fuzz-run: $(REPLAYS)
	$(AT)FUZZ_SECONDS='$(FUZZ_SECONDS)' FOUND='$(B)' sh tests/run_fuzz.sh $(REPLAYS)

lint: lint-tidy lint-gcc lint-cppcheck lint-shell

lint-tidy: setup
	$(AT)printf '%s\n' $(SOURCES) | xargs -P $(JOBS) -n 4 sh -c \
		'clang-tidy --quiet "$$@" -- $(ALL_CFLAGS) -iquote tests -iquote lessons 2>/dev/null' tidy

lint-gcc: setup
	$(AT)$(MAKE) --no-print-directory -s objects SETUP=no WERROR=1 CC=gcc V=analyze

lint-cppcheck: setup
	$(AT)cppcheck --quiet -j $(JOBS) --std=c11 --error-exitcode=1 \
		--inline-suppr --suppress=missingIncludeSystem \
		--enable=warning,portability,performance -Idecoder $(SOURCES)

lint-shell: setup
	$(AT)shellcheck -x $(SCRIPTS)

coverage: setup
	$(AT)rm -f $$(find build/cov -name '*.gcda' 2>/dev/null)
	$(AT)$(MAKE) --no-print-directory check SETUP=no CC=gcc V=cov
	$(AT)sh tests/structure/coverage.sh build/cov decoder decoder/cli lessons/runner

golden: $(GOCRASH)
	$(AT)$(TOLD) GOLDEN=write sh tests/check_golden.sh

format: setup
	$(AT)clang-format -i $(SOURCES) $(HEADERS)

install: $(GOCRASH) $(LIB)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib $(DESTDIR)$(PREFIX)/include
	install -m 755 $(GOCRASH) $(DESTDIR)$(PREFIX)/bin/gocrash
	install -m 644 $(LIB) $(DESTDIR)$(PREFIX)/lib/libgocrash.a
	install -m 644 decoder/gocrash.h $(DESTDIR)$(PREFIX)/include/gocrash.h

clean:
	rm -rf build

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' Makefile
