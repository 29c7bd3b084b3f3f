// Two goroutines that never leave their loops, with floats in registers. With an
// argument there is one processor: then both were preempted.
package main

import (
	"os"
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
	if len(os.Args) > 1 {
		runtime.GOMAXPROCS(1)
	}
	n := float64(cap(os.Args) - len(os.Args)) // no constant: 0
	go spin(0, n+1.5, n+2.25, float32(n)+3.75, complex(n+5, 6))
	go spin(1, n-1.5, n+20.25, float32(n)+30.75, complex(n+50, 60))
	time.Sleep(100 * time.Millisecond)
	runtime.GC()
	time.Sleep(50 * time.Millisecond)
	panic("x")
}
