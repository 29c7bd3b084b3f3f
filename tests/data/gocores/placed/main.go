// Variables that are given other values in ways that leave no trace in optimised
// code or its DWARF: constants, each other's values, what is computed later or was
// computed before. Each function is stopped, or panics, where its variables have
// the values that `want` tells; an old value is wrong.
package main

import (
	"os"
	"runtime"
	"sync"
	"time"
)

var (
	yes   = len(os.Args) > 0
	gate  = make(chan int)
	ready sync.WaitGroup
	kept  interface{}
)

//go:noinline
func keep(x interface{}) { kept = x }

//go:noinline
func keepi(x int) { kept = x }

//go:noinline
func keeps(x string) { kept = x }

//go:noinline
func mk(x int) int { return x }

//go:noinline
func mks(x string) string { return x }

//go:noinline
func mksl(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i + 1
	}
	return s
}

//go:noinline
func stop() int { ready.Done(); return <-gate }

func parked() {
	if r := recover(); true {
		_ = r
		stop()
	}
}

func inl(x int) int { return x + 1 }

func run(fs []func()) {
	ready.Add(len(fs))
	for _, f := range fs {
		go f()
	}
	ready.Wait()
	time.Sleep(200 * time.Millisecond)
	panic("now")
}

// computation sunk into a branch behind the call
// want main.tight x 12
// want main.tight y 11
//
//go:noinline
func tight(a int, c bool) {
	x := mk(a)
	y := mk(a + 1)
	keepi(x)
	x = y + 1
	stop()
	if c {
		keepi(x)
	}
}

// want main.constant x 5
//
//go:noinline
func constant(a int, c bool) {
	x := mk(a)
	mk(3)
	keepi(x)
	x = 5
	stop()
	keepi(x)
}

// want main.constant2 x 5
//
//go:noinline
func constant2(a int, c bool) {
	x := mk(a)
	mk(3)
	keepi(x)
	x = 5
	stop()
	if c {
		keepi(x)
	}
	keepi(x)
}

// want main.constants s "new"
//
//go:noinline
func constants(a int, c bool) {
	s := mks("old")
	mk(3)
	keeps(s)
	s = "new"
	stop()
	keeps(s)
}

// want main.constants2 s "newer"
//
//go:noinline
func constants2(a int, c bool) {
	s := mks("old")
	mk(3)
	keeps(s)
	if c {
		s = "newer"
	}
	stop()
	keeps(s)
}

// want main.constphi x 5
//
//go:noinline
func constphi(a int, c bool) {
	x := mk(a)
	mk(3)
	keepi(x)
	if c {
		x = 5
	}
	stop()
	keepi(x)
}

// want main.copied x 8
// want main.copied y 8
//
//go:noinline
func copied(a int, c bool) {
	x := mk(a)
	y := mk(8)
	keepi(x)
	x = y
	stop()
	keepi(y)
	keepi(x)
}

// want main.copied2 x 8
// want main.copied2 y 9
//
//go:noinline
func copied2(a int, c bool) {
	x := mk(a)
	y := mk(8)
	keepi(x)
	x = y
	y = mk(9)
	stop()
	keepi(y)
	keepi(x)
}

// want main.copied3 x 8
// want main.copied3 y 9
//
//go:noinline
func copied3(a int, c bool) {
	x := mk(a)
	y := mk(8)
	keepi(x)
	x = y
	keepi(x)
	y = mk(9)
	stop()
	keepi(y)
	keepi(x)
}

// want main.deadcopy x 8
// want main.deadcopy y 8
//
//go:noinline
func deadcopy(a int, c bool) {
	x := mk(a)
	y := mk(8)
	mk(4)
	keepi(x)
	keepi(y)
	x = y
	stop()
	keepi(x)
}

// want main.arith x 107
//
//go:noinline
func arith(a int, c bool) {
	x := mk(7)
	mk(1)
	x += 100
	stop()
	keepi(x)
}

// want main.arith2 x 107
// want main.arith2 y 107
//
//go:noinline
func arith2(a int, c bool) {
	x := mk(7)
	y := x
	mk(1)
	x += 100
	y = x
	stop()
	if c {
		keepi(x)
	}
	keepi(y)
}

// want main.sub s "ello"
//
//go:noinline
func sub(a int, c bool) {
	s := mks("hello")
	mk(1)
	keeps(s)
	s = s[1:]
	stop()
	keeps(s)
}

// want main.sub2 s "ell"
//
//go:noinline
func sub2(a int, c bool) {
	s := mks("hello")
	mk(1)
	keeps(s)
	s = s[1:4]
	stop()
	if c {
		keeps(s)
	}
}

// want main.sub3 s "hel"
//
//go:noinline
func sub3(a int, c bool) {
	s := mks("hello")
	mk(1)
	keeps(s)
	s = s[:3]
	stop()
	if c {
		keeps(s)
	}
}

// want main.half s "hel"
// want main.half t "hello"
//
//go:noinline
func half(a int, c bool) {
	s := mks("hello")
	mk(1)
	t := s
	s = s[:a]
	stop()
	keeps(t)
	keeps(s)
}

// want main.rot x 2
// want main.rot y 3
// want main.rot z 1
//
//go:noinline
func rot(a int, c bool) {
	x, y, z := mk(1), mk(2), mk(3)
	x, y, z = y, z, x
	stop()
	keepi(x)
	keepi(y)
	keepi(z)
}

// want main.loop x 4
// want main.loop y 3
// want main.loop z 4
//
//go:noinline
func loop(a int, c bool) {
	x, y, z := mk(1), mk(2), mk(3)
	for i := 0; i < 5; i++ {
		x, y, z = y, z, x+1
		if i == 4 {
			stop()
		}
	}
	keepi(x)
	keepi(y)
	keepi(z)
}

// want main.named r 6
// want main.named e nil
//
//go:noinline
func named(a int) (r int, e error) {
	defer func() { r++ }()
	r = a
	mk(2)
	r = 6
	stop()
	return r, nil
}

// want main.named2 r 6
//
//go:noinline
func named2(a int) (r int) {
	r = mk(a)
	mk(2)
	keepi(r)
	r = 6
	stop()
	return r
}

// want main.zeroed x 0
//
//go:noinline
func zeroed(a int, c bool) {
	x := mk(a)
	mk(1)
	keepi(x)
	x = 0
	stop()
	if c {
		x = mk(2)
	}
	keepi(x)
}

// want main.nilled p nil
//
//go:noinline
func nilled(a int, c bool) {
	p := &a
	mk(1)
	keep(p)
	p = nil
	stop()
	keep(p)
}

// want main.sw x 20
//
//go:noinline
func sw(a int, c bool) {
	x := mk(1)
	keepi(x)
	switch mk(2) {
	case 1:
		x = 10
	case 2:
		x = 20
	default:
		x = mk(4)
	}
	stop()
	keepi(x)
}

// want main.param a 30 || 10
//
//go:noinline
func param(a int, c bool) {
	mk(a)
	keepi(a)
	a = 30
	stop()
	keepi(a)
}

// want main.flag b true
//
//go:noinline
func flag(a int, c bool) {
	b := mk(a) == 99
	mk(1)
	keep(b)
	b = true
	stop()
	keep(b)
}

// want main.boolexp b true
//
//go:noinline
func boolexp(a int, c bool) {
	b := mk(a) == 99
	mk(1)
	keep(b)
	b = a > 1
	stop()
	if c {
		keep(b)
	}
}

type pt struct{ x, y int }

// want main.sroa p {x: 50, y: 2}
//
//go:noinline
func sroa(a int, c bool) {
	p := pt{mk(1), mk(2)}
	mk(1)
	keepi(p.x)
	p.x = 50
	stop()
	keepi(p.y)
	keepi(p.x)
}

// want main.sroa2 p {x: 51, y: 2}
//
//go:noinline
func sroa2(a int, c bool) {
	p := pt{mk(1), mk(2)}
	mk(1)
	keepi(p.x)
	p.x += 50
	stop()
	if c {
		keepi(p.y)
		keepi(p.x)
	}
}

// want main.slice s []int(len 2, cap 3){1, 2}
//
//go:noinline
func slice(a int, c bool) {
	s := mksl(3)
	mk(1)
	keepi(len(s))
	s = s[:2]
	stop()
	keep(s)
}

// want main.slice2 s []int(len 1, cap 2){2}
//
//go:noinline
func slice2(a int, c bool) {
	s := mksl(3)
	mk(1)
	keepi(len(s))
	s = s[1:2]
	stop()
	if c {
		keep(s)
	}
}

// want main.cse x 5
//
//go:noinline
func cse(a, b int) {
	x := a * b
	keepi(x)
	x = 5
	stop()
	keepi(a * b)
	keepi(x)
}

// want main.cse2 x 5
// want main.cse2 y 12
//
//go:noinline
func cse2(a, b int) {
	x := a * b
	y := a * b
	keepi(x)
	x = 5
	stop()
	keepi(y)
	keepi(x)
}

// want main.loads x 5
// want main.loads y 3
//
//go:noinline
func loads(p *pt, b int) {
	x := p.x
	y := p.x
	keepi(x)
	x = 5
	stop()
	keepi(y)
	keepi(x)
}

// want main.boolmath x 8
//
//go:noinline
func boolmath(a int, c bool) {
	x := mk(7)
	d := mk(3) == 3
	keepi(x)
	if d {
		x++
	}
	stop()
	keepi(x)
}

// want main.boolmath2 x 8
//
//go:noinline
func boolmath2(a int, c bool) {
	x := mk(7)
	keepi(x)
	if a > 3 {
		x++
	}
	stop()
	if c {
		keepi(x)
	}
}

// want main.boolshift x 14
//
//go:noinline
func boolshift(a int, c bool) {
	x := mk(7)
	keepi(x)
	if a > 3 {
		x <<= 1
	}
	stop()
	keepi(x)
}

// want main.rangeconst i 100
//
//go:noinline
func rangeconst(s []int, c bool) {
	for i := range s {
		if i == 0 {
			continue
		}
		keepi(i)
		i = 100
		stop()
		keepi(i)
	}
}

// want main.rangenil s nil
// want main.rangenil v 2
// want main.rangenil i 1
//
//go:noinline
func rangenil(n int, c bool) {
	s := mksl(4)
	keep(s)
	for i, v := range s {
		if i == 0 {
			continue
		}
		s = nil
		stop()
		keepi(i + v)
	}
	keep(s)
}

// want main.rangestr s "x"
//
//go:noinline
func rangestr(n int, c bool) {
	s := mks("hello")
	keep(s)
	for i, v := range s {
		if i == 0 {
			continue
		}
		s = "x"
		stop()
		keepi(i + int(v))
	}
	keep(s)
}

// want main.forcopy i 3
//
//go:noinline
func forcopy(n int, c bool) {
	for i := 0; i < n; i++ {
		keepi(i)
		if i == 2 {
			i = 3
			stop()
		}
	}
}

// want main.tmpreuse x 20
// want main.tmpreuse y 1
//
//go:noinline
func tmpreuse(n int, c bool) {
	x := mk(1)
	y := x
	x = mk(20)
	mk(2)
	keepi(y)
	keepi(x)
	add3(mk(5), mk(6), stop())
}

//go:noinline
func add3(a, b, c int) {}

// want main.tmpreuse2 x 20
// want main.tmpreuse2 s "b"
//
//go:noinline
func tmpreuse2(n int, c bool) {
	x := mk(1)
	y := x
	x = mk(20)
	s := mks("a")
	t := s
	s = mks("b")
	mk(2)
	keepi(y)
	keepi(x)
	keeps(t)
	keeps(s)
	keeps(mks("cc") + mks("dd") + string(rune(stop())))
}

// want main.partdead x 5
//
//go:noinline
func partdead(n int, c bool) {
	x := mk(7)
	p := pt{x, mk(1)}
	keepi(p.y)
	keepi(x)
	x = 5
	stop()
	keepi(p.x)
	keepi(x)
}

// want main.iface x nil
//
//go:noinline
func iface(n int, c bool) {
	x := &pt{n, 2}
	var e interface{} = x
	keepi(x.y)
	keep(e)
	x = nil
	stop()
	keep(e)
	keep(x)
}

// want main.tswitch e nil
//
//go:noinline
func tswitch(n int, e0 interface{}) {
	e := e0
	keep(e)
	switch v := e.(type) {
	case *pt:
		e = nil
		stop()
		keepi(v.x)
	}
	keep(e)
}

// want main.sunk x 2
// want main.sunk d 8
//
//go:noinline
func sunk(n int, c bool) {
	x := mk(7)
	keepi(x)
	d := inl(x)
	x = 2
	stop()
	keepi(d)
	keepi(x)
}

// want main.sunk2 x 2
// want main.sunk2 d 8
//
//go:noinline
func sunk2(n int, c bool) {
	x := mk(7)
	keepi(x)
	d := x + 1
	x = 2
	stop()
	if c {
		keepi(d)
	}
	keepi(x)
}

// want main.deferred x 2
//
//go:noinline
func deferred(n int, c bool) {
	x := mk(7)
	keepi(x)
	defer keepi(x)
	x = 2
	stop()
	keepi(x)
}

// want main.deferred2 s "new"
//
//go:noinline
func deferred2(n int, c bool) {
	s := mks("old")
	keeps(s)
	defer keeps(s)
	s = "new"
	stop()
	keeps(s)
}

// want main.closed x 2
//
//go:noinline
func closed(n int, c bool) {
	x := mk(7)
	keepi(x)
	f := func() { keepi(x) }
	f()
	x = 2
	stop()
	f()
}

// want main.loopvar conn 0
//
//go:noinline
func loopvar(n int, c bool) {
	conn := mk(7)
	for k := 0; k < n; k++ {
		keepi(conn)
		conn = 0
		if k == 1 {
			stop()
		}
	}
}

// want main.loopvar2 conn 3
//
//go:noinline
func loopvar2(n int, c bool) {
	conn := mk(7)
	for {
		keepi(conn)
		conn = 3
		stop()
	}
}

// want main.loopvar3 conn 3
//
//go:noinline
func loopvar3(n int, c bool) {
	conn := mk(7)
	for {
		if c {
			keepi(conn)
		}
		keepi(conn)
		conn = 3
		stop()
		if n > 100 {
			conn = mk(9)
		}
	}
}

// want main.idx x 5
//
//go:noinline
func idx(s []int, n int) int {
	defer parked()
	x := mk(7)
	keepi(x)
	x = 5
	y := s[n]
	keepi(x)
	return y
}

// want main.idx2 x 7
// want main.idx2 t "abc"
//
//go:noinline
func idx2(s []int, n int) int {
	defer parked()
	x := mk(7)
	t := mks("abc")
	y := s[n]
	keepi(x)
	keeps(t)
	return y
}

// want main.deref x 5
//
//go:noinline
func deref(p *pt, n int) int {
	defer parked()
	x := mk(7)
	keepi(x)
	x = 5
	y := p.y
	keepi(x)
	return y
}

// want main.deref2 x 7
// want main.deref2 t "abc"
//
//go:noinline
func deref2(p *pt, n int) int {
	defer parked()
	x := mk(7)
	t := mks("abc")
	y := p.y
	keepi(x)
	keeps(t)
	return y
}

// want main.expl x 5
// want main.expl y 9
//
//go:noinline
func expl(p *pt, n int) {
	defer parked()
	x := mk(7)
	y := mk(9)
	keepi(x)
	if n > 3 {
		x = 5
		panic("expl")
	}
	keepi(x)
	keepi(y)
}

// want main.expl2 x 5
// want main.expl2 y 9
//
//go:noinline
func expl2(p *pt, n int) {
	defer parked()
	x := mk(7)
	y := mk(9)
	keepi(x)
	if n > 3 {
		x = 5
		panic("expl")
	}
	keepi(x)
	keepi(y)
}

// want main.resconst r 5
//
//go:noinline
func resconst(n int) (r int) {
	r = mk(7)
	keepi(r)
	r = 5
	stop()
	return
}

// want main.resconst2 r "b"
// want main.resconst2 err nil
//
//go:noinline
func resconst2(n int) (r string, err error) {
	r, err = mks2("a")
	keeps(r)
	if err != nil {
		return "", err
	}
	r = "b"
	stop()
	return
}

//go:noinline
func mks2(s string) (string, error) { return s, nil }

// want main.errnil err nil
//
//go:noinline
func errnil(n int) {
	err := mkerr("a")
	keep(err)
	if err != nil {
		err = nil
	}
	stop()
	keep(err)
}

type myerr struct{ s string }

func (e *myerr) Error() string { return e.s }

//go:noinline
func mkerr(s string) error { return &myerr{s} }

// want main.p1 a 10 || 30
//
//go:noinline
func p1(a int, c bool) {
	keepi(a)
	a = mk(20)
	mk(1)
	keepi(a)
	a = 30
	stop()
	keepi(a)
}

// want main.p2 s "in" || "c"
//
//go:noinline
func p2(s string, c bool) {
	keeps(s)
	s = mks("b")
	mk(1)
	keeps(s)
	s = "c"
	stop()
	keeps(s)
}

// want main.p3 s "in" || "b"
//
//go:noinline
func p3(s string, c bool) {
	keeps(s)
	s = mks("a")
	mk(1)
	keeps(s)
	if c {
		s = mks("b")
	}
	stop()
	keeps(s)
}

// want main.p4 a 1 || 2
// want main.p4 b 2 || 1
//
//go:noinline
func p4(a, b int) {
	keepi(a)
	a, b = b, a
	keepi(a)
	stop()
	keepi(a)
	keepi(b)
}

// want main.p5 a 10 || 13
//
//go:noinline
func p5(a int) {
	for i := 0; i < 3; i++ {
		keepi(a)
		a++
	}
	stop()
	keepi(a)
}

// want main.p6 s "hello" || "ello"
//
//go:noinline
func p6(s string) {
	keeps(s)
	for i := 0; i < 1; i++ {
		s = s[1:]
	}
	stop()
	keeps(s)
}

// want main.p7 s []int(len 3, cap 3){1, 2, 3} || []int(len 2, cap 2){2, 3}
//
//go:noinline
func p7(s []int) {
	keep(s)
	s = s[1:]
	stop()
	keep(s)
}

// want main.p8 e nil
// want main.p8 r 5
//
//go:noinline
func p8(a int) (r int, e error) {
	r, e = mk(1), mkerr("x")
	keep(e)
	keepi(r)
	r, e = mk(5), nil
	stop()
	return
}

type rc struct{ v int }

//go:noinline
func (r *rc) m(o *rc) {
	keepi(r.v)
	if o != nil {
		r = o
	}
	stop()
	keepi(r.v)
}

// want main.p9 a 10
func p9(a int) {
	f := func() int { return a }
	b := mk(f())
	stop()
	keepi(b)
}

// want main.p10 a 10 || 11
//
//go:noinline
func p10(a int) {
	f := func() { a++ }
	f()
	stop()
	keepi(a)
}

// want main.p11 a 12 || 10
//
//go:noinline
func p11(a int) {
	p := &a
	keep(p)
	*p = 12
	stop()
	keepi(a)
}

// want main.p12 s "ab" || "zz"
// want main.p12 t "zz" || "ab"
//
//go:noinline
func p12(s, t string) {
	if len(s) < 3 {
		s, t = t, s
	}
	stop()
	keeps(s)
	keeps(t)
}

type holder struct{ v int }

func (h holder) get() int { return h.v }

type failure struct{ err error }

func same(x int) int { return x }

//go:noinline
func sum(a, b int) int { return a + b }

// want main.merged a {10, 10, 10, 10}
//
//go:noinline
func merged(n int) int {
	a := [4]int{n, n, n, n}
	x := a[n&3]
	x += [4]int{n + 5, n + 6, n, n}[(n+1)&3]
	stop()
	return x
}

// want main.merged2 a {10, 10, 10, 10}
//
//go:noinline
func merged2(n int) int {
	a := [4]int{n, n, n, n}
	x := a[n&3]
	for _, v := range [4]int{n + 5, n + 6, n, n} {
		x += v
	}
	stop()
	return x
}

// want main.merged3 a {10, 10, 10, 10}
//
//go:noinline
func merged3(n int) int {
	a := [4]int{n, n, n, n}
	x := a[n&3]
	if n > 5 {
		b := [4]int{n + 5, n + 6, n, n}
		x += b[(n+1)&3]
	}
	stop()
	return x
}

// want main.hidden1 x 4
//
//go:noinline
func hidden1(n int) int {
	x := mk(n)
	mk(n)
	y := holder{x}.get()
	x = 4
	stop()
	kept = y
	return x
}

// want main.hidden2 x 4
//
//go:noinline
func hidden2(n int) int {
	x := mk(n)
	mk(n)
	y := holder{x}.v
	x = 4
	stop()
	kept = y
	return x
}

// want main.hidden3 x 4
//
//go:noinline
func hidden3(n int) int {
	x := mk(n)
	mk(n)
	y := [1]int{x}[0]
	x = 4
	stop()
	kept = y
	return x
}

// want main.hidden4 x 4
//
//go:noinline
func hidden4(n int) int {
	x := mk(n)
	mk(n)
	y := x + 0
	x = 4
	stop()
	kept = y
	return x
}

// want main.hidden5 x 4
//
//go:noinline
func hidden5(n int) int {
	x := mk(n)
	mk(n)
	y := ^^x
	x = 4
	stop()
	kept = y
	return x
}

// want main.hidden6 x 4
//
//go:noinline
func hidden6(n int) int {
	x := mk(n)
	mk(n)
	y := interface{}(x).(int)
	x = 4
	stop()
	kept = y
	return x
}

// want main.hidden7 x 4
//
//go:noinline
func hidden7(n int) int {
	x := mk(n)
	mk(n)
	y := struct{ a, b int }{x, 1}.a
	x = 4
	stop()
	kept = y
	return x
}

// want main.hidden8 x 4
//
//go:noinline
func hidden8(n int) int {
	x := mk(n)
	mk(n)
	b := [2]int{}
	b[0] = x
	y := b[0]
	x = 4
	stop()
	kept = y
	return x
}

// want main.hidden9 err nil
//
//go:noinline
func hidden9(n int) error {
	err := mkerr("a")
	mk(n)
	e := failure{err}.err
	err = nil
	stop()
	keep(e)
	return err
}

// want main.hidden10 x nil
//
//go:noinline
func hidden10(n int) int {
	x := mksl(n)
	mk(n)
	for i := range x { x = nil; stop(); kept = i }
	return len(x)
}

// want main.hidden11 x 4
//
//go:noinline
func hidden11(n int) int {
	x := mk(n)
	mk(n)
	kept = sum(same(x), func() int { x = 4; stop(); return 1 }())
	return x
}

// want main.hidden12 x 4
//
//go:noinline
func hidden12(n int) int {
	x := mk(n)
	mk(n)
	switch x {
	case func() int { x = 4; stop(); return 1 }():
		kept = 1
	case mk(5):
		kept = 2
	}
	return x
}

// want main.hidden13 x 4
//
//go:noinline
func hidden13(n int) int {
	x := mk(n)
	mk(n)
	y := holder{x}.v
	for i := 0; i < 2; i++ {
		if i == 1 {
			stop()
		}
		keepi(y)
		x = 4
	}
	return x
}

// want main.nameless1 x 4
//
//go:noinline
func nameless1(n int) int {
	x := mk(n)
	y, z := holder{x}.v, mk(2)
	x, z = 4, mk(z)
	stop()
	kept = y
	return x + z
}

// want main.nameless2 x 4
//
//go:noinline
func nameless2(n int) int {
	x := mk(n)
	y, z := holder{x}.get(), mk(2)
	x, z = 4, mk(z)
	stop()
	kept = y
	return x + z
}

// want main.nameless3 x 3
//
//go:noinline
func nameless3(n int) int {
	x := mk(n)
	y, z := [1]int{x}[0], mk(2)
	x = len(os.Args) + z
	stop()
	kept = y
	return x + z
}

var turns, spins uint64

// Stopped anywhere, half of an assignment may be done.
//
// want main.turn s "aaaa" || "bb"
// want main.turn t "aaaa" || "bb"
//
//go:noinline
func turn(s, t string) {
	for turns++; turns != 0; turns++ {
		s, t = t, s
	}
	keep(s)
	keep(t)
}

// want main.spin x 7
// want main.spin y 5
//
//go:noinline
func spin(a int) {
	x := mk(a)
	y := x
	x++
	x--
	y = 5
	for spins++; spins != 0; spins++ {
	}
	keepi(x)
	keepi(y)
}

func main() {
	runtime.GOMAXPROCS(3)
	for i := 0; i < 20; i++ {
		go turn("aaaa", "bb")
		go spin(7)
	}
	run([]func(){
		func() { tight(10, yes) },
		func() { constant(10, yes) },
		func() { constant2(10, yes) },
		func() { constants(10, yes) },
		func() { constants2(10, yes) },
		func() { constphi(10, yes) },
		func() { copied(10, yes) },
		func() { copied2(10, yes) },
		func() { copied3(10, yes) },
		func() { deadcopy(10, yes) },
		func() { arith(10, yes) },
		func() { arith2(10, yes) },
		func() { sub(10, yes) },
		func() { sub2(10, yes) },
		func() { sub3(10, yes) },
		func() { half(3, yes) },
		func() { rot(10, yes) },
		func() { loop(10, yes) },
		func() { named(10) },
		func() { named2(10) },
		func() { zeroed(10, yes) },
		func() { nilled(10, yes) },
		func() { sw(10, yes) },
		func() { param(10, yes) },
		func() { flag(10, yes) },
		func() { boolexp(10, yes) },
		func() { sroa(10, yes) },
		func() { sroa2(10, yes) },
		func() { slice(10, yes) },
		func() { slice2(10, yes) },
		func() { cse(3, 4) },
		func() { cse2(3, 4) },
		func() { loads(&pt{3, 4}, 4) },
		func() { boolmath(10, yes) },
		func() { boolmath2(10, yes) },
		func() { boolshift(10, yes) },
		func() { rangeconst(mksl(4), yes) },
		func() { rangenil(4, yes) },
		func() { rangestr(4, yes) },
		func() { forcopy(10, yes) },
		func() { tmpreuse(4, yes) },
		func() { tmpreuse2(4, yes) },
		func() { partdead(4, yes) },
		func() { iface(4, yes) },
		func() { tswitch(4, &pt{1, 2}) },
		func() { sunk(4, yes) },
		func() { sunk2(4, yes) },
		func() { deferred(4, yes) },
		func() { deferred2(4, yes) },
		func() { closed(4, yes) },
		func() { loopvar(4, yes) },
		func() { loopvar2(4, yes) },
		func() { loopvar3(4, yes) },
		func() { idx(mksl(2), 4) },
		func() { idx2(mksl(2), 4) },
		func() { deref(nil, 4) },
		func() { deref2(nil, 4) },
		func() { expl(nil, 4) },
		func() { expl2(nil, 4) },
		func() { resconst(4) },
		func() { resconst2(4) },
		func() { errnil(4) },
		func() { p1(10, yes) },
		func() { p2("in", yes) },
		func() { p3("in", yes) },
		func() { p4(1, 2) },
		func() { p5(10) },
		func() { p6("hello") },
		func() { p7(mksl(3)) },
		func() { p8(10) },
		func() { (&rc{1}).m(&rc{2}) },
		func() { p9(10) },
		func() { p10(10) },
		func() { p11(10) },
		func() { p12("ab", "zz") },
		func() { merged(10) },
		func() { merged2(10) },
		func() { merged3(10) },
		func() { hidden1(10) },
		func() { hidden2(10) },
		func() { hidden3(10) },
		func() { hidden4(10) },
		func() { hidden5(10) },
		func() { hidden6(10) },
		func() { hidden7(10) },
		func() { hidden8(10) },
		func() { hidden9(10) },
		func() { hidden10(10) },
		func() { hidden11(10) },
		func() { hidden12(10) },
		func() { hidden13(10) },
		func() { nameless1(10) },
		func() { nameless2(10) },
		func() { nameless3(10) },
	})
}
