// A program that dies in one of many ways, with goroutines about it whose stacks
// are not of every day.
//
// usage: odd WAY
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

type stringer struct{ n int }

func (s stringer) String() string { return fmt.Sprintf("stringer %d\nof two lines", s.n) }

type custom struct {
	a int
	b string
}

type named string

type pair struct{ x, y int }

//go:noinline
func (p pair) value(n int) { <-gate; sink += p.x + n }

//go:noinline
func (p *pair) pointer(n int) { <-gate; sink += p.x + n }

type valuer interface{ value(n int) }

type embedding struct{ *pair }

var (
	gate    = make(chan int)
	sink    int
	nowhere func(int) int
	empty   map[string]int
)

//go:noinline
func deep(n int) int {
	if n == 0 {
		return <-gate
	}
	return deep(n-1) + 1
}

//go:noinline
func forever(n int, s string) int { return forever(n+1, s) + len(s) }

//go:noinline
func many(a, b, c, d, e, f, g, h, i, j, k, l int, s []string) int {
	return <-gate + a + b + c + d + e + f + g + h + i + j + k + l + len(s)
}

//go:noinline
func spin() {
	for x := uint64(1); ; {
		x = x*6364136223846793005 + 1
		if x == 0 {
			sink++
		}
	}
}

func surroundings() {
	p := pair{1, 2}
	value, pointer := p.value, (&p).pointer
	go value(1)
	go pointer(2)
	go func() { valuer(p).value(3) }()
	go func() { valuer(embedding{&p}).value(4) }()
	go func() { valuer(&p).value(5) }()
	for _, depth := range []int{49, 95, 96, 97, 98, 99, 150, 2000} {
		go deep(depth)
	}
	go many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, nil)
	go func() { defer func() { <-gate }(); panic("held by a deferred call") }()
	go func() { defer func() { recover(); <-gate }(); panic("recovered") }()
	go func() { defer func() { <-gate }(); runtime.Goexit() }()
	go func() { runtime.LockOSThread(); time.Sleep(time.Hour) }()
	time.AfterFunc(time.Millisecond, func() { <-gate })
	type finalized struct{ p *int }
	gone := &finalized{new(int)}
	runtime.SetFinalizer(gone, func(*finalized) { <-gate })
	gone = nil
	var once sync.Once
	go once.Do(func() { <-gate })
	for i := 0; i < 20; i++ {
		go func() {}()
	}
	time.Sleep(20 * time.Millisecond)
	runtime.GC()
	go spin()
	go func() {
		for {
			runtime.Gosched()
		}
	}()
	time.Sleep(50 * time.Millisecond)
}

func panicking(way string) {
	switch way {
	case "deferred":
		defer func() {
			defer func() { panic("third") }()
			panic(errors.New("second"))
		}()
		panic(stringer{1})
	case "again":
		defer func() { panic(recover()) }()
		panic(errors.New("again"))
	case "recovered":
		defer func() {
			recover()
			defer func() { panic("later") }()
			panic("middle")
		}()
		panic("first")
	case "exiting":
		go func() { defer func() { panic("after Goexit") }(); runtime.Goexit() }()
		select {}
	case "custom":
		panic(custom{1, "x"})
	case "lines":
		panic(named("one\ntwo"))
	case "number":
		panic(1.5)
	case "index":
		var list []int
		sink = list[sink+5]
	case "nothing":
		sink = nowhere(3)
	case "map":
		empty["x"] = 1
	case "timer":
		time.AfterFunc(time.Millisecond, func() { panic("in AfterFunc") })
		select {}
	}
}

func main() {
	way := os.Args[1]
	send := map[string]syscall.Signal{"quit": syscall.SIGQUIT,
		"bus": syscall.SIGBUS, "segv": syscall.SIGSEGV, "abrt": syscall.SIGABRT}
	switch way {
	case "asleep":
		<-gate
	case "left":
		runtime.Goexit()
	}
	surroundings()
	panicking(way)
	switch way {
	case "overflow":
		debug.SetMaxStack(1 << 20)
		forever(1, "x")
	case "unlock":
		new(sync.Mutex).Unlock()
	case "address":
		*(*int)(unsafe.Pointer(uintptr(0x123456789))) = 1
	}
	syscall.Kill(syscall.Getpid(), send[way])
	select {}
}
