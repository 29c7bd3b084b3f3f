//go:build cgo
// +build cgo

package main

/*
#include <unistd.h>
static int in_c(int n) { return n + (int)pause(); }
*/
import "C"

func init() {
	beyond = func() {
		tell("cgo", "main.init.0.func1", "")
		C.in_c(3)
	}
}
