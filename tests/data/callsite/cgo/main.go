// Calls from Go to C and back, and of Go functions with C types; with the keys
// of what was passed, as in ../gen. C code moves the program's text elsewhere,
// is linked by another linker, and its frames are no Go functions.
package main

/*
#include <stdlib.h>

typedef struct {
	int a;
	double b;
	char c[5];
} thing;

extern void goCallback(int, char *, double);

static void callGo(int x, char *s)
{
	goCallback(x, s, 2.5);
}

static int crash(int *p)
{
	return *p;
}

static int sum(int a, int b)
{
	return a + b;
}
*/
import "C"

import (
	"os"
	"unsafe"
)

func word(s string) uint64 { return uint64((*[2]uintptr)(unsafe.Pointer(&s))[0]) }

//export goCallback
func goCallback(x C.int, s *C.char, f C.double) {
	println("key enter main.goCallback", uint64(uint32(x)), uint64(uintptr(unsafe.Pointer(s))), *(*uint64)(unsafe.Pointer(&f)))
	deep(int(x)+1, C.GoString(s), float64(f), 33)
}

//go:noinline
func deep(n int, s string, f float64, k int) {
	println("key enter main.deep", uint64(n), word(s), uint64(len(s)), *(*uint64)(unsafe.Pointer(&f)), uint64(k))
	panic("end")
}

//go:noinline
func target(slice []string, s string, i int, t C.thing) {
	println("key enter main.target -", uint64(len(slice)), uint64(cap(slice)), word(s), uint64(len(s)), uint64(i),
		uint64(t.a), *(*uint64)(unsafe.Pointer(&t.b)), "0 0 0 0 0 - - -")
	panic("end")
}

//go:noinline
func into(i int, s string) {
	println("key enter main.into", uint64(i), word(s), uint64(len(s)))
	C.crash(nil)
	println(i, s)
}

var cases = map[string]func(){
	"types": func() { target(make([]string, 2, 4), "hello", 10, C.thing{a: 1, b: 2.5}) },
	"back": func() {
		s := C.CString("abc")
		C.callGo(7, s)
		C.free(unsafe.Pointer(s))
	},
	"crash": func() { into(9, "crash") },
	"after": func() {
		n := int(C.sum(2, 3))
		target(make([]string, n, 14), "after", 11, C.thing{a: C.int(n)})
	},
}

func main() { cases[os.Args[1]]() }
