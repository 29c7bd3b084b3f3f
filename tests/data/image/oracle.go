// A program that tells what the runtime knows of its own code: for each function
// `F entry name`, for pcs spread over all of them `L pc<TAB>function file:line`,
// and for some functions `S name (types of parameters)`. Addresses are those of
// the link: the argument is where the linker put main.base.
package main

import (
	"bufio"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"unsafe"
)

type point struct{ X, Y int32 }
type small uint8
type shape interface{ Area() float64 }
type square struct{ side float64 }

func (s square) Area() float64 { return s.side * s.side }

var sink interface{}
var rare = len(os.Args) > 9

//go:noinline
func example(slice []string, str string, i int) error {
	if rare {
		return fmt.Errorf("no %s", str)
	}
	return nil
}

//go:noinline
func scalars(a bool, b int8, c uint16, d float32, e complex128, f uintptr, g small) {
	if rare {
		sink = a
	}
}

//go:noinline
func aggregates(p point, q [2]point, s struct {
	A int8
	B string
}, n [0]int) (int, error) {
	if rare {
		sink = q
	}
	return 0, nil
}

// DWARF may have its result twice.
//
//go:noinline
func deferring(p *point, name string) error {
	defer func() { sink = name }()
	sink = p
	return nil
}

//go:noinline
func pointers(p *point, m map[string]int, c chan int, f func(int) string, u unsafe.Pointer, i interface{}, s shape) {
	if rare {
		sink = s
	}
}

func inner(x int) int {
	if x == 77 {
		sink = x
	}
	return x + 1
}

func middle(x int) int { return inner(x) * 2 }

//go:noinline
func outer(x int) int { return middle(x) + inner(x+1) }

//go:noinline
func base() uintptr {
	pc, _, _, _ := runtime.Caller(0)
	return pc
}

func tellSignatures(out *bufio.Writer) {
	for _, f := range []interface{}{example, scalars, aggregates, pointers, deferring, outer} {
		t := reflect.TypeOf(f)
		name := runtime.FuncForPC(reflect.ValueOf(f).Pointer()).Name()
		var types, results []string
		for i := 0; i < t.NumIn(); i++ {
			types = append(types, t.In(i).String())
		}
		for i := 0; i < t.NumOut(); i++ {
			results = append(results, t.Out(i).String())
		}
		fmt.Fprintf(out, "S %s (%s) (%s)\n", name, strings.Join(types, ", "), strings.Join(results, ", "))
	}
}

func tellLines(out *bufio.Writer, linked uintptr) {
	start := runtime.FuncForPC(base()).Entry()
	bias := start - linked
	low, high := start, start
	for f := runtime.FuncForPC(low); f != nil; f = runtime.FuncForPC(low - 1) {
		low = f.Entry()
	}
	for f := runtime.FuncForPC(high); f != nil; f = runtime.FuncForPC(high) {
		high += 16
	}
	var last uintptr
	for pc := low; pc < high; pc++ {
		if f := runtime.FuncForPC(pc); f != nil && f.Entry() != last {
			last = f.Entry()
			fmt.Fprintf(out, "F %x\n", last-bias)
		}
	}
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		var entry, size uintptr
		if _, err := fmt.Sscanf(in.Text(), "%x %d", &entry, &size); err != nil {
			panic(err)
		}
		for at := uintptr(0); at+1 < size; at += 7 {
			tellLine(out, entry+at, bias)
		}
	}
}

// A pc that frames are looked up by is a return address, but for a function's
// first.
func tellLine(out *bufio.Writer, pc, bias uintptr) {
	frame, _ := runtime.CallersFrames([]uintptr{pc + bias + 1}).Next()
	if frame.Function != "" && frame.Line > 0 {
		fmt.Fprintf(out, "L %x\t%s %s:%d\n", pc, frame.Function, frame.File, frame.Line)
	}
}

func main() {
	example(make([]string, 2, 4), "hello", 10)
	scalars(true, -1, 2, 1.5, 1i, 5, 6)
	aggregates(point{}, [2]point{}, struct {
		A int8
		B string
	}{}, [0]int{})
	pointers(nil, nil, nil, nil, nil, nil, square{2})
	outer(len(os.Args))
	linked, err := strconv.ParseUint(os.Args[1], 16, 64)
	if err != nil {
		panic(err)
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	tellSignatures(out)
	tellLines(out, uintptr(linked))
}
