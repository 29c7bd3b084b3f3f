// Goroutines that wait for things whose addresses are known, for the tests of
// what gocrash says of them.
//
//	waits SCENE HOW
//
// sets SCENE up, prints what is true of it on standard output and then dumps
// itself on standard error: HOW is `quit` (SIGQUIT), `stack` (runtime.Stack, the
// debug=2 text) or `panic`. A line of the key is one of
//
//	wait KIND ROLE ADDRESS COUNT     so many goroutines wait in that way
//	holder KIND ADDRESS GOROUTINE    it holds that lock
//	cycle ADDRESS ADDRESS…           each one's holder waits for the next
//
// with `-` for an address that a program cannot know.
package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// Waiting, one function a way.

//go:noinline
func receive(c chan int) { <-c }

//go:noinline
func receiveOK(c chan int) { _, _ = <-c }

//go:noinline
func drain(c chan int) {
	for range c {
	}
}

//go:noinline
func send(c chan int) { c <- 1 }

//go:noinline
func selectOne(c chan int) {
	select {
	case <-c:
	}
}

//go:noinline
func selectTwo(a, b chan int) {
	select {
	case <-a:
	case b <- 1:
	}
}

//go:noinline
func forever() { select {} }

//go:noinline
func reflectReceive(c chan int) { reflect.ValueOf(c).Recv() }

//go:noinline
func reflectSend(c chan int) { reflect.ValueOf(c).Send(reflect.ValueOf(3)) }

//go:noinline
func lock(m *sync.Mutex) { m.Lock() }

//go:noinline
func readLock(m *sync.RWMutex) { m.RLock() }

//go:noinline
func writeLock(m *sync.RWMutex) { m.Lock() }

//go:noinline
func waitAll(w *sync.WaitGroup) { w.Wait() }

//go:noinline
func waitCond(c *sync.Cond) {
	c.L.Lock()
	c.Wait()
}

//go:noinline
func doOnce(o *sync.Once, f func()) { o.Do(f) }

//go:noinline
func readFrom(f *os.File) {
	var b [1]byte
	f.Read(b[:])
}

//go:noinline
func writeTo(f *os.File) { f.Write(make([]byte, 1<<20)) }

//go:noinline
func accept(l net.Listener) { l.Accept() }

//go:noinline
func sleep() { time.Sleep(time.Hour) }

// The number in the header of a goroutine's own stack.
func goroutineID() string {
	var buf [64]byte
	text := string(buf[:runtime.Stack(buf[:], false)])
	return strings.Fields(text)[1]
}

// settle waits until no goroutine but this one can run.
func settle() {
	buf := make([]byte, 1<<20)
	for i := 0; i < 500; i++ {
		time.Sleep(5 * time.Millisecond)
		text := buf[:runtime.Stack(buf, true)]
		busy := bytes.Count(text, []byte(" [running")) +
			bytes.Count(text, []byte(" [runnable")) +
			bytes.Count(text, []byte(" [sleep]:\nmain.settle"))
		if busy <= 1 {
			return
		}
	}
}

var keep []interface{} // nothing of it is collected

func wait(kind, role string, p unsafe.Pointer, count int) {
	fmt.Printf("wait %s %s %#x %d\n", kind, role, uintptr(p), count)
}

func channel(role string, c chan int, count int) {
	wait("channel", role, unsafe.Pointer(reflect.ValueOf(c).Pointer()), count)
}

func kinds() {
	var (
		in, out       = make(chan int), make(chan int)
		in2           = make(chan int)
		full          = make(chan int, 1)
		none          chan int
		mutex         = new(sync.Mutex)
		written       = new(sync.RWMutex)
		read          = new(sync.RWMutex)
		group         = new(sync.WaitGroup)
		cond          = sync.NewCond(new(sync.Mutex))
		once          = new(sync.Once)
		r, w, _       = os.Pipe()
		r2, w2, _     = os.Pipe()
		listener, err = net.Listen("tcp", "127.0.0.1:0")
	)
	if err != nil {
		panic(err)
	}
	keep = append(keep, mutex, written, read, group, cond, once, r, w, r2, w2, listener)
	full <- 1
	mutex.Lock()
	written.Lock()
	read.RLock()
	group.Add(1)
	go receive(in)
	go receive(in)
	go receiveOK(in)
	go drain(in)
	go selectOne(in)
	go reflectReceive(in2)
	go send(out)
	go reflectSend(full)
	go selectTwo(in, out)
	go receive(none)
	go send(none)
	go forever()
	go sleep()
	go lock(mutex)
	go lock(mutex)
	go readLock(written)
	go writeLock(written)
	go writeLock(read)
	go waitAll(group)
	go waitCond(cond)
	first := make(chan string, 1)
	go doOnce(once, func() {
		first <- goroutineID()
		<-in2
	})
	settle()
	go doOnce(once, func() { <-in2 })
	go readFrom(r)
	go writeTo(w2)
	settle()
	go writeTo(w2)
	go accept(listener)
	settle()
	channel("receives", in, 5)
	channel("receives", in2, 2)
	channel("sends", out, 1)
	channel("sends", full, 1)
	fmt.Println("wait nil-channel receives - 1")
	fmt.Println("wait nil-channel sends - 1")
	fmt.Println("wait select waits - 1")
	fmt.Println("wait select{} waits - 1")
	fmt.Println("wait sleep waits - 1")
	wait("mutex", "locks", unsafe.Pointer(mutex), 2)
	wait("rwmutex", "rlocks", unsafe.Pointer(written), 1)
	wait("rwmutex", "locks", unsafe.Pointer(written), 1)
	wait("rwmutex", "locks", unsafe.Pointer(read), 1)
	wait("waitgroup", "waits", unsafe.Pointer(group), 1)
	wait("cond", "waits", unsafe.Pointer(cond), 1)
	wait("once", "waits", unsafe.Pointer(once), 1)
	fmt.Printf("holder once %#x %s\n", uintptr(unsafe.Pointer(once)), <-first)
	fmt.Println("wait descriptor reads - 2")
	fmt.Println("wait descriptor writes - 1")
	fmt.Println("wait descriptor-lock writes - 1")
}

// A lock inside a struct, and who holds it.

type cache struct {
	name  string
	hits  int
	mutex sync.Mutex
	rows  map[string]int
}

//go:noinline
func (c *cache) get(key string) int {
	c.mutex.Lock()
	n := c.rows[key]
	c.mutex.Unlock()
	return n
}

//go:noinline
func (c *cache) refresh(from chan int, told chan string) {
	c.mutex.Lock()
	told <- goroutineID()
	c.rows["x"] = <-from
	c.mutex.Unlock()
}

//go:noinline
func (c *cache) outer() int {
	c.mutex.Lock()
	n := c.get("x")
	c.mutex.Unlock()
	return n + c.hits
}

//go:noinline
func (c *cache) peek(key string) int {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.rows[key]
}

//go:noinline
func (c *cache) reload(from chan int, told chan string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	told <- goroutineID()
	c.rows["x"] = <-from
}

func newCache(name string) *cache {
	c := &cache{name: name, rows: map[string]int{}}
	keep = append(keep, c)
	return c
}

func holder() {
	c, from, told := newCache("cache"), make(chan int), make(chan string)
	keep = append(keep, from)
	go c.refresh(from, told)
	id := <-told
	for i := 0; i < 5; i++ {
		go c.get("x")
	}
	settle()
	wait("mutex", "locks", unsafe.Pointer(&c.mutex), 5)
	channel("receives", from, 1)
	fmt.Printf("holder mutex %#x %s\n", uintptr(unsafe.Pointer(&c.mutex)), id)
}

// The same with defer, as most of them are.
func deferred() {
	c, from, told := newCache("cache"), make(chan int), make(chan string)
	keep = append(keep, from)
	go c.reload(from, told)
	id := <-told
	for i := 0; i < 5; i++ {
		go c.peek("x")
	}
	settle()
	wait("mutex", "locks", unsafe.Pointer(&c.mutex), 5)
	channel("receives", from, 1)
	fmt.Printf("holder mutex %#x %s\n", uintptr(unsafe.Pointer(&c.mutex)), id)
}

func self() {
	c := newCache("cache")
	told := make(chan string, 1)
	go func() {
		told <- goroutineID()
		c.outer()
	}()
	settle()
	wait("mutex", "locks", unsafe.Pointer(&c.mutex), 1)
	fmt.Printf("holder mutex %#x %s\n", uintptr(unsafe.Pointer(&c.mutex)), <-told)
}

// Locks taken in different orders.

type account struct {
	owner   string
	mutex   sync.Mutex
	balance int
}

//go:noinline
func transfer(from, to *account, amount int, told chan string, next chan int) {
	from.mutex.Lock()
	told <- goroutineID()
	<-next
	to.mutex.Lock()
	from.balance -= amount
	to.balance += amount
	to.mutex.Unlock()
	from.mutex.Unlock()
}

func order(count int) {
	accounts := make([]*account, count)
	ids := make([]string, count)
	told, next := make(chan string), make(chan int)
	for i := range accounts {
		accounts[i] = &account{owner: "someone"}
		keep = append(keep, accounts[i])
	}
	for i := range accounts {
		go transfer(accounts[i], accounts[(i+1)%count], 7, told, next)
		ids[i] = <-told
	}
	close(next)
	settle()
	cycle := "cycle"
	for i, a := range accounts {
		p := unsafe.Pointer(&a.mutex)
		wait("mutex", "locks", p, 1)
		fmt.Printf("holder mutex %#x %s\n", uintptr(p), ids[i])
		cycle += fmt.Sprintf(" %#x", uintptr(p))
	}
	fmt.Println(cycle)
}

// A RWMutex held for reading by one who waits for what a writer holds.

type table struct {
	rows  map[string]int
	guard sync.RWMutex
	log   sync.Mutex
}

//go:noinline
func (t *table) scan(told chan string, next chan int) int {
	t.guard.RLock()
	told <- goroutineID()
	n := <-next + len(t.rows)
	t.guard.RUnlock()
	return n
}

//go:noinline
func (t *table) put(key string) {
	t.guard.Lock()
	t.rows[key]++
	t.guard.Unlock()
}

//go:noinline
func (t *table) size() int {
	t.guard.RLock()
	n := len(t.rows)
	t.guard.RUnlock()
	return n
}

func readers() {
	t, told, next := &table{rows: map[string]int{}}, make(chan string), make(chan int)
	keep = append(keep, t, next)
	go t.scan(told, next)
	id := <-told
	go t.put("x")
	settle()
	for i := 0; i < 3; i++ {
		go t.size()
	}
	settle()
	p := unsafe.Pointer(&t.guard)
	wait("rwmutex", "locks", p, 1)
	wait("rwmutex", "rlocks", p, 3)
	channel("receives", next, 1)
	fmt.Printf("holder rwmutex %#x %s\n", uintptr(p), id)
}

func main() {
	switch os.Args[1] {
	case "kinds":
		kinds()
	case "holder":
		holder()
	case "deferred":
		deferred()
	case "self":
		self()
	case "order2":
		order(2)
	case "order3":
		order(3)
	case "readers":
		readers()
	}
	switch os.Args[2] {
	case "quit":
		syscall.Kill(os.Getpid(), syscall.SIGQUIT)
		time.Sleep(time.Minute)
	case "stack":
		buf := make([]byte, 1<<20)
		os.Stderr.Write(buf[:runtime.Stack(buf, true)])
	case "panic":
		panic("dump")
	}
	runtime.KeepAlive(keep)
}
