// Two goroutines that never leave their loops, with floats in registers.
package main

import (
	"runtime"
	"time"
)

var spins [2]uint64
var sink interface{}

//go:noinline
func spin(i int, a, b float64, c float32, d complex128) {
	for spins[i]++; spins[i] != 0; spins[i]++ {
	}
	sink = a
	sink = b
	sink = c
	sink = d
}

func main() {
	runtime.GOMAXPROCS(3)
	go spin(0, 1.5, 2.25, 3.75, complex(5, 6))
	go spin(1, -1.5, 20.25, 30.75, complex(50, 60))
	time.Sleep(100 * time.Millisecond)
	runtime.GC()
	time.Sleep(50 * time.Millisecond)
	panic("x")
}
