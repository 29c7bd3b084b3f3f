// A library of Go for a program in C, that dies there.
package main

import "C"

import "time"

var (
	gate = make(chan int)
	none map[string]int
)

//go:noinline
func wait(n int) { <-gate }

//export Work
func Work(n C.int) C.int {
	go wait(int(n))
	time.Sleep(20 * time.Millisecond)
	none["x"] = 1
	return n
}

func main() {}
