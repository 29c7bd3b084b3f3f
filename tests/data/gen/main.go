// Gen writes random Go programs whose functions are called with known values
// and crash, and compares what gocrash says of the crashes with the truth.
//
//	gen make SEED CASES MINOR FOLDER   main.go, go.mod, truth.json in FOLDER
//	gen check TRUTH MODE MINOR <JSON   MODE is default, noopt, 386 or flat
//
// The laws: a value called exact is right; and where the trace holds the true
// values (all modes but default) every leaf that was printed is right, and
// exact but where a release is known not to print it (see excused).
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"math/rand"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// A leaf's truth. Path elements are indexes and field names.
type leaf struct {
	Path    string
	Kind    string // text, string, slice, pointer (not nil), any (no truth)
	Text    string
	Len     int
	Cap     int
	Content string
}

type truth struct {
	Function string
	Line     int
	Decl     string
	Generic  bool
	Unnamed  bool // has a parameter without a name
	Large    bool // has a large struct, which may be alone in registers
	Deep     bool // has five levels of braces
	Leaves   []leaf
}

// A random type with a value of it.
type item struct {
	typ    string
	value  string
	leaves []leaf
	bare   bool // a pointer, which cannot be embedded
}

type maker struct {
	*rand.Rand
	minor int
	types strings.Builder // named types, declared on the way
	count int
}

func (m *maker) pick(s ...string) string { return s[m.Intn(len(s))] }

func text(format string, args ...interface{}) []leaf {
	return []leaf{{Kind: "text", Text: fmt.Sprintf(format, args...)}}
}

func (m *maker) integer(name string, bits uint, signed bool) item {
	n := m.Uint64() >> (64 - bits)
	switch m.Intn(4) {
	case 0:
		n = uint64(m.Intn(3))
	case 1:
		n = (1<<bits - 1) - uint64(m.Intn(3))
		if bits == 64 {
			n = math.MaxUint64 - uint64(m.Intn(3))
		}
	case 2:
		n = 1 << (bits - 1)
	}
	if !signed {
		s := strconv.FormatUint(n, 10)
		return item{name, name + "(" + s + ")", text("%s", s), false}
	}
	v := int64(n<<(64-bits)) >> (64 - bits)
	return item{name, fmt.Sprintf("%s(%d)", name, v), text("%d", v), false}
}

func (m *maker) float() float64 {
	switch m.Intn(6) {
	case 0:
		return float64(m.Intn(9) - 4)
	case 1:
		return math.Inf(1 - 2*m.Intn(2))
	case 2:
		return m.NormFloat64()
	case 3:
		return m.NormFloat64() * math.Pow(10, float64(m.Intn(70)-35))
	default:
		return float64(m.Intn(1000)) / 8
	}
}

func floatExpr(name string, v float64) string {
	if math.IsInf(v, 0) {
		return fmt.Sprintf("%s(math.Inf(%d))", name, int(math.Copysign(1, v)))
	}
	return fmt.Sprintf("%s(%s)", name, strconv.FormatFloat(v, 'g', -1, 64))
}

func (m *maker) floating() item {
	v := m.float()
	if m.Intn(12) == 0 {
		return item{"float64", "math.NaN()", text("NaN"), false}
	}
	if m.Intn(2) == 0 {
		return item{"float32", floatExpr("float32", v), text("%v", float32(v)), false}
	}
	return item{"float64", floatExpr("float64", v), text("%v", v), false}
}

func (m *maker) complexes() item {
	r, i := m.float(), m.float()
	if m.Intn(2) == 0 {
		return item{"complex64", "complex(" + floatExpr("float32", r) + ", " + floatExpr("float32", i) + ")",
			text("%v", complex(float32(r), float32(i))), false}
	}
	return item{"complex128", "complex(" + floatExpr("float64", r) + ", " + floatExpr("float64", i) + ")",
		text("%v", complex(r, i)), false}
}

func (m *maker) stringItem() item {
	s := m.pick("", "a", "hello", "ant", "κόσμε", "a longer text, as they come")
	return item{"string", strconv.Quote(s), []leaf{{Kind: "string", Len: len(s), Content: s}}, false}
}

func (m *maker) slice() item {
	e := m.pick("int", "byte", "string", "float64", "struct{}", "[3]int16", "*int")
	l := m.Intn(4)
	c := l + m.Intn(4)
	v := fmt.Sprintf("make([]%s, %d, %d)", e, l, c)
	if m.Intn(5) == 0 {
		l, c, v = 0, 0, "nil"
	}
	return item{"[]" + e, v, []leaf{{Kind: "slice", Len: l, Cap: c}}, false}
}

// What is a pointer or an interface: nil, or an address nobody can foretell.
func (m *maker) pointer() item {
	some := []leaf{{Kind: "pointer"}}
	if m.Intn(2) == 0 {
		t := m.pick("*int", "map[string]int", "chan int", "<-chan bool", "chan<- []int", "func()",
			"func(a, b int) (string, error)", "interface{}", "error", "*struct{ a, b int }",
			"interface{ String() string; Less(a, b int) bool }", "unsafe.Pointer", "fmt.Stringer")
		return item{t, "nil", text("nil"), true}
	}
	switch m.Intn(6) {
	case 0:
		return item{"*int", "new(int)", some, true}
	case 1:
		return item{"map[int]bool", "map[int]bool{1: true}", some, false}
	case 2:
		return item{"func() int", "func() int { return 1 }", some, false}
	case 3:
		return item{"error", `errors.New("x")`, some, false}
	case 4:
		return item{"interface{}", m.pick("1", `"x"`, "struct{}{}"), some, false}
	}
	n := m.Intn(1 << 30)
	return item{"unsafe.Pointer", fmt.Sprintf("unsafe.Pointer(uintptr(%d))", n+1), text("0x%x", n+1), true}
}

func (m *maker) scalar() item {
	switch m.Intn(16) {
	case 0:
		v := m.pick("true", "false")
		return item{"bool", v, text("%s", v), false}
	case 1:
		return m.integer("int8", 8, true)
	case 2:
		return m.integer(m.pick("uint8", "byte"), 8, false)
	case 3:
		return m.integer("int16", 16, true)
	case 4:
		return m.integer("uint16", 16, false)
	case 5:
		return m.integer(m.pick("int32", "rune"), 32, true)
	case 6:
		return m.integer("uint32", 32, false)
	case 7:
		return m.integer(m.pick("int64", "time.Duration"), 64, true)
	case 8:
		return m.integer("uint64", 64, false)
	case 9:
		return m.integer("int", 32, true)
	case 10:
		n := m.Uint32()
		return item{"uintptr", fmt.Sprintf("uintptr(%d)", n), text("0x%x", n), false}
	case 11, 12:
		return m.floating()
	case 13:
		return m.complexes()
	case 14:
		return m.stringItem()
	}
	return m.slice()
}

func prefix(p string, leaves []leaf) []leaf {
	var out []leaf
	for _, l := range leaves {
		l.Path = p + l.Path
		out = append(out, l)
	}
	return out
}

func (m *maker) array(depth int) item {
	n := m.Intn(4)
	if m.Intn(12) == 0 {
		n = 30 + m.Intn(20)
	}
	e := m.item(depth + 1)
	t := fmt.Sprintf("[%d]%s", n, e.typ)
	if m.Intn(4) == 0 && m.types.Len() > 0 {
		m.count++
		fmt.Fprintf(&m.types, "const c%d = %d\n", m.count, n)
		t = fmt.Sprintf("[c%d]%s", m.count, e.typ)
	}
	out := item{typ: t}
	var values []string
	for i := 0; i < n; i++ {
		values = append(values, e.value)
		out.leaves = append(out.leaves, prefix(fmt.Sprintf("/%d", i), e.leaves)...)
	}
	out.value = t + "{" + strings.Join(values, ", ") + "}"
	return out
}

func (m *maker) structure(depth int) item {
	var fields, values []string
	out := item{}
	for i, n := 0, m.Intn(6); i < n; i++ {
		e := m.item(depth + 1)
		name := fmt.Sprintf("f%d", i)
		if m.Intn(10) == 0 {
			fields = append(fields, "_ "+e.typ)
			continue
		}
		fields = append(fields, name+" "+e.typ)
		values = append(values, name+": "+e.value)
		out.leaves = append(out.leaves, prefix("/"+name, e.leaves)...)
	}
	out.typ = "struct{ " + strings.Join(fields, "; ") + " }"
	if len(fields) == 0 {
		out.typ = "struct{}"
	}
	out.value = out.typ + "{" + strings.Join(values, ", ") + "}"
	return out
}

// A type declared at the top of the program; half the structs embed it.
func (m *maker) named(depth int) item {
	e := m.item(depth + 1)
	if strings.HasPrefix(e.typ, "interface") || strings.HasPrefix(e.typ, "unsafe") || e.value == "nil" ||
		e.typ == "error" || strings.Contains(e.typ, "[c") {
		return e
	}
	m.count++
	name := fmt.Sprintf("T%d", m.count)
	switch {
	case m.minor >= 18 && m.Intn(5) == 0:
		fmt.Fprintf(&m.types, "type %s[A any] struct {\n\ta A\n\tb []A\n}\n", name)
		name += "[" + e.typ + "]"
		return item{name, name + "{a: " + e.value + "}", append(prefix("/a", e.leaves),
			leaf{Path: "/b", Kind: "slice"}), false}
	case m.Intn(4) == 0 && !e.bare:
		fmt.Fprintf(&m.types, "type (\n\t%s %s\n\tE%s struct {\n\t\tn int8 `tag:\"x\"`\n\t\t%s // embedded\n\t}\n)\n",
			name, e.typ, name, name)
		return item{"E" + name, fmt.Sprintf("E%s{-3, %s(%s)}", name, name, e.value),
			append([]leaf{{Path: "/n", Kind: "text", Text: "-3"}}, prefix("/"+name, e.leaves)...), false}
	case m.Intn(6) == 0:
		fmt.Fprintf(&m.types, "type %s = %s\n", name, e.typ)
	default:
		fmt.Fprintf(&m.types, "type %s %s\n", name, e.typ)
	}
	return item{name, name + "(" + e.value + ")", e.leaves, e.bare}
}

func (m *maker) item(depth int) item {
	n := m.Intn(20)
	switch {
	case n < 2 && depth < 5:
		return m.array(depth)
	case n < 5 && depth < 5:
		return m.structure(depth)
	case n < 7 && depth < 3:
		return m.named(depth)
	case n < 10:
		return m.pointer()
	}
	return m.scalar()
}

// A function: how it is declared, called, and what its crash must show.
type function struct {
	truth
	decl, call string
	fields     []string // of the struct that has the layout of its arguments
	stores     []string
	results    string
}

var resultLists = []string{"", "error", "(int, bool)", "(s string, err error)", "[40]int", "(_ int8, x struct{ a, b int16 })"}

func (m *maker) function(id int) function {
	f := function{results: resultLists[m.Intn(len(resultLists))]}
	name := fmt.Sprintf("target%d", id)
	f.Function = "main." + name
	var params, args, uses []string
	add := func(pname string, e item, arg string) {
		index := len(f.fields)
		f.Leaves = append(f.Leaves, prefix(fmt.Sprintf("%d", index), e.leaves)...)
		field := fmt.Sprintf("a%d", index)
		f.fields = append(f.fields, field+" "+e.typ)
		f.stores = append(f.stores, "a."+field+" = "+e.value)
		if pname == "" || pname == "_" {
			f.Unnamed = true
		} else if pname != "r" {
			uses = append(uses, pname)
		}
		args = append(args, arg)
	}
	receiver, callee := "", name
	kind := m.Intn(10)
	if kind < 3 {
		e := m.scalar()
		fmt.Fprintf(&m.types, "type R%d struct {\n\tx int16\n\ty %s\n}\n", id, e.typ)
		typ := fmt.Sprintf("R%d", id)
		value := fmt.Sprintf("%s{x: -7, y: %s}", typ, e.value)
		if kind == 0 {
			receiver = "(r " + typ + ") "
			f.Function = fmt.Sprintf("main.%s.%s", typ, name)
			add("r", item{typ, value, append(prefix("/y", e.leaves), leaf{Path: "/x", Kind: "text", Text: "-7"}), false}, "")
		} else {
			receiver = "(r *" + typ + ") "
			f.Function = fmt.Sprintf("main.(*%s).%s", typ, name)
			add("r", item{"*" + typ, "&" + value, []leaf{{Kind: "pointer"}}, false}, "")
			value = "(&" + value + ")"
		}
		args = nil
		callee = value + "." + name
	}
	typeParams := ""
	if kind == 9 && m.minor >= 18 {
		f.Generic = true
		typeParams = "[P any]"
		f.Function += "[...]"
		e := m.scalar()
		e.leaves = []leaf{{Kind: "any"}}
		callee += "[" + e.typ + "]"
		params = append(params, "g P")
		add("g", e, e.value)
	}
	unnamed := m.Intn(8) == 0 && typeParams == ""
	count := m.Intn(6)
	if m.Intn(6) == 0 {
		count = 8 + m.Intn(6)
	}
	for i := 0; i < count; i++ {
		e := m.item(0)
		pname := fmt.Sprintf("p%d", i)
		if m.Intn(12) == 0 {
			pname = "_"
		}
		if unnamed {
			pname = ""
		}
		params = append(params, strings.TrimSpace(pname+" "+e.typ))
		add(pname, e, e.value)
	}
	if m.Intn(6) == 0 {
		n := m.Intn(3)
		l := leaf{Kind: "slice", Len: n, Cap: n}
		rest := []string{"1", "2", "3"}[:n]
		pname := "rest"
		if unnamed {
			pname = ""
		}
		params = append(params, strings.TrimSpace(pname+" ...int"))
		value := "[]int{" + strings.Join(rest, ", ") + "}"
		if n == 0 {
			value = "nil"
		}
		add(pname, item{"[]int", value, []leaf{l}, false}, strings.Join(rest, ", "))
	}
	for len(args) > 0 && args[len(args)-1] == "" {
		args = args[:len(args)-1]
	}
	f.Decl = "func " + receiver + name + typeParams + "(" + strings.Join(params, ", ") + ") " + f.results
	f.decl = "//go:noinline\n" + f.Decl + " {\n" + m.body(uses) + "}\n"
	f.call = callee + "(" + strings.Join(args, ", ") + ")"
	f.Large = strings.Contains(f.Decl, "struct") || strings.Contains(f.Decl, "T") || strings.Contains(f.Decl, "R")
	f.Deep = f.Large
	return f
}

// Unused parameters are stale in optimised code; used ones are stored.
func (m *maker) body(uses []string) string {
	style := m.Intn(4)
	if style == 0 || len(uses) == 0 {
		return "\tpanic(\"crash\")\n"
	}
	out := "\tpause()\n"
	for _, u := range uses {
		switch {
		case style == 1 || m.Intn(2) == 0:
			out += fmt.Sprintf("\tsink = %s\n", u)
		case style == 3:
			out += fmt.Sprintf("\tat := &%s\n\tif sink == nil {\n\t\tsink = *at\n\t}\n", u)
			return out + "\tcrash()\n\tpanic(0)\n"
		}
	}
	return out + "\tcrash()\n\tpanic(0)\n"
}

const head = `package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"time"
	"unsafe"
)

var sink interface{}

var _ = errors.New
var _ fmt.Stringer = time.Second
var _ = math.Pi

//go:noinline
func pause() {}

//go:noinline
func crash() { panic("crash") }

// What go1.16 and older would print: the words of parameters and results.
func show(name string, line int, p unsafe.Pointer, size uintptr) {
	word := unsafe.Sizeof(uintptr(0))
	text := ""
	for i := uintptr(0); i < size/word; i++ {
		if i > 0 {
			text += ", "
		}
		if i == 10 {
			text += "..."
			break
		}
		text += fmt.Sprintf("%#x", *(*uintptr)(unsafe.Pointer(uintptr(p) + i*word)))
	}
	fmt.Fprintf(os.Stderr, "panic: crash\n\ngoroutine 1 [running]:\n%s(%s)\n\t%s:%d +0x1d\nmain.main()\n\t%s:1 +0x1\n",
		name, text, file, line, file)
}

func fill(p unsafe.Pointer, size uintptr) {
	for i := uintptr(0); i < size; i++ {
		*(*byte)(unsafe.Pointer(uintptr(p) + i)) = 0xa5
	}
}

const file = "/src/gen/main.go"

`

// One function that stores the arguments as go1.16 laid them out.
func (f *function) flat(id int) string {
	results := ""
	for i, t := range map[string][]string{"": nil, "error": {"error"}, "(int, bool)": {"int", "bool"},
		"(s string, err error)": {"string", "error"}, "[40]int": {"[40]int"},
		"(_ int8, x struct{ a, b int16 })": {"int8", "struct{ a, b int16 }"}}[f.results] {
		results += fmt.Sprintf("\tr%d %s\n", i, t)
	}
	// A struct that ended in the parameters would be padded behind an empty last one.
	return fmt.Sprintf("func flat%d() {\n\ttype whole struct {\n\t%s\n\t_ [0]uintptr\n%s\t_ [0]uintptr\n\tend uintptr\n\t}\n"+
		"\ta := new(whole)\n\tfill(unsafe.Pointer(a), unsafe.Sizeof(*a))\n\t%s\n\tsink = a\n\tshow(%q, %d, unsafe.Pointer(a), unsafe.Offsetof(a.end))\n}\n",
		id, strings.Join(f.fields, "\n\t"), results, strings.Join(f.stores, "\n\t"), f.Function, f.Line)
}

func makeProgram(seed int64, cases, minor int, folder string) error {
	m := &maker{Rand: rand.New(rand.NewSource(seed)), minor: minor}
	var functions []function
	for i := 0; i < cases; i++ {
		functions = append(functions, m.function(i))
	}
	var out strings.Builder
	out.WriteString(head)
	out.WriteString(m.types.String())
	var truths []truth
	for i := range functions {
		f := &functions[i]
		f.Line = strings.Count(out.String(), "\n") + 3
		out.WriteString(f.decl)
		truths = append(truths, f.truth)
	}
	for i := range functions {
		if !functions[i].Generic {
			out.WriteString(functions[i].flat(i))
		}
	}
	out.WriteString("func main() {\n\tswitch os.Args[1] {\n")
	for i, f := range functions {
		fmt.Fprintf(&out, "\tcase \"%d\":\n\t\t%s\n", i, f.call)
		if !f.Generic {
			fmt.Fprintf(&out, "\tcase \"flat%d\":\n\t\tflat%d()\n", i, i)
		}
	}
	out.WriteString("\t}\n}\n")
	data, err := json.Marshal(truths)
	if err != nil {
		return err
	}
	language := minor
	for name, text := range map[string]string{"main.go": out.String(), "truth.json": string(data),
		"go.mod": fmt.Sprintf("module gen\n\ngo 1.%d\n", language)} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0666); err != nil {
			return err
		}
	}
	return nil
}

// A value as gocrash writes it.
type value struct {
	Name      *string
	Certainty string
	Text      *string
	Content   *string
	Len       *int
	Cap       *int
	Data      *string
	Elements  []value
	Fields    []value
}

type document struct {
	Goroutines []struct {
		Frames []struct {
			Function    string
			Declaration *string
			Arguments   []value
			Words       []struct{ Certainty, Word string }
			Notes       []struct{ Text string }
		}
	}
}

func find(values []value, path string) *value {
	parts := strings.Split(path, "/")
	index, _ := strconv.Atoi(parts[0])
	if index >= len(values) {
		return nil
	}
	v := &values[index]
	for _, part := range parts[1:] {
		next := (*value)(nil)
		if n, err := strconv.Atoi(part); err == nil {
			if n < len(v.Elements) {
				next = &v.Elements[n]
			}
		} else {
			for i := range v.Fields {
				if v.Fields[i].Name != nil && *v.Fields[i].Name == part {
					next = &v.Fields[i]
				}
			}
		}
		if next == nil {
			return nil
		}
		v = next
	}
	return v
}

func (v *value) is(l leaf) bool {
	switch l.Kind {
	case "text":
		return v.Text != nil && *v.Text == l.Text
	case "string":
		return v.Len != nil && *v.Len == l.Len && (v.Content == nil || *v.Content == l.Content)
	case "slice":
		return v.Len != nil && *v.Len == l.Len && v.Cap != nil && *v.Cap == l.Cap
	case "pointer":
		return v.Text != nil && *v.Text != "nil"
	}
	return true
}

func (v *value) String() string {
	if v.Text == nil {
		return v.Certainty
	}
	return v.Certainty + " " + *v.Text
}

// Where a release is known not to say what it knows.
func excused(t *truth, l leaf, v *value, minor int, mode string) bool {
	return l.Kind == "any" || v.Certainty == "elided" ||
		(mode == "noopt" && v.Certainty == "unmarked" && (t.Generic || (t.Unnamed && minor < 22))) ||
		(mode == "noopt" && v.Certainty == "unmarked" && v.is(l) && (t.Deep || (minor >= 26 && t.Large)))
}

type tally struct {
	functions, leaves, exact, elided, opaque, unmarked, wrong, hidden, bad int
}

// Since go1.26 optimised code leaves out stores of large parameters, and where
// all others are in use not one mark in the list shows that it is optimised.
func hidden(t *truth, marked bool, minor int, mode string) bool {
	return mode == "default" && minor >= 26 && t.Large && !marked
}

func (t *tally) leaf(truth *truth, l leaf, v *value, minor int, mode string, marked bool) {
	t.leaves++
	right := v.is(l)
	if !right {
		t.wrong++
	}
	if v.Certainty == "exact" {
		t.exact++
		if right {
			return
		}
		if hidden(truth, marked, minor, mode) {
			t.hidden++
			return
		}
	} else if mode == "default" {
		return
	} else if excused(truth, l, v, minor, mode) {
		switch {
		case v.Certainty == "elided":
			t.elided++
		case l.Kind == "any":
			t.opaque++
		default:
			t.unmarked++
		}
		return
	}
	t.bad++
	fmt.Printf("BAD %s go1.%d %s: %s is %v, not %+v\n", mode, minor, truth.Decl, l.Path, v, l)
}

func check(truthFile, mode string, minor int) error {
	var truths []truth
	data, err := os.ReadFile(truthFile)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, &truths); err != nil {
		return err
	}
	byName := map[string]*truth{}
	for i := range truths {
		byName[truths[i].Function] = &truths[i]
	}
	var t tally
	decoder := json.NewDecoder(bufio.NewReader(os.Stdin))
	for decoder.More() {
		var d document
		if err := decoder.Decode(&d); err != nil {
			return err
		}
		for _, g := range d.Goroutines {
			for _, f := range g.Frames {
				truth := byName[f.Function]
				if truth == nil {
					continue
				}
				t.functions++
				if f.Declaration == nil {
					t.bad++
					fmt.Printf("BAD %s: no declaration for %s\n", mode, truth.Decl)
				}
				marked := false
				for _, w := range f.Words {
					marked = marked || w.Certainty == "stale"
				}
				for _, l := range truth.Leaves {
					if v := find(f.Arguments, l.Path); v != nil {
						t.leaf(truth, l, v, minor, mode, marked)
					}
				}
				if mode != "default" {
					for _, n := range f.Notes {
						fmt.Printf("note %s go1.%d %s: %s\n", mode, minor, truth.Decl, n.Text)
					}
				}
			}
		}
	}
	fmt.Printf("%-7s go1.%d: %d functions, %d leaves: %d exact, %d elided, %d opaque, %d unmarked; %d not right, %d hidden, %d bad\n",
		mode, minor, t.functions, t.leaves, t.exact, t.elided, t.opaque, t.unmarked, t.wrong, t.hidden, t.bad)
	if t.bad > 0 || t.functions == 0 {
		os.Exit(1)
	}
	return nil
}

func main() {
	number := func(i int) int {
		n, err := strconv.Atoi(os.Args[i])
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		return n
	}
	var err error
	switch {
	case len(os.Args) == 6 && os.Args[1] == "make":
		err = makeProgram(int64(number(2)), number(3), number(4), os.Args[5])
	case len(os.Args) == 5 && os.Args[1] == "check":
		err = check(os.Args[2], os.Args[3], number(4))
	default:
		err = fmt.Errorf("usage: gen make SEED CASES MINOR FOLDER | gen check TRUTH MODE MINOR")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
