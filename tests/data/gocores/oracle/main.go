// A program with goroutines of every kind, that dies on demand. What the runtime
// prints under GOTRACEBACK=crash and the core it leaves are of one moment.
//
// usage: oracle WAY COUNT [KEY]: panic, nil, nested, fatal, quit or stay; COUNT
// goroutines beside the single ones. KEY gets a line per goroutine, as far as it
// knows itself: `id kind function word...`, `*` for one that it cannot tell.
package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"strconv"
	"sync"
	"syscall"
	"time"
)

type point struct {
	x, y int32
	name string
}

type holder struct {
	mutex   sync.Mutex
	rw      sync.RWMutex
	group   sync.WaitGroup
	cond    *sync.Cond
	gate    chan int
	never   chan point
	nothing chan string
}

type waiter interface {
	wait(n int, why string)
}

type byReceive struct{ h *holder }
type bySelect struct {
	pad [3]int
	h   holder
}

var (
	all   holder
	ready sync.WaitGroup
	key   *os.File
	once  sync.Mutex
	sink  uint64
	spins [2]uint64
	// What is nil, and what the compiler must not know to be.
	absent *point
	// Where there is C, waits in it.
	beyond func()
)

func goid() uint64 {
	buffer := make([]byte, 64)
	buffer = buffer[:runtime.Stack(buffer, false)]
	fields := bytes.Fields(buffer)
	id, _ := strconv.ParseUint(string(fields[1]), 10, 64)
	return id
}

// tell writes a line of the key, and says that this goroutine is about to block.
func tell(kind, function, values string) {
	if key != nil {
		once.Lock()
		fmt.Fprintf(key, "%d %s %s %s\n", goid(), kind, function, values)
		once.Unlock()
	}
	ready.Done()
}

//go:noinline
func receive(n int, name string, data []byte, flag bool) int {
	return <-all.gate + n + len(name) + len(data)
}

//go:noinline
func send(p point, f float64, any interface{}) {
	all.never <- p
	sink += uint64(f) + uint64(p.x)
	_ = any
}

//go:noinline
func choose(a, b int8, c uint16, list [2]string) {
	select {
	case <-all.gate:
	case all.never <- point{int32(a), int32(b), list[0]}:
	case s := <-all.nothing:
		sink += uint64(len(s)) + uint64(c)
	}
}

//go:noinline
func lock(h *holder, n int) {
	h.mutex.Lock()
	sink += uint64(n)
	h.mutex.Unlock()
}

//go:noinline
func readLock(h *holder, deep [2]struct{ a, b *point }) {
	h.rw.RLock()
	sink += uint64(len(deep))
	h.rw.RUnlock()
}

//go:noinline
func writeLock(h *holder, a, b, c, d, e, f, g, i, j, k, l, m int) {
	h.rw.Lock()
	sink += uint64(a + b + c + d + e + f + g + i + j + k + l + m)
	h.rw.Unlock()
}

//go:noinline
func group(h *holder, f func(int) int, m map[string]int) {
	h.group.Wait()
	sink += uint64(f(len(m)))
}

//go:noinline
func condition(h *holder, c complex128, big [5]int) {
	h.cond.L.Lock()
	for sink != 1<<60 {
		h.cond.Wait()
	}
	sink += uint64(real(c)) + uint64(big[4])
	h.cond.L.Unlock()
}

//go:noinline
func nap(d time.Duration, why error) {
	time.Sleep(d)
	sink += uint64(d)
	if why != nil {
		panic(why)
	}
}

//go:noinline
func forever(c chan struct{}) {
	<-c
}

//go:noinline
func descend(depth int, name string) int {
	if depth == 0 {
		return receive(depth, name, nil, true)
	}
	return descend(depth-1, name) + depth
}

// Small enough to be inlined, twice.
func inner(n int) int  { return <-all.gate + n }
func middle(n int) int { return inner(n+1) * 2 }

//go:noinline
func inlining(n int) { sink += uint64(middle(n)) }

func (w byReceive) wait(n int, why string) { receive(n, why, []byte(why), false) }

func (w *bySelect) wait(n int, why string) {
	defer func(n int) { sink += uint64(n) }(n)
	choose(int8(n), -1, uint16(w.pad[0]), [2]string{why, "second"})
}

// Promoted methods are called through a wrapper.
type outer struct {
	*bySelect
	tag string
}

func closure(n int, name string) func() {
	words := []string{name, name + "!"}
	return func() {
		func() {
			n++
			receive(n, words[0], []byte(words[1]), true)
		}()
	}
}

func labelled(n int) {
	labels := pprof.Labels("kind", "labelled", "n", strconv.Itoa(n))
	pprof.Do(context.Background(), labels, func(context.Context) {
		descend(n%7, "with labels")
	})
}

//go:noinline
func running(n int) {
	for {
		spins[n]++
	}
}

//go:noinline
func step(n *uint64) { *n++ }

func calling(n int) {
	for {
		step(&spins[n])
	}
}

func locked(n int) {
	runtime.LockOSThread()
	tell("locked", "main.locked", "0x"+strconv.Itoa(n))
	receive(n, "locked", nil, false)
}

func system(fd int) {
	buffer := make([]byte, 16)
	tell("syscall", "main.system", fmt.Sprintf("0x%x", fd))
	n, _ := syscall.Read(fd, buffer)
	sink += uint64(n)
}

func readPipe(file *os.File) {
	buffer := make([]byte, 16)
	tell("pipe", "main.readPipe", "")
	n, _ := file.Read(buffer)
	sink += uint64(n)
}

//go:noinline
func late(n int, name string) { receive(n, name, nil, false) }

// Go to go1.16 ran what stands in a `go` itself, later ones a closure for it.
func one(i int) {
	name := "n" + strconv.Itoa(i)
	switch kind := i % 16; kind {
	case 0:
		tell("receive", "main.receive", fmt.Sprintf(
			"0x%x * 0x%x * 0x%x * 0x1", i, len(name), len(name)))
		receive(i, name, []byte(name), true)
	case 1:
		tell("send", "main.send", fmt.Sprintf(
			"0x%x 0xfffffffe * 0x%x 0x3ff8000000000000", i, len(name)))
		send(point{int32(i), -2, name}, 1.5, i)
	case 2:
		tell("select", "main.choose", fmt.Sprintf("0x%x 0xfe 0x102 * 0x%x * 0x3",
			i&0xff, len(name)))
		choose(int8(i), -2, 0x102, [2]string{name, "two"})
	case 3:
		tell("mutex", "main.lock", fmt.Sprintf("* 0x%x", i))
		lock(&all, i)
	case 4:
		tell("rlock", "main.readLock", "* 0x0 *")
		readLock(&all, [2]struct{ a, b *point }{{nil, &point{1, 2, name}}})
	case 5:
		tell("wlock", "main.writeLock", fmt.Sprintf(
			"* 0x%x 0x2 0x3 0x4 0x5 0x6 0x7 0x8 0x9", i))
		writeLock(&all, i, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
	case 6:
		tell("group", "main.group", "")
		group(&all, func(n int) int { return n + i }, map[string]int{name: i})
	case 7:
		tell("cond", "main.condition", fmt.Sprintf(
			"* * 0xbff0000000000000 0x1 0x2 0x3 0x4 0x%x", i))
		condition(&all, complex(float64(i), -1), [5]int{1, 2, 3, 4, i})
	case 8:
		tell("sleep", "main.nap", "0x34630b8a000")
		nap(time.Hour, os.ErrClosed)
	case 9:
		tell("nil", "main.forever", "0x0")
		forever(nil)
	case 10:
		tell("descend", "main.descend", fmt.Sprintf("* * 0x%x", len(name)))
		descend(3+i%5, name)
	case 11:
		tell("inlined", "main.inlining", fmt.Sprintf("0x%x", i))
		inlining(i)
	case 12:
		tell("method", "main.byReceive.wait", fmt.Sprintf(
			"* 0x%x * 0x%x", i, len(name)))
		waiter(byReceive{&all}).wait(i, name)
	case 13:
		tell("wrapped", "main.(*bySelect).wait", fmt.Sprintf(
			"* 0x%x * 0x%x", i, len(name)))
		waiter(outer{&bySelect{}, name}).wait(i, name)
	case 14:
		tell("closure", "main.one", fmt.Sprintf("0x%x", i))
		closure(i, name)()
	case 15:
		tell("labelled", "main.labelled", fmt.Sprintf("0x%x", i))
		labelled(i)
	}
}

//go:noinline
func dereference(p *point, s string) int32 { return p.y + int32(len(s)) }

func fail(way string, n int) {
	switch way {
	case "panic":
		panic(fmt.Sprintf("on demand, %d", n))
	case "nil":
		sink += uint64(dereference(absent, way))
	case "nested":
		defer func() { panic(fmt.Errorf("again: %v", recover())) }()
		panic(point{1, 2, "first"})
	case "fatal":
		var mutex sync.Mutex
		mutex.Unlock()
	case "quit":
		syscall.Kill(syscall.Getpid(), syscall.SIGQUIT)
	}
	select {}
}

func singles() {
	ready.Add(4)
	go locked(1)
	var pipe [2]int
	syscall.Pipe(pipe[:])
	go system(pipe[0])
	read, _, _ := os.Pipe()
	go readPipe(read)
	go func() {
		tell("deep", "main.descend", "")
		descend(150, "deep")
	}()
	go running(0)
	go calling(1)
	if beyond != nil {
		ready.Add(1)
		go beyond()
	}
	more()
}

func main() {
	way := os.Args[1]
	count, _ := strconv.Atoi(os.Args[2])
	if len(os.Args) > 3 {
		key, _ = os.Create(os.Args[3])
	}
	runtime.GOMAXPROCS(6)
	all.gate, all.never = make(chan int), make(chan point)
	all.nothing = make(chan string)
	all.cond = sync.NewCond(new(sync.Mutex))
	all.group.Add(1)
	all.mutex.Lock()
	all.rw.Lock()
	ready.Add(count)
	for i := 0; i < count; i++ {
		go one(i)
	}
	singles()
	ready.Wait()
	// Behind `tell` there are some instructions until it blocks.
	time.Sleep(200*time.Millisecond + time.Duration(count)*2*time.Microsecond)
	fmt.Println("ready")
	if way == "stay" {
		select {}
	}
	for i := 0; i < 4; i++ {
		go late(i, way)
	}
	fail(way, count)
}
