// Crash panics in one goroutine while others wait: what is printed of the others,
// and whether the kernel is asked for a core, is for GOTRACEBACK to say.
//
//	cd go-examples/crash && go build && GOTRACEBACK=crash ./crash
//
// Before it panics it prints how many goroutines the program has.
package main

import (
	"fmt"
	"runtime"
)

func main() {
	orders := make(chan int)
	for i := 0; i < 2; i++ {
		go wait(orders)
	}
	go work(1)
	wait(orders)
}

//go:noinline
func wait(orders chan int) int {
	return <-orders
}

//go:noinline
func work(order int) {
	fmt.Printf("key goroutines=%#x\n", runtime.NumGoroutine())
	panic(fmt.Sprintf("order %d was refused", order))
}
