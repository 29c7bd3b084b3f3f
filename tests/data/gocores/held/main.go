// A method that does not need its receiver any more, called twice: by one that goes
// on to use it, and by one that does not.
package main

import (
	"sync"
	"time"
)

type store struct {
	mu    sync.Mutex
	name  string
	block chan int
}

//go:noinline
func (s *store) put() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.name = marked(s.name)
	s.block <- len(s.name)
}

//go:noinline
func marked(name string) string { return name + "!" }

//go:noinline
func keeps(name string) {
	s := &store{name: name, block: make(chan int)}
	s.put()
	println(s.name)
}

//go:noinline
func drops(name string) {
	s := &store{name: name, block: make(chan int)}
	s.put()
}

func main() {
	go keeps("kept")
	go drops("dropped")
	time.Sleep(100 * time.Millisecond)
	panic("x")
}
