// Assignments that the compiler moves behind a call of a later line: a debugger
// shows the old value there. Each goroutine waits behind all of them.
package main

import (
	"fmt"
	"os"
	"time"
)

type value struct {
	id   int
	name string
}

var hold = make(chan struct{})

//go:noinline
func chosen(id int) {
	name := fmt.Sprint("n", id)
	if id%3 == 0 {
		name = "three"
	}
	<-hold
	fmt.Fprintln(os.Stderr, id, name)
}

//go:noinline
func counted(id int, more bool) {
	count := len(fmt.Sprint(id)) + 40
	if more {
		count = 77
	}
	<-hold
	fmt.Fprintln(os.Stderr, id, count)
}

//go:noinline
func summed(id int) {
	sum := len(fmt.Sprint(id)) + 50
	sum = sum*2 + id
	<-hold
	fmt.Fprintln(os.Stderr, sum)
}

//go:noinline
func swapped(a, b string) {
	x, y := a, b
	x, y = y, x
	<-hold
	fmt.Fprintln(os.Stderr, x, y)
}

func main() {
	for i := 0; i < 3; i++ {
		go chosen(3 * i)
		go counted(i, true)
		go summed(i)
		go swapped("A", "B")
	}
	time.Sleep(50 * time.Millisecond)
	panic(value{7, "seven"})
}
