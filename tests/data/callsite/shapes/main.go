// Calls of every shape: methods of values and pointers, through interfaces,
// method values, embedded types, generic functions and methods, variadic ones,
// closures, deferred and started ones; with the keys of what was passed.
package main

import (
	"os"
	"reflect"
	"unsafe"
)

var opaque = len(os.Args)

type celsius float64
type five struct{ a, b, c, d, e int }
type pair struct{ a, b int }
type box[T any] struct {
	v T
	n int
}
type wide struct {
	pair
	s string
}
type shower interface {
	show(x int, s string)
	ptr(x int, s string)
}

func word(s string) uint64 { return uint64((*[2]uintptr)(unsafe.Pointer(&s))[0]) }

func addr[T any](p *T) uint64 { return uint64(uintptr(unsafe.Pointer(p))) }

//go:noinline
func (p pair) show(x int, s string) {
	println("key enter main.pair.show", uint64(p.a), uint64(p.b), uint64(x), word(s), uint64(len(s)))
	panic("end")
}

//go:noinline
func (p *pair) ptr(x int, s string) {
	println("key enter main.(*pair).ptr", addr(p), uint64(x), word(s), uint64(len(s)))
	panic("end")
}

//go:noinline
func (b box[T]) get(x int, s string) T {
	println("key enter main.box[...].get none")
	if opaque > 0 {
		panic("end")
	}
	return b.v
}

//go:noinline
func (b *box[T]) set(v T, x int, s string) {
	println("key enter main.(*box[...]).set none")
	if opaque > 0 {
		panic("end")
	}
	b.v = v
}

//go:noinline
func generic[T any](v T, x int, s string) T {
	println("key enter main.generic[...] none")
	if opaque > 0 {
		panic("end")
	}
	return v
}

//go:noinline
func (b *box[T]) quiet(x int, y uint8, s string) { panic("end") }

//go:noinline
func quiet[T any](x int, y uint8, s string) { panic("end") }

//go:noinline
func variadic(x int, rest ...int) {
	println("key enter main.variadic", uint64(x), "-", uint64(len(rest)), uint64(cap(rest)))
	panic("end")
}

//go:noinline
func any2(x interface{}, e error, y int) {
	println("key enter main.any2 - - - -", uint64(y))
	panic("end")
}

//go:noinline
func plain(x int, s string) {
	println("key enter main.plain", uint64(x), word(s), uint64(len(s)))
	panic("end")
}

//go:noinline
func apply(f func(int, string), x int) { f(x+1, "applied") }

//go:noinline
func modified(x int, s string) {
	println("key enter main.modified", uint64(x), word(s), uint64(len(s)))
	x += opaque
	s = s[1:]
	plain(x, s)
	println(x, s)
}

//go:noinline
func recovering(x int) (r int) {
	defer func() {
		recover()
		r = x + 1
	}()
	println("key enter main.recovering", uint64(x))
	var p *int
	return *p
}

//go:noinline
func selects(x int) int {
	v := 3
	for i := 0; i < x; i++ {
		v = i
		if i == 5 {
			v = 9
		}
	}
	plain(v, "sel")
	return v
}

//go:noinline
func keeps(x, y int, f float64, s string) {
	println("key enter main.keeps", uint64(x), uint64(y), *(*uint64)(unsafe.Pointer(&f)), word(s), uint64(len(s)))
	a := [4]int{x, y, 3, 4}
	b := &a
	if opaque > 3 {
		b[0] = 7
	}
	escape(b)
	plain(a[2], s)
}

//go:noinline
func escape(p *[4]int) { p[2]++ }

//go:noinline
func table(n int, s string) {
	var v int
	switch n {
	case 0:
		v = 10
	case 1:
		v = 21
	case 2:
		v = 32
	case 3:
		v = 43
	case 4:
		v = 54
	case 5:
		v = 65
	case 6:
		v = 76
	case 7:
		v = 87
	case 8:
		v = 98
	case 9:
		plain(5, "nine")
	}
	plain(v, s)
}

func (p pair) wraps(x int, s string) { plain(x+p.a*7, s) }

type embedded struct{ *pair }

var cases = map[string]func(){
	"value":    func() { pair{1, 2}.show(3, "value") },
	"pointer":  func() { (&pair{1, 2}).ptr(3, "pointer") },
	"iface":    func() { var s shower = &pair{opaque, 2}; s.show(3, "iface") },
	"ifaceptr": func() { var s shower = &pair{opaque, 2}; s.ptr(3, "ifaceptr") },
	"mvalue":   func() { f := (pair{1, opaque}).show; apply(f, 4) },
	"mptr":     func() { p := &pair{1, opaque}; apply(p.ptr, 4) },
	"mexpr": func() {
		f := pair.show
		if opaque > 7 {
			f = nil
		}
		f(pair{7, 8}, 9, "mexpr")
	},
	"embed": func() { w := wide{pair{4, 5}, "x"}; w.show(6, "embed") },
	"embediface": func() {
		var s shower = embedded{&pair{4, opaque}}
		s.show(6, "embediface")
	},
	"embedptr": func() {
		var s shower = embedded{&pair{4, opaque}}
		s.ptr(6, "embedptr")
	},
	"bget":     func() { box[int]{7, 8}.get(9, "bget") },
	"bset":     func() { (&box[string]{"a", 8}).set("bb", 9, "bset") },
	"bquiet":   func() { (&box[string]{"a", 8}).quiet(77, 200, "bquiet") },
	"quiet":    func() { quiet[string](77, 200, "quiet") },
	"generic":  func() { generic(5.5, 9, "generic") },
	"variadic": func() { variadic(1, 2, 3, 4) },
	"novar":    func() { variadic(1) },
	"any":      func() { any2(5, nil, 6) },
	"apply":    func() { apply(plain, 41) },
	"literal":  func() { y := opaque; apply(func(x int, s string) { plain(x+y, s) }, 3) },
	"modified": func() { modified(10, "modified") },
	"recover":  func() { plain(recovering(6), "recovered") },
	"selects":  func() { selects(7) },
	"keeps":    func() { keeps(1, 2, 2.5, "keeps") },
	"deferred": func() { defer plain(8, "deferred") },
	"deferpanic": func() {
		defer func(x int) { plain(x, "dp") }(opaque)
		panic("first")
	},
	"deferloop": func() {
		for i := 0; i < 2; i++ {
			defer plain(i, "loop")
		}
	},
	"table0": func() { table(0, "t") },
	"table4": func() { table(4+opaque-opaque, "t") },
	"table9": func() { table(9, "t") },
	"hidden": func() { apply((pair{opaque, 1}).wraps, 4) },
	"made": func() {
		made := func(in []reflect.Value) []reflect.Value {
			println("key enter main.glob..func made", "-", uint64(len(in)), uint64(cap(in)))
			panic("end")
		}
		apply(reflect.MakeFunc(reflect.TypeOf(plain), made).Interface().(func(int, string)), 4)
	},
	"narrow": func() { narrows(0x1000000f0+opaque-opaque, 0xfedcba9876543210+uint64(opaque)) },
	"shares": func() { shares(4 + opaque) },
	"shareswide": func() {
		sharesWide(wide{pair{opaque, 2}, "first"}, [2]int{opaque, 3})
	},
	"defers":    func() { defers(4 + opaque) },
	"insti64":   func() { instance(int64(-42), 2) },
	"instu64":   func() { instance(uint64(42), 2) },
	"instf64":   func() { instance(2.5, 2) },
	"instnamed": func() { instance(celsius(1.5), 2) },
	"unread": func() {
		n := opaque - 1
		unread(4*n, five{11 * n, 12 * n, 13 * n, 14 * n, 15 * n}, 8*n)
	},
	"strung": func() { strung("first", "second", "third") },
	"chain":  func() { one(11, "chain", 0.5) },
}

//go:noinline
func one(x int, s string, f float64) { two(s, x, f, x+1) }

//go:noinline
func two(s string, x int, f float64, y int) { three(f, y*2, x, s) }

//go:noinline
func three(f float64, y, x int, s string) {
	println("key enter main.three", *(*uint64)(unsafe.Pointer(&f)), uint64(y), uint64(x), word(s), uint64(len(s)))
	panic("end")
}

//go:noinline
func narrowed(a int32, b uint8, c uint16, d int8, e uint32) {
	println("key enter main.narrowed", uint64(uint32(a)), uint64(b), uint64(c), uint64(uint8(d)), uint64(e))
	panic("end")
}

// Its parameters are printed as exact, and wider than what it passes on.
//
//go:noinline
func narrows(x int, y uint64) int {
	narrowed(int32(x), uint8(y), uint16(y), int8(x), uint32(y))
	println(x, y)
	return x
}

//go:noinline
func writes(x int, p *int) {
	println("key enter main.writes", uint64(x), addr(p))
	*p = 99
	panic("end")
}

// At the crash its parameter's slot holds another value than at the call.
//
//go:noinline
func shares(x int) int {
	writes(x, &x)
	return x
}

//go:noinline
func writesWide(x int, s string, p *wide) {
	println("key enter main.writesWide", uint64(x), word(s), uint64(len(s)), addr(p))
	p.a = 77
	p.s = "changed"
	panic("end")
}

//go:noinline
func sharesWide(w wide, rest [2]int) int {
	writesWide(w.a, w.s, &w)
	return w.a + rest[0]
}

// The deferred call has a hidden wrapper, whose code calls it.
//
//go:noinline
func defers(n int) {
	defer plain(n, "now")
	opaque++
}

//go:noinline
func instance[T any](v T, x int) {
	println("key enter main.instance[...] none")
	keepAny(v)
	panic("end")
}

//go:noinline
func keepAny(v interface{}) {}

// Nobody reads the struct: since go1.26 its slots are junk that no mark shows.
//
//go:noinline
func unread(small int, big five, k int) int {
	x := small
	if opaque > 5 {
		println(&x)
	}
	sum(small, k)
	return small + x + k
}

//go:noinline
func sum(a, b int) {
	println("key enter main.sum", uint64(a), uint64(b))
	panic("end")
}

//go:noinline
func strung(s ...string) {
	println("key enter main.strung - 3 3")
	panic("end")
}

func main() { cases[os.Args[1]]() }
