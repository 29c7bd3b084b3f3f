#ifndef GCR_TEST_SUPPORT_PROGRAM_H
#define GCR_TEST_SUPPORT_PROGRAM_H

/*
 * A Go program of two functions, put together by hand: ELF headers, a pc-line
 * table of go1.20's layout with an inline tree, moduledata, build information and
 * DWARF. It cannot run, but all there is to read in a program is in it.
 *
 *	main.caller  0x401000, 48 bytes; /src/main.go:10, main.inlined:21, :12
 *	main.callee  0x401040, 40 bytes; (str string, n int), /src/main.go:30
 *	"hello"      at PROGRAM_HELLO in read-only data
 *	a pointer to it at PROGRAM_POINTER in writable data
 */

#include "support.h"

enum {
	PROGRAM_TEXT = 0x401000,
	PROGRAM_RODATA = 0x402000,
	PROGRAM_DATA = 0x404000,
	PROGRAM_HELLO = PROGRAM_RODATA + 0x800,
	PROGRAM_POINTER = PROGRAM_DATA + 0x800,
	PROGRAM_LARGEST = 0xf00,
};

struct text compose_program(void);

/*
 * The same with `code` for main.caller, at most PROGRAM_LARGEST bytes, and
 * main.callee at PROGRAM_TEXT + program_callee(code.size).
 */
struct text compose_program_of(struct gcr_span code);
size_t program_callee(size_t code_size);

#endif
