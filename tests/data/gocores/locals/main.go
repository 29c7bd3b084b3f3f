// Random Go functions with known parameters and variables, each stopped by a
// goroutine of its own; and the comparison of what a core reader says of them.
//
// usage: locals make SEED CASES FOLDER   writes main.go and key.json
//
//	locals check FOLDER/key.json          with JSON on standard input
//	locals wants FILE key.json            from lines `// want FUNCTION NAME TEXT [|| TEXT]`
//
// check fails for each value called exact or recovered that is another one, or
// of a variable that has none yet. MOST=95 also fails when fewer per cent of the
// parameters and variables are exact: of code that was not optimised.
package main

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// A type and how to write it.
type typ struct {
	kind   string // bool, int…, float64, string, slice, array, struct, pointer, map, iface, error, chan, complex128
	name   string
	elem   *typ
	key    *typ
	fields []*typ
	n      int
}

// A value as it should be read. `Text` of a scalar; parts in order.
type node struct {
	Kind  string
	Type  string
	Text  string  `json:",omitempty"`
	Parts []*node `json:",omitempty"`
	Keys  []*node `json:",omitempty"`
	Cap   int     `json:",omitempty"`
}

type variable struct {
	Name  string
	Want  *node // nil: it has no value yet
	Entry *node `json:",omitempty"` // what a parameter was given, if that is another
	Outer bool  `json:",omitempty"` // another of the same name hides it
}

type function struct {
	Name      string
	Variables []variable
}

var (
	random *rand.Rand
	decls  strings.Builder
	count  int
)

const spinners = 3

var scalars = []string{"bool", "int", "int8", "int16", "int32", "int64", "uint", "uint8",
	"uint16", "uint32", "uint64", "uintptr", "float32", "float64", "complex128", "string", "string", "string"}

func anyType(depth int) *typ {
	if depth == 0 || random.Intn(3) == 0 {
		kind := scalars[random.Intn(len(scalars))]
		return &typ{kind: kind, name: kind}
	}
	t := &typ{}
	switch random.Intn(9) {
	case 0, 1:
		t.kind, t.elem = "slice", anyType(depth-1)
		t.name = "[]" + t.elem.name
	case 2:
		t.kind, t.elem, t.n = "array", anyType(depth-1), 1+random.Intn(4)
		t.name = fmt.Sprintf("[%d]%s", t.n, t.elem.name)
	case 3, 4:
		t.kind = "struct"
		for i := 0; i < 1+random.Intn(4); i++ {
			t.fields = append(t.fields, anyType(depth-1))
		}
		count++
		t.name = fmt.Sprintf("t%d", count)
		fmt.Fprintf(&decls, "type %s struct {\n", t.name)
		for i, f := range t.fields {
			fmt.Fprintf(&decls, "\tf%d %s\n", i, f.name)
		}
		decls.WriteString("}\n")
	case 5:
		t.kind, t.elem = "pointer", anyType(depth-1)
		t.name = "*" + t.elem.name
	case 6:
		t.kind, t.key, t.elem = "map", &typ{kind: "string", name: "string"}, anyType(depth-1)
		if random.Intn(2) == 0 {
			t.key = &typ{kind: "int", name: "int"}
		}
		if random.Intn(4) == 0 {
			t.elem = &typ{kind: "struct", name: "struct{}"}
		}
		t.name = "map[" + t.key.name + "]" + t.elem.name
	case 7:
		t.kind, t.name, t.elem = "iface", "interface{}", anyType(depth-1)
		if t.elem.kind == "iface" || t.elem.kind == "error" {
			t.elem = &typ{kind: "int", name: "int"}
		}
		if random.Intn(3) == 0 {
			t.kind, t.name, t.elem = "error", "error", nil
		}
	case 8:
		t.kind, t.elem = "chan", anyType(depth-1)
		t.name = "chan " + t.elem.name
	}
	return t
}

func bits(kind string) int {
	if n, err := strconv.Atoi(strings.TrimLeft(kind, "uintfloacmplex")); err == nil {
		return n
	}
	return 64
}

// value makes a random value: what it is, and the Go expression for it.
func value(t *typ) (*node, string) {
	n := &node{Kind: t.kind, Type: t.name}
	switch t.kind {
	case "bool":
		n.Text = strconv.FormatBool(random.Intn(2) == 0)
		return n, n.Text
	case "int", "int8", "int16", "int32", "int64":
		n.Text = strconv.FormatInt(int64(random.Uint64())>>uint(64-bits(t.kind)), 10)
		return n, t.name + "(" + n.Text + ")"
	case "uint", "uint8", "uint16", "uint32", "uint64":
		n.Text = strconv.FormatUint(random.Uint64()>>uint(64-bits(t.kind)), 10)
		return n, t.name + "(" + n.Text + ")"
	case "uintptr":
		n.Text = fmt.Sprintf("0x%x", random.Uint64()>>1)
		return n, "uintptr(" + n.Text + ")"
	case "float32", "float64":
		n.Text = strconv.FormatFloat(float64(random.Intn(4000)-2000)/8, 'g', -1, 64)
		return n, t.name + "(" + n.Text + ")"
	case "complex128":
		a, b := float64(random.Intn(100))/4, float64(random.Intn(100))/4
		n.Text = fmt.Sprintf("(%v+%vi)", a, b)
		return n, fmt.Sprintf("complex(%v, %v)", a, b)
	case "string":
		text := strings.Repeat(string(rune('a'+random.Intn(26))), random.Intn(12)) + strconv.Itoa(random.Intn(1000))
		n.Text = strconv.Quote(text)
		return n, n.Text
	case "slice":
		if random.Intn(8) == 0 {
			n.Text = "nil"
			return n, "(" + t.name + ")(nil)"
		}
		length := random.Intn(4)
		text := t.name + "{"
		for i := 0; i < length; i++ {
			e, s := value(t.elem)
			n.Parts = append(n.Parts, e)
			text += s + ", "
		}
		n.Cap = length
		return n, text + "}"
	case "array":
		text := t.name + "{"
		for i := 0; i < t.n; i++ {
			e, s := value(t.elem)
			n.Parts = append(n.Parts, e)
			text += s + ", "
		}
		return n, text + "}"
	case "struct":
		text := t.name + "{"
		for _, f := range t.fields {
			e, s := value(f)
			n.Parts = append(n.Parts, e)
			text += s + ", "
		}
		return n, text + "}"
	case "pointer":
		if random.Intn(8) == 0 {
			n.Text = "nil"
			return n, "(" + t.name + ")(nil)"
		}
		e, s := value(t.elem)
		n.Parts = []*node{e}
		return n, fmt.Sprintf("func() *%s { x := %s(%s); return &x }()", t.elem.name, conversion(t.elem), s)
	case "map":
		text := t.name + "{"
		seen := map[string]bool{}
		length := random.Intn(3)
		if random.Intn(4) == 0 {
			length = 3 + random.Intn(13)
		}
		for i := 0; i < length; i++ {
			k, ks := value(t.key)
			e, es := value(t.elem)
			if seen[k.Text] {
				continue
			}
			seen[k.Text] = true
			n.Keys = append(n.Keys, k)
			n.Parts = append(n.Parts, e)
			text += ks + ": " + es + ", "
		}
		return n, text + "}"
	case "iface":
		e, s := value(t.elem)
		n.Parts = []*node{e}
		return n, "interface{}(" + s + ")"
	case "error":
		text := strconv.Itoa(random.Intn(10000))
		n.Text = strconv.Quote(text)
		return n, "errors.New(" + n.Text + ")"
	case "chan":
		length := random.Intn(3)
		n.Cap = length + random.Intn(3)
		text := fmt.Sprintf("func() chan %s { c := make(chan %s, %d); ", t.elem.name, t.elem.name, n.Cap)
		for i := 0; i < length; i++ {
			e, s := value(t.elem)
			n.Parts = append(n.Parts, e)
			text += "c <- " + s + "; "
		}
		return n, text + "return c }()"
	}
	panic(t.kind)
}

func conversion(t *typ) string {
	return "(" + t.name + ")"
}

// opaque is a call whose result the compiler cannot know.
func opaque(t *typ, expression string) string {
	if random.Intn(3) == 0 {
		return expression
	}
	count++
	fmt.Fprintf(&decls, "//go:noinline\nfunc mk%d() %s { return %s }\n", count, t.name, expression)
	return fmt.Sprintf("mk%d()", count)
}

type body struct {
	strings.Builder
	f      *function
	indent int
	kept   []string
	maybe  []string // of them: on one way only
}

func (b *body) line(format string, args ...interface{}) {
	b.WriteString(strings.Repeat("\t", b.indent))
	fmt.Fprintf(b, format+"\n", args...)
}

func (b *body) set(name string, want *node) {
	for i := range b.f.Variables {
		if b.f.Variables[i].Name == name {
			b.f.Variables[i].Want = want
			return
		}
	}
	b.f.Variables = append(b.f.Variables, variable{Name: name, Want: want})
}

func (b *body) declare(name string, hides bool) {
	t := anyType(2)
	want, text := value(t)
	switch random.Intn(4) {
	case 0:
		b.line("var %s %s = %s", name, t.name, opaque(t, text))
	case 1:
		b.line("var %s %s", name, t.name)
		b.line("%s = %s", name, opaque(t, text))
	default:
		b.line("%s := %s(%s)", name, conversion(t), opaque(t, text))
	}
	if hides {
		for i := range b.f.Variables {
			b.f.Variables[i].Outer = b.f.Variables[i].Outer || b.f.Variables[i].Name == name
		}
		b.f.Variables = append([]variable{{Name: name, Want: want}}, b.f.Variables...)
	} else {
		b.set(name, want)
	}
	switch random.Intn(6) {
	case 0: // it escapes
		b.line("keep(&%s)", name)
	case 1:
		b.line("func() { %s = %s }()", name, opaque(t, text))
	case 2, 3:
		b.line("_ = %s", name)
		return
	}
	if b.indent == 1 {
		b.kept = append(b.kept, name)
	} else {
		b.line("defer keep(%s)", name)
	}
}

// made is a call that gives a value the compiler cannot know.
func made(t *typ, text string) string {
	count++
	fmt.Fprintf(&decls, "//go:noinline\nfunc mk%d() %s { return %s }\n", count, t.name, text)
	return fmt.Sprintf("mk%d()", count)
}

// shift gives variables that were used before other values: constants, each
// other's, parts of their own, on one way or in a loop; some are used again.
func (b *body) shift() {
	t := anyType(random.Intn(2))
	var names []string
	var wants []*node
	for v := 0; v < 1+random.Intn(3); v++ {
		want, text := value(t)
		name := fmt.Sprintf("s%d", v)
		b.line("%s := %s", name, made(t, text))
		names, wants = append(names, name), append(wants, want)
	}
	for _, name := range names {
		if random.Intn(3) > 0 {
			b.line("keep(%s)", name)
		}
	}
	switch random.Intn(5) {
	case 0, 1: // the next one's, some turns of it
		turns, loop := 1, random.Intn(2) == 0
		if loop {
			turns += random.Intn(3)
			b.line("for turn := 0; turn < %d; turn++ {", turns)
		}
		b.line("%s = %s", strings.Join(names, ", "), strings.Join(append(names[1:len(names):len(names)], names[0]), ", "))
		if loop {
			b.line("}")
		}
		for ; turns > 0; turns-- {
			wants = append(wants[1:len(wants):len(wants)], wants[0])
		}
	case 2: // another one's, which may go on by itself
		from, to := random.Intn(len(names)), random.Intn(len(names))
		b.line("%s = %s", names[to], names[from])
		wants[to] = wants[from]
		if random.Intn(2) == 0 {
			want, text := value(t)
			b.line("%s = %s", names[from], opaque(t, text))
			wants[from] = want
		}
	default: // another value
		i := random.Intn(len(names))
		want, text := value(t)
		way := random.Intn(4)
		if way == 0 {
			b.line("if yes {")
		} else if way == 1 {
			b.line("for turn := 0; turn < 2; turn++ {")
		}
		b.line("%s = %s", names[i], opaque(t, text))
		if way < 2 {
			b.line("}")
		}
		wants[i] = want
	}
	for i, name := range names {
		b.set(name, wants[i])
		switch random.Intn(3) {
		case 0:
			b.kept = append(b.kept, name)
		case 1:
			b.maybe = append(b.maybe, name)
		default:
			b.line("_ = %s", name)
		}
	}
}

// makeSpinner is a function that never leaves its loop: it is preempted there, or
// stopped by a signal, with variables in registers.
func makeSpinner(i int) (string, *function) {
	b := &body{f: &function{Name: fmt.Sprintf("main.g%d", i)}, indent: 1}
	var parameters, arguments []string
	for p := 0; p < 1+random.Intn(4); p++ {
		t := anyType(1)
		want, text := value(t)
		name := fmt.Sprintf("p%d", p)
		parameters = append(parameters, name+" "+t.name)
		arguments = append(arguments, text)
		b.set(name, want)
		b.kept = append(b.kept, name)
	}
	for v := 0; v < random.Intn(4); v++ {
		t := anyType(1)
		want, text := value(t)
		name := fmt.Sprintf("v%d", v)
		b.line("%s := %s(%s)", name, conversion(t), opaque(t, text))
		b.set(name, want)
		b.kept = append(b.kept, name)
	}
	b.line("for spins[%d]++; spins[%d] != 0; spins[%d]++ {", i, i, i)
	b.line("}")
	for _, name := range b.kept {
		b.line("keep(%s)", name)
	}
	text := fmt.Sprintf("//go:noinline\nfunc g%d(%s) {\n%s}\n", i, strings.Join(parameters, ", "), b.String())
	text += fmt.Sprintf("func spin%d() { g%d(%s) }\n", i, i, strings.Join(arguments, ", "))
	return text, b.f
}

func makeFunction(i int) (string, *function) {
	b := &body{f: &function{Name: fmt.Sprintf("main.f%d", i)}, indent: 1}
	var parameters, arguments []string
	for p := 0; p < random.Intn(6); p++ {
		t := anyType(2)
		want, text := value(t)
		name := fmt.Sprintf("p%d", p)
		parameters = append(parameters, name+" "+t.name)
		arguments = append(arguments, text)
		b.set(name, want)
		if random.Intn(2) == 0 {
			b.kept = append(b.kept, name)
		}
		if random.Intn(6) == 0 {
			other, text := value(t)
			b.line("%s = %s", name, opaque(t, text))
			b.set(name, other)
			b.f.Variables[len(b.f.Variables)-1].Entry = want
			b.kept = append(b.kept, name)
		}
	}
	for v := 0; v < random.Intn(5); v++ {
		b.declare(fmt.Sprintf("v%d", v), false)
	}
	if random.Intn(2) == 0 {
		b.shift()
	}
	closed := 0
	if random.Intn(2) == 0 {
		b.line("if yes {")
		b.indent++
		closed++
		for v := 0; v < random.Intn(3); v++ {
			b.declare(fmt.Sprintf("w%d", v), false)
		}
		if random.Intn(2) == 0 { // it hides the outer one
			b.declare("v0", true)
		}
	}
	if random.Intn(3) == 0 {
		turn := random.Intn(3)
		b.line("for k := 0; k < 3; k++ {")
		b.indent++
		closed++
		b.set("k", &node{Kind: "int", Type: "int", Text: strconv.Itoa(turn)})
		b.line("if k < %d {", turn)
		b.line("\tcontinue")
		b.line("}")
	}
	switch random.Intn(4) {
	case 0:
		count++
		fmt.Fprintf(&decls, "type u%d struct {\n\ta [3]int\n\tb int\n\tc string\n}\n", count)
		b.line("under := u%d{", count)
		b.line("\ta: [3]int{1, 2, 3},")
		b.line("\tb: stop(%d),", i)
		b.line("\tc: \"c\",")
		b.line("}")
		b.line("keep(under)")
		b.set("under", nil)
	case 1:
		b.line("after := text(")
		b.line("\tstop(%d),", i)
		b.line("\tstop(-1))")
		b.line("keep(after)")
		b.set("after", nil)
	default:
		b.line("stop(%d)", i)
	}
	for v := 0; v < random.Intn(2); v++ {
		t := anyType(1)
		_, text := value(t)
		b.line("later%d := %s(%s)", v, conversion(t), opaque(t, text))
		b.line("keep(later%d)", v)
		b.set(fmt.Sprintf("later%d", v), nil)
	}
	for ; closed > 0; closed-- {
		b.indent--
		b.line("}")
	}
	for _, name := range b.maybe {
		b.line("if yes {")
		b.line("\tkeep(%s)", name)
		b.line("}")
	}
	for _, name := range b.kept {
		b.line("keep(%s)", name)
	}
	noinline := "//go:noinline\n"
	if random.Intn(4) == 0 {
		noinline = ""
	}
	text := fmt.Sprintf("%sfunc f%d(%s) {\n%s}\n", noinline, i, strings.Join(parameters, ", "), b.String())
	text += fmt.Sprintf("func run%d() { f%d(%s) }\n", i, i, strings.Join(arguments, ", "))
	return text, b.f
}

// A parameter or variable of a relay, and what it holds.
type holding struct {
	name string
	t    *typ
	want *node
}

// makeChain is a row of functions that hand on what they were given, some of it
// changed, in another order, or only on one way; the last one stops.
func makeChain(i int) (string, []*function) {
	var text strings.Builder
	var functions []*function
	var given []holding
	var arguments []string
	for p := 0; p < 1+random.Intn(4); p++ {
		t := anyType(1)
		want, value := value(t)
		given = append(given, holding{t: t, want: want})
		arguments = append(arguments, opaque(t, value))
	}
	fmt.Fprintf(&text, "func row%d() { h%d_0(%s) }\n", i, i, strings.Join(arguments, ", "))
	length := 2 + random.Intn(4)
	for k := 0; k < length; k++ {
		b := &body{f: &function{Name: fmt.Sprintf("main.h%d_%d", i, k)}, indent: 1}
		var parameters []string
		for p := range given {
			given[p].name = fmt.Sprintf("p%d", p)
			parameters = append(parameters, given[p].name+" "+given[p].t.name)
			b.set(given[p].name, given[p].want)
		}
		b.relay(given)
		if k == length-1 {
			b.line("stop(%d)", i)
			for _, h := range given {
				if random.Intn(2) == 0 {
					b.line("keep(%s)", h.name)
				}
			}
		} else {
			given = b.handOn(given, fmt.Sprintf("h%d_%d", i, k+1))
		}
		fmt.Fprintf(&text, "//go:noinline\nfunc h%d_%d(%s) {\n%s}\n", i, k, strings.Join(parameters, ", "), b.String())
		functions = append(functions, b.f)
	}
	return text.String(), functions
}

// relay changes some of the parameters, keeps some before the call, has others in
// variables and behind their addresses.
func (b *body) relay(given []holding) {
	for p := range given {
		h := &given[p]
		switch random.Intn(12) {
		case 0: // changed
			b.line("keep(%s)", h.name)
			b.change(h, "")
		case 1: // changed on one way
			b.change(h, "if yes {")
		case 2: // on the other
			_, other := value(h.t)
			b.line("if !yes {")
			b.line("\t%s = %s", h.name, opaque(h.t, other))
			b.line("}")
		case 3:
			b.line("keep(&%s)", h.name)
		case 4:
			b.line("keep(%s)", h.name)
		case 5: // changed, and changed back
			b.line("saved%d := %s", p, h.name)
			_, other := value(h.t)
			b.line("%s = %s", h.name, opaque(h.t, other))
			b.line("keep(%s)", h.name)
			b.line("%s = saved%d", h.name, p)
			b.set(fmt.Sprintf("saved%d", p), h.want)
		case 6:
			b.line("for k := 0; k < 2 && yes; k++ {")
			b.line("\tkeep(%s)", h.name)
			b.line("}")
		}
	}
}

func (b *body) change(h *holding, condition string) {
	other, text := value(h.t)
	if condition != "" {
		b.line("%s", condition)
	}
	b.line("%s = %s", h.name, opaque(h.t, text))
	if condition != "" {
		b.line("}")
	}
	for i := range b.f.Variables {
		if b.f.Variables[i].Name == h.name {
			b.f.Variables[i].Entry = h.want
		}
	}
	b.set(h.name, other)
	h.want = other
}

// handOn calls the next one with some of it, in any order, and something new.
func (b *body) handOn(given []holding, next string) []holding {
	var handed []holding
	var arguments []string
	random.Shuffle(len(given), func(i, j int) { given[i], given[j] = given[j], given[i] })
	for _, h := range given {
		if random.Intn(6) == 0 {
			continue
		}
		handed = append(handed, h)
		arguments = append(arguments, h.name)
		if random.Intn(8) == 0 { // twice
			handed = append(handed, h)
			arguments = append(arguments, h.name)
		}
	}
	if random.Intn(3) == 0 {
		t := anyType(1)
		want, text := value(t)
		handed = append(handed, holding{t: t, want: want})
		arguments = append(arguments, opaque(t, text))
	}
	b.line("%s(%s)", next, strings.Join(arguments, ", "))
	for _, h := range given {
		if random.Intn(4) == 0 {
			b.line("keep(%s)", h.name)
		}
	}
	return handed
}

const head = `package main

import (
	"errors"
	"os"
	"runtime"
	"sync"
	"time"
)

var (
	yes   = len(os.Args) > 0
	gate  = make(chan int)
	ready sync.WaitGroup
	spins [8]uint64
	junk []interface{}
	poison uint64 = 0xbad
	kept  interface{}
	_     = errors.New
)

//go:noinline
func keep(x interface{}) { kept = x }

//go:noinline
func text(a, b int) string { return "text" }

// churn frees what nobody keeps, lets the runtime move stacks, and writes other
// things to where the freed was.
func churn() {
	for i := 0; i < 3; i++ {
		runtime.GC()
		for size := 1; size <= 32; size++ {
			for n := 0; n < 100; n++ {
				bytes, pointers := make([]byte, 8*size), make([]*uint64, size)
				for j := range bytes {
					bytes[j] = 0xa5
				}
				for j := range pointers {
					pointers[j] = &poison
				}
				junk = append(junk, bytes, pointers)
			}
		}
	}
}

//go:noinline
func stop(n int) int {
	if n >= 0 {
		ready.Done()
		return <-gate
	}
	return n
}

`

func write(seed int64, cases int, folder string) {
	random = rand.New(rand.NewSource(seed))
	var text, calls strings.Builder
	var functions []*function
	for i := 0; i < cases; i++ {
		t, f := makeFunction(i)
		text.WriteString(t)
		functions = append(functions, f)
		fmt.Fprintf(&calls, "\tgo run%d()\n", i)
	}
	chains := cases / 3
	for i := cases; i < cases+chains; i++ {
		t, row := makeChain(i)
		text.WriteString(t)
		functions = append(functions, row...)
		fmt.Fprintf(&calls, "\tgo row%d()\n", i)
	}
	var spins strings.Builder
	for i := 0; i < spinners; i++ {
		t, f := makeSpinner(i)
		text.WriteString(t)
		functions = append(functions, f)
		fmt.Fprintf(&spins, "\tgo spin%d()\n", i)
	}
	source := head + decls.String() + text.String() + fmt.Sprintf(
		"func main() {\n\truntime.GOMAXPROCS(%d)\n\tready.Add(%d)\n%s\tready.Wait()\n\ttime.Sleep(50 * time.Millisecond)\n\tchurn()\n%s\ttime.Sleep(200 * time.Millisecond)\n\tpanic(\"now\")\n}\n",
		spinners+2, cases+chains, calls.String(), spins.String())
	key, err := json.Marshal(functions)
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "key.json"), key, 0644)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "main.go"), []byte(source), 0644)
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// wants makes the key of a program that tells its values in comments.
func wants(file, key string) {
	var functions []*function
	index := map[string]*function{}
	text, err := os.ReadFile(file)
	for _, line := range strings.Split(string(text), "\n") {
		words := strings.SplitN(line, " ", 5)
		if len(words) < 5 || words[0] != "//" || words[1] != "want" {
			continue
		}
		f := index[words[2]]
		if f == nil {
			f = &function{Name: words[2]}
			index[words[2]] = f
			functions = append(functions, f)
		}
		v := variable{Name: words[3], Want: &node{Text: words[4]}}
		if either := strings.Index(words[4], " || "); either >= 0 {
			v.Want.Text = words[4][:either]
			v.Entry = &node{Text: words[4][either+4:]}
		}
		f.Variables = append(f.Variables, v)
	}
	made, _ := json.Marshal(functions)
	if err == nil {
		err = os.WriteFile(key, made, 0644)
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func main() {
	if len(os.Args) == 5 && os.Args[1] == "make" {
		seed, _ := strconv.ParseInt(os.Args[2], 10, 64)
		cases, _ := strconv.Atoi(os.Args[3])
		write(seed, cases, os.Args[4])
		return
	}
	if len(os.Args) == 3 && os.Args[1] == "check" {
		os.Exit(check(os.Args[2]))
	}
	if len(os.Args) == 4 && os.Args[1] == "wants" {
		wants(os.Args[2], os.Args[3])
		return
	}
	fmt.Println("usage: locals make SEED CASES FOLDER | check KEY | wants FILE KEY")
	os.Exit(2)
}
