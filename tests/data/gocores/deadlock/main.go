// A program that stands still: two goroutines, each with one lock and waiting for
// the other's, twice. The locks are fields of structs that are parameters, and
// fields of globals that no frame is given. What it knows of itself it writes down.
//
// usage: deadlock KEY
package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"time"
	"unsafe"
)

type account struct {
	name    string
	balance int
	mutex   sync.Mutex
}

type register struct {
	entries map[string]int
	mutex   sync.Mutex
}

var (
	here, there register
	first       sync.WaitGroup
	second      sync.WaitGroup
	key         *os.File
	once        sync.Mutex
)

func goid() uint64 {
	buffer := make([]byte, 64)
	buffer = buffer[:runtime.Stack(buffer, false)]
	id, _ := strconv.ParseUint(string(bytes.Fields(buffer)[1]), 10, 64)
	return id
}

// tell writes a line of the key: `id kind lock-it-holds lock-it-wants`.
func tell(kind string, holds, wants *sync.Mutex) {
	once.Lock()
	fmt.Fprintf(key, "%d %s %#x %#x\n", goid(), kind,
		uintptr(unsafe.Pointer(holds)), uintptr(unsafe.Pointer(wants)))
	once.Unlock()
}

//go:noinline
func newAccount(name string) *account { return &account{name: name} }

//go:noinline
func (a *account) add(amount int) {
	a.mutex.Lock()
	a.balance += amount
	a.mutex.Unlock()
}

//go:noinline
func transfer(from, to *account, amount int) {
	from.mutex.Lock()
	tell("field", &from.mutex, &to.mutex)
	first.Done()
	first.Wait()
	to.add(amount)
	from.balance -= amount
	from.mutex.Unlock()
}

//go:noinline
func enterThere(name string) {
	there.mutex.Lock()
	there.entries[name]++
	there.mutex.Unlock()
}

//go:noinline
func enterHere(name string) {
	here.mutex.Lock()
	here.entries[name]++
	here.mutex.Unlock()
}

//go:noinline
func hereFirst(name string) {
	here.mutex.Lock()
	tell("global", &here.mutex, &there.mutex)
	second.Done()
	second.Wait()
	enterThere(name)
	here.entries[name]--
	here.mutex.Unlock()
}

//go:noinline
func thereFirst(name string) {
	there.mutex.Lock()
	tell("global", &there.mutex, &here.mutex)
	second.Done()
	second.Wait()
	enterHere(name)
	there.entries[name]--
	there.mutex.Unlock()
}

func main() {
	key, _ = os.Create(os.Args[1])
	here.entries, there.entries = map[string]int{}, map[string]int{}
	first.Add(2)
	second.Add(2)
	left, right := newAccount("left"), newAccount("right")
	go transfer(left, right, 10)
	go transfer(right, left, 20)
	go hereFirst("h")
	go thereFirst("t")
	first.Wait()
	second.Wait()
	time.Sleep(200 * time.Millisecond)
	key.Close()
	panic("they stand still")
}
