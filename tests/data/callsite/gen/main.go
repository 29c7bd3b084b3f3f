// Writes Go programs whose call sites are to be read, and that say themselves
// what was passed: lines `key enter FUNCTION PART…` and `key leave FUNCTION` on
// standard error, one PART for each register or slot, in decimal; `s:HEX` is
// the address of a string of these bytes, `-` is not told.
//
// usage: gen constant|wild SEED >main.go
//
// constant: 40 functions that never look at their parameters, called with
// constants; the argument of the program chooses one. wild: functions that call
// each other with whatever they have at hand; the last one panics.
//
// Standard library only, and nothing newer than go1.17 (generics: go1.18).
package main

import (
	"fmt"
	"math"
	"math/rand"
	"os"
	"strconv"
	"strings"
)

var rnd *rand.Rand

// A type, and what a value of it is made of.
type typ struct {
	name  string
	kind  string // scalar, float32, float64, complex64, complex128, string, slice, struct, array, pointer, nilly, iface
	elems []*typ
	bits  int
	sign  bool
	count int
}

var scalars = []*typ{
	{name: "bool", kind: "bool", bits: 8},
	{name: "int", kind: "int", bits: 64, sign: true},
	{name: "int8", kind: "int", bits: 8, sign: true},
	{name: "int16", kind: "int", bits: 16, sign: true},
	{name: "int32", kind: "int", bits: 32, sign: true},
	{name: "int64", kind: "int", bits: 64, sign: true},
	{name: "uint", kind: "int", bits: 64},
	{name: "uint8", kind: "int", bits: 8},
	{name: "uint16", kind: "int", bits: 16},
	{name: "uint32", kind: "int", bits: 32},
	{name: "uint64", kind: "int", bits: 64},
	{name: "uintptr", kind: "int", bits: 64},
	{name: "float32", kind: "float32"},
	{name: "float64", kind: "float64"},
	{name: "complex64", kind: "complex64"},
	{name: "complex128", kind: "complex128"},
	{name: "string", kind: "string"},
	{name: "string", kind: "string"},
	{name: "named", kind: "int", bits: 64, sign: true},
	{name: "label", kind: "string"},
}

var others = []*typ{
	{name: "*int", kind: "pointer"},
	{name: "map[string]int", kind: "pointer"},
	{name: "chan int", kind: "pointer"},
	{name: "func()", kind: "pointer"},
	{name: "unsafe.Pointer", kind: "pointer"},
	{name: "interface{}", kind: "iface"},
	{name: "error", kind: "iface"},
}

func pick(n int) int { return rnd.Intn(n) }

func chance(percent int) bool { return rnd.Intn(100) < percent }

// In wild programs most values are of few types, so that they find uses.
var palette []*typ

func randomType(depth int) *typ {
	if len(palette) > 0 && chance(85) {
		return palette[pick(len(palette))]
	}
	switch n := pick(20); {
	case n < 11 || depth > 2:
		return scalars[pick(len(scalars))]
	case n < 14:
		e := scalars[pick(len(scalars))]
		return &typ{name: "[]" + e.name, kind: "slice", elems: []*typ{e}}
	case n < 16:
		return others[pick(len(others))]
	case n < 18:
		e := randomType(depth + 1)
		count := []int{0, 1, 1, 2, 3, 4}[pick(6)]
		return &typ{name: fmt.Sprintf("[%d]%s", count, e.name), kind: "array", elems: []*typ{e}, count: count}
	}
	t := &typ{kind: "struct"}
	var fields []string
	for i, n := 0, pick(4); i < n; i++ {
		e := randomType(depth + 1)
		t.elems = append(t.elems, e)
		fields = append(fields, fmt.Sprintf("f%d %s", i, e.name))
	}
	t.name = "struct{ " + strings.Join(fields, "; ") + " }"
	return t
}

var words = []string{"", "x", "ant", "bee", "crow", "dingo", "hello", "a longer text than the others"}
var floats = []float64{0, 1.5, -2.25, 3, -0.5, 1e30, 0.1}

// A constant of the type: its source text, and its key.
func (t *typ) constant() (string, []string) {
	switch t.kind {
	case "bool":
		if chance(50) {
			return "true", []string{"1"}
		}
		return "false", []string{"0"}
	case "int":
		return t.integer()
	case "float32", "float64":
		f := floats[pick(len(floats))]
		return t.name + "(" + strconv.FormatFloat(f, 'g', -1, 64) + ")", []string{t.float(f)}
	case "complex64", "complex128":
		a, b := floats[pick(len(floats))], floats[pick(len(floats))]
		part := &typ{kind: map[string]string{"complex64": "float32", "complex128": "float64"}[t.kind]}
		return fmt.Sprintf("%s(complex(%v, %v))", t.name, a, b), []string{part.float(a), part.float(b)}
	case "string":
		s := words[pick(len(words))]
		key := fmt.Sprintf("s:%x", s)
		if s == "" {
			key = "-"
		}
		return t.name + "(" + strconv.Quote(s) + ")", []string{key, strconv.Itoa(len(s))}
	case "slice":
		if chance(15) {
			return t.name + "(nil)", []string{"0", "0", "0"}
		}
		n := pick(4)
		c := n + pick(3)
		return fmt.Sprintf("make(%s, %d, %d)", t.name, n, c), []string{"-", strconv.Itoa(n), strconv.Itoa(c)}
	case "array", "struct":
		return t.aggregate(func(e *typ) (string, []string) { return e.constant() })
	case "iface":
		if chance(50) {
			return t.name + "(nil)", []string{"0", "0"}
		}
		if t.name == "error" {
			return "error(oops(3))", []string{"-", "-"}
		}
		return fmt.Sprintf("interface{}(%d)", pick(1000)), []string{"-", "-"}
	}
	if t.name == "*int" && chance(40) {
		return "&global", []string{"-"}
	}
	return "(" + t.name + ")(nil)", []string{"0"}
}

func (t *typ) float(f float64) string {
	if t.kind == "float32" {
		return strconv.FormatUint(uint64(math.Float32bits(float32(f))), 10)
	}
	return strconv.FormatUint(math.Float64bits(f), 10)
}

func (t *typ) integer() (string, []string) {
	v := rnd.Uint64()
	switch pick(4) {
	case 0:
		v = 0
	case 1:
		v = uint64(pick(20))
	case 2:
		v = -uint64(pick(20))
	}
	mask := uint64(math.MaxUint64)
	if t.bits < 64 {
		mask = 1<<uint(t.bits) - 1
	}
	v &= mask
	key := []string{strconv.FormatUint(v, 10)}
	if t.sign {
		shift := uint(64 - t.bits)
		return fmt.Sprintf("%s(%d)", t.name, int64(v<<shift)>>shift), key
	}
	return fmt.Sprintf("%s(%d)", t.name, v), key
}

func (t *typ) aggregate(part func(e *typ) (string, []string)) (string, []string) {
	var texts, keys []string
	elems := t.elems
	for i := 1; t.kind == "array" && i < t.count; i++ {
		elems = append(elems[:len(elems):len(elems)], t.elems[0])
	}
	if t.kind == "array" && t.count == 0 {
		elems = nil
	}
	for _, e := range elems {
		text, key := part(e)
		texts = append(texts, text)
		keys = append(keys, key...)
	}
	return t.name + "{" + strings.Join(texts, ", ") + "}", keys
}

// Statements that print the parts of the expression.
func (t *typ) show(x string) string {
	switch t.kind {
	case "bool":
		return "showBool(" + x + "); "
	case "int":
		if t.sign {
			return fmt.Sprintf("print(\" \", uint64(uint%d(%s))); ", t.bits, x)
		}
		return "print(\" \", uint64(" + x + ")); "
	case "float32":
		return "print(\" \", uint64(math.Float32bits(" + x + "))); "
	case "float64":
		return "print(\" \", math.Float64bits(" + x + ")); "
	case "complex64":
		return "print(\" \", uint64(math.Float32bits(real(" + x + "))), \" \", uint64(math.Float32bits(imag(" + x + ")))); "
	case "complex128":
		return "print(\" \", math.Float64bits(real(" + x + ")), \" \", math.Float64bits(imag(" + x + "))); "
	case "string":
		return "showString(string(" + x + ")); "
	case "slice":
		return fmt.Sprintf("{ v := %s; p := (*[3]uintptr)(unsafe.Pointer(&v)); print(\" \", uint64(p[0]), \" \", uint64(p[1]), \" \", uint64(p[2])) }; ", x)
	case "pointer":
		return fmt.Sprintf("{ v := %s; print(\" \", uint64(*(*uintptr)(unsafe.Pointer(&v)))) }; ", x)
	case "iface":
		return fmt.Sprintf("{ v := %s; p := (*[2]uintptr)(unsafe.Pointer(&v)); print(\" \", uint64(p[0]), \" \", uint64(p[1])) }; ", x)
	case "struct":
		s := ""
		for i, e := range t.elems {
			s += e.show(fmt.Sprintf("%s.f%d", x, i))
		}
		return s
	}
	s := ""
	for i := 0; i < t.count; i++ {
		s += t.elems[0].show(fmt.Sprintf("%s[%d]", x, i))
	}
	return s
}

const prelude = `package main

import (
	"math"
	"os"
	"unsafe"
)

type named int
type label string
type oops int

func (o oops) Error() string { return "oops" }

var global = 7
var opaque = len(os.Args)
var _ = math.Pi
var _ unsafe.Pointer

//go:noinline
func showBool(b bool) {
	if b {
		print(" 1")
	} else {
		print(" 0")
	}
}

//go:noinline
func showString(s string) {
	print(" ", uint64((*[2]uintptr)(unsafe.Pointer(&s))[0]), " ", uint64(len(s)))
}

`

func signature(types []*typ) string {
	var s []string
	for i, t := range types {
		s = append(s, fmt.Sprintf("p%d %s", i, t.name))
	}
	return strings.Join(s, ", ")
}

func constant() {
	fmt.Print(prelude)
	var calls []string
	for i := 0; i < 40; i++ {
		var types []*typ
		var texts, keys []string
		for n := 1 + pick(7) + pick(2)*pick(8); n > 0; n-- {
			t := randomType(0)
			text, key := t.constant()
			types, texts, keys = append(types, t), append(texts, text), append(keys, key...)
		}
		results := []string{"", " error", " (int, bool)", " (a [2]int, b string)"}[pick(4)]
		decl := fmt.Sprintf("func target%d(%s)%s", i, signature(types), results)
		fmt.Printf("//go:noinline\n%s { panic(\"case %d\") }\n\n//go:noinline\nfunc call%d() { target%d(%s) }\n\n",
			decl, i, i, i, strings.Join(texts, ", "))
		calls = append(calls, fmt.Sprintf("\t\t\"%d\": {call%d, %q, %q},\n", i, i, decl, "main.target"+strconv.Itoa(i)+" "+strings.Join(keys, " ")))
	}
	fmt.Printf("func main() {\n\tcalls := map[string]struct {\n\t\tf         func()\n\t\tdecl, key string\n\t}{\n%s\t}\n", strings.Join(calls, ""))
	fmt.Print("\tc := calls[os.Args[1]]\n\tprintln(\"key decl\", c.decl)\n\tprintln(\"key enter\", c.key)\n\tc.f()\n}\n")
}

// ---------------------------------------------------------------------- wild

type variable struct {
	name string
	t    *typ
}

type writer struct {
	b     strings.Builder
	vars  []variable
	depth int
	next  int
	self  int
	decls [][]*typ
	room  int
}

func (w *writer) line(format string, args ...interface{}) {
	fmt.Fprintf(&w.b, strings.Repeat("\t", w.depth+1)+format+"\n", args...)
}

// An expression of the type, from what is at hand.
func (w *writer) expr(t *typ) string {
	var same []string
	for _, v := range w.vars {
		if v.t.name == t.name {
			same = append(same, v.name)
		}
		if v.t.kind == "struct" {
			for i, e := range v.t.elems {
				if e.name == t.name {
					same = append(same, fmt.Sprintf("%s.f%d", v.name, i))
				}
			}
		}
		if v.t.kind == "array" && v.t.count > 0 && v.t.elems[0].name == t.name {
			same = append(same, fmt.Sprintf("%s[%d]", v.name, pick(v.t.count)))
			if v.t.count == 4 {
				same = append(same, v.name+"[opaque&3]")
			}
		}
	}
	if len(same) > 0 && chance(75) {
		x := same[pick(len(same))]
		switch {
		case t.kind == "int" && chance(30):
			y, _ := t.constant()
			if chance(50) {
				y = same[pick(len(same))]
			}
			return fmt.Sprintf("(%s %s %s)", x, []string{"+", "-", "*", "^", "&", "|"}[pick(6)], y)
		case t.kind == "int" && chance(10):
			return fmt.Sprintf("(%s %s %d)", x, []string{"<<", ">>"}[pick(2)], pick(t.bits))
		case t.kind == "int" && chance(5):
			return []string{"-", "^"}[pick(2)] + x
		case t.kind == "string" && t.name == "string" && chance(15):
			return fmt.Sprintf("cut(%s, opaque)", x)
		case t.kind == "bool" && chance(20):
			return "!" + x
		}
		return x
	}
	if t.kind == "int" && chance(20) && len(w.vars) > 0 {
		first := pick(len(w.vars))
		for i := range w.vars {
			v := w.vars[(first+i)%len(w.vars)]
			if v.t.kind == "int" && v.t.name != t.name {
				return t.name + "(" + v.name + ")"
			}
			if v.t.kind == "string" || v.t.kind == "slice" {
				return t.name + "(len(" + v.name + "))"
			}
		}
	}
	if t.name == "int" && chance(15) {
		return []string{"global", "opaque", "seven()", "length(3)", "add(4, 5)"}[pick(5)]
	}
	if t.name == "string" && chance(10) {
		return "text"
	}
	if t.name == "*int" && chance(30) {
		for _, v := range w.vars {
			if v.t.name == "int" {
				return "&" + v.name
			}
		}
	}
	if t.name == "[]int" && chance(40) {
		return fmt.Sprintf("[]int{%s, %s}", w.expr(scalars[1]), w.expr(scalars[1]))
	}
	if (t.kind == "array" || t.kind == "struct") && chance(60) {
		text, _ := t.aggregate(func(e *typ) (string, []string) { return w.expr(e), nil })
		return text
	}
	text, _ := t.constant()
	return text
}

func (w *writer) args(types []*typ) string {
	var s []string
	for _, t := range types {
		s = append(s, w.expr(t))
	}
	return strings.Join(s, ", ")
}

func (w *writer) cond() string {
	switch pick(6) {
	case 0:
		return "opaque == 1"
	case 1:
		return "global > 6"
	case 2:
		return "opaque > 3"
	case 3:
		return "seven() == 7"
	}
	return w.expr(scalars[0])
}

func (w *writer) block(n int) {
	kept := len(w.vars)
	w.depth++
	for ; n > 0; n-- {
		w.statement()
	}
	w.depth--
	w.vars = w.vars[:kept]
}

func (w *writer) call() {
	if w.self+1 >= len(w.decls) {
		return
	}
	k := w.self + 1 + pick(3)
	if k >= len(w.decls) {
		k = len(w.decls) - 1
	}
	x := fmt.Sprintf("f%d(%s)", k, w.args(w.decls[k]))
	switch {
	case chance(6):
		w.line("defer %s", x)
	case chance(8):
		w.line("func() { %s }()", x)
	case chance(8):
		w.line("through(func() { %s })", x)
	case chance(8):
		w.line("h%d := f%d", w.next, k)
		w.line("if opaque > 5 { h%d = nil }", w.next)
		w.line("h%d(%s)", w.next, w.args(w.decls[k]))
		w.next++
	default:
		w.line("%s", x)
	}
}

func (w *writer) statement() {
	w.room--
	n := pick(20)
	if w.room < 0 && n > 5 && n < 16 {
		n = 0
	}
	switch {
	case n < 5:
		t := randomType(1)
		name := fmt.Sprintf("v%d", w.next)
		w.next++
		w.line("%s := %s", name, w.expr(t))
		w.line("_ = %s", name)
		w.vars = append(w.vars, variable{name, t})
	case n < 8 && len(w.vars) > 0:
		v := w.vars[pick(len(w.vars))]
		w.line("%s = %s", v.name, w.expr(v.t))
	case n < 10:
		w.line("if %s {", w.cond())
		w.block(1 + pick(3))
		if chance(50) {
			w.line("} else {")
			w.block(1 + pick(3))
		}
		w.line("}")
	case n < 12:
		i := fmt.Sprintf("i%d", w.next)
		w.next++
		w.line("for %s := 0; %s < %d+opaque-1; %s++ {", i, i, 1+pick(3), i)
		// Read only: a loop has to end.
		w.line("\tj%s := %s", i, i)
		w.line("\t_ = j%s", i)
		kept := len(w.vars)
		w.vars = append(w.vars, variable{"j" + i, scalars[1]})
		w.block(1 + pick(3))
		w.vars = w.vars[:kept]
		w.line("}")
	case n < 13:
		w.line("switch %s {", w.expr(scalars[1]))
		for i := 0; i < 9; i++ {
			w.line("case %d:", i)
			w.block(1)
		}
		w.line("default:")
		w.block(1)
		w.line("}")
	case n < 14:
		for _, v := range w.vars {
			if v.t.name == "int" && chance(50) {
				w.line("change(&%s)", v.name)
				return
			}
		}
		w.line("global = %d", pick(9)+7)
	case n < 15 && len(w.vars) > 0:
		v := w.vars[pick(len(w.vars))]
		w.line("func() { %s = %s }()", v.name, w.expr(v.t))
	case n < 16 && len(w.vars) > 0:
		v := w.vars[pick(len(w.vars))]
		w.line("through(func() { %s = %s })", v.name, w.expr(v.t))
	default:
		w.call()
	}
}

const wildPrelude = `var text = string(os.Args[0][:1])

//go:noinline
func seven() int { return 7 }

//go:noinline
func add(a, b int) int { return a + b }

func length(n int) int { return n + global }

//go:noinline
func cut(s string, n int) string {
	if len(s) > n {
		return s[n:]
	}
	return s
}

//go:noinline
func change(p *int) { *p += 3 }

//go:noinline
func through(f func()) { f() }

`

func wild() {
	fmt.Print(prelude + wildPrelude)
	for i := 0; i < 4; i++ {
		palette = append(palette, randomType(0))
	}
	palette = append(palette, scalars[1])
	count := 6 + pick(6)
	decls := make([][]*typ, count)
	for i := range decls {
		for n := 1 + pick(6); n > 0; n-- {
			decls[i] = append(decls[i], randomType(0))
		}
	}
	for i := range decls {
		w := &writer{self: i, decls: decls, room: 12}
		fmt.Printf("//go:noinline\nfunc f%d(%s) {\n", i, signature(decls[i]))
		if chance(70) {
			fmt.Printf("\tprint(\"key enter main.f%d\")\n", i)
			for j, t := range decls[i] {
				w.vars = append(w.vars, variable{fmt.Sprintf("p%d", j), t})
				if s := t.show(fmt.Sprintf("p%d", j)); s != "" {
					fmt.Printf("\t%s\n", s)
				}
			}
			fmt.Print("\tprintln()\n")
		} else {
			fmt.Printf("\tprintln(\"key enter main.f%d none\")\n", i)
			for j, t := range decls[i] {
				w.vars = append(w.vars, variable{fmt.Sprintf("p%d", j), t})
			}
		}
		if i == count-1 {
			fmt.Print("\tpanic(\"end\")\n}\n\n")
			continue
		}
		if chance(20) {
			fmt.Printf("\tdefer func() { global++ }()\n")
		}
		for n := 2 + pick(6); n > 0; n-- {
			w.statement()
		}
		w.call()
		fmt.Print(w.b.String())
		fmt.Printf("\tprintln(\"key leave main.f%d\")\n}\n\n", i)
	}
	w := &writer{self: -1, decls: decls, room: 12}
	fmt.Printf("func main() {\n\tf0(%s)\n}\n", w.args(decls[0]))
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: gen constant|wild SEED")
		os.Exit(2)
	}
	seed, err := strconv.ParseInt(os.Args[2], 10, 64)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	rnd = rand.New(rand.NewSource(seed))
	if os.Args[1] == "wild" {
		wild()
	} else {
		constant()
	}
}
