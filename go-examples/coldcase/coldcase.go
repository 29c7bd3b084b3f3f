// Coldcase packs orders, and one of them never leaves the house: in one of six
// ways, as the first number of its constants says. Lesson 14 shows no more of it
// than the core.
//
//	cd go-examples/coldcase && go build && ./coldcase
//
// Two of the six hang; Ctrl-\ ends those. What it prints at first is for the
// lesson to compare the answers with.
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync"
	"time"
)

const fault, ticket, customer, number = 1, 1234, "hello", 7

const (
	faultNil = 1 + iota
	faultIndex
	faultLocks
	faultLeak
	faultError
	faultStack
)

const beyond = number + 1 + ticket%90

type shelf struct {
	mu   sync.Mutex
	free int
}

type part struct {
	next *part
	size int
}

type stop struct {
	code int
}

type order struct {
	ticket   int
	customer string
	sizes    []int
	stops    []*stop
	parts    *part
}

type missing struct {
	code int
}

func (m *missing) Error() string {
	return fmt.Sprintf("part %d is missing", m.code)
}

var (
	shelves [2]shelf
	locked  sync.WaitGroup
	telling sync.Mutex
)

func main() {
	debug.SetMaxStack(64 << 10)
	locked.Add(2)
	idle := make(chan *order)
	for i := 0; i < 2+ticket%7; i++ {
		go wait(idle)
	}
	tell("beyond", beyond)
	switch fault {
	case faultLocks:
		go handle(newOrder(ticket+1, "other"), &shelves[1], &shelves[0])
	case faultLeak:
		for i := 1; i < number; i++ {
			go handle(newOrder(ticket+i, "other"), nil, nil)
		}
	}
	go handle(newOrder(ticket, customer), &shelves[0], &shelves[1])
	time.Sleep(300 * time.Millisecond)
	tell("ready", 1)
	for {
		time.Sleep(time.Second)
	}
}

func tell(name string, value int) {
	telling.Lock()
	defer telling.Unlock()
	fmt.Fprintf(os.Stderr, "key %s=%#x\n", name, value)
}

// newOrder makes one with a stop too few, and parts that go round in a circle.
func newOrder(ticket int, customer string) *order {
	o := &order{ticket: ticket, customer: customer}
	o.sizes = make([]int, number)
	for i := 0; i < 13; i++ {
		o.stops = append(o.stops, &stop{i})
	}
	o.stops[number] = nil
	last := &part{size: 1}
	o.parts = last
	for i := 1; i < number; i++ {
		o.parts = &part{next: o.parts, size: i}
	}
	last.next = o.parts
	return o
}

//go:noinline
func wait(orders chan *order) {
	handle(<-orders, nil, nil)
}

//go:noinline
func handle(o *order, from, to *shelf) {
	tell(fmt.Sprintf("ticket%d", o.ticket), goroutine())
	switch fault {
	case faultNil:
		for at := range o.stops {
			o.label(o.ticket, o.customer, at)
		}
	case faultIndex:
		o.weigh(o.ticket, o.customer, beyond)
	case faultLocks:
		o.move(o.ticket, o.customer, from, to)
	case faultLeak:
		o.report(o.ticket, o.customer, make(chan int))
	case faultError:
		o.pack(o.ticket, o.customer)
	case faultStack:
		o.sum(o.ticket, o.customer, o.parts)
	}
}

// goroutine gives the number of the goroutine that calls it, as the runtime tells.
func goroutine() int {
	var id int
	text := make([]byte, 64)
	text = text[:runtime.Stack(text, false)]
	fmt.Sscanf(string(text), "goroutine %d ", &id)
	return id
}

//go:noinline
func (o *order) label(ticket int, customer string, at int) int {
	return o.stops[at].code // fault 1
}

//go:noinline
func (o *order) weigh(ticket int, customer string, at int) int {
	return o.sizes[at] // fault 2
}

//go:noinline
func (o *order) move(ticket int, customer string, from, to *shelf) {
	from.mu.Lock()
	locked.Done()
	locked.Wait()
	to.mu.Lock() // fault 3
	from.free, to.free = from.free+1, to.free-1
	to.mu.Unlock()
	from.mu.Unlock()
}

//go:noinline
func (o *order) report(ticket int, customer string, done chan int) {
	done <- ticket // fault 4
}

//go:noinline
func (o *order) pack(ticket int, customer string) {
	err := fmt.Errorf("order %d: %w", ticket, &missing{number})
	panic(err) // fault 5
}

//go:noinline
func (o *order) sum(ticket int, customer string, at *part) int { // fault 6
	return at.size + o.sum(ticket, customer, at.next)
}
