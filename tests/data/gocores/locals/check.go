package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
)

// A value as gocrash tells it.
type told struct {
	Name      string
	Type      string
	Certainty string
	Text      *string
	Content   *string
	Len       *int
	Cap       *int
	Elements  []told
	Fields    []told
	Queue     []told
	PointsTo  []told `json:"points_to"`
	Holds     []told
	Entries   []struct{ Key, Value told }
}

type frame struct {
	Function                   string
	Arguments, Results, Locals []told
}

type document struct {
	Goroutines []struct {
		ID     int
		Frames []frame
	}
}

type tally struct {
	values, sure, wrong, shown int
}

func (t *tally) fail(where string, v *told, want string) {
	t.wrong++
	if t.shown++; t.shown <= 20 {
		text := "?"
		if v.Text != nil {
			text = *v.Text
		}
		fmt.Printf("%s: %s %s, %s; it is %s\n", where, text, v.Certainty, v.Type, want)
	}
}

func sure(v *told) bool { return v.Certainty == "exact" || v.Certainty == "recovered" }

func (t *tally) list(where string, got []told, want []*node) bool {
	if len(got) != len(want) {
		return false
	}
	for i := range got {
		t.compare(where+"["+strconv.Itoa(i)+"]", &got[i], want[i])
	}
	return true
}

func (t *tally) scalar(where string, v *told, want *node) {
	if sure(v) && v.Text != nil && *v.Text != want.Text {
		t.fail(where, v, want.Text)
	}
}

func (t *tally) compareMap(where string, v *told, want *node) {
	if v.Len != nil && *v.Len != len(want.Keys) {
		if sure(v) {
			t.fail(where, v, fmt.Sprintf("a map of %d", len(want.Keys)))
		}
		return
	}
	index := map[string]*node{}
	for i, key := range want.Keys {
		index[key.Text] = want.Parts[i]
	}
	seen := map[string]bool{}
	for i := range v.Entries {
		e := &v.Entries[i]
		if e.Key.Text == nil || !sure(&e.Key) {
			continue
		}
		element, ok := index[*e.Key.Text]
		if !ok || seen[*e.Key.Text] {
			t.fail(where, &e.Key, "no key of it")
			continue
		}
		seen[*e.Key.Text] = true
		t.compare(where+"["+*e.Key.Text+"]", &e.Value, element)
	}
	if sure(v) && v.Len != nil && len(v.Entries) < len(want.Keys) && len(want.Keys) <= 16 && v.Text != nil && len(v.Entries) > 0 {
		t.fail(where, v, "a map with more entries")
	}
}

func (t *tally) compare(where string, v *told, want *node) {
	isNil := v.Text != nil && *v.Text == "nil"
	if want.Text == "nil" || isNil {
		if sure(v) && v.Text != nil && *v.Text != want.Text {
			t.fail(where, v, want.Text)
		}
		return
	}
	switch want.Kind {
	case "slice":
		if sure(v) && v.Len != nil && (*v.Len != len(want.Parts) || v.Cap != nil && *v.Cap < *v.Len) {
			t.fail(where, v, fmt.Sprintf("a slice of %d", len(want.Parts)))
		} else if len(v.Elements) > 0 && !t.list(where, v.Elements, want.Parts) && sure(v) {
			t.fail(where, v, "a slice with other elements")
		}
	case "array":
		t.list(where, v.Elements, want.Parts)
	case "struct":
		t.list(where, v.Fields, want.Parts)
	case "pointer":
		t.list("*"+where, v.PointsTo, want.Parts)
	case "iface":
		for i := range v.Holds {
			if sure(&v.Holds[i]) && v.Holds[i].Type != want.Parts[0].Type && v.Holds[i].Type != "main."+want.Parts[0].Type && want.Parts[0].Kind != "" && plain(want.Parts[0]) {
				t.fail(where, v, want.Parts[0].Type)
			}
		}
		t.list(where+".()", v.Holds, want.Parts)
	case "error":
		if sure(v) && len(v.Holds) == 1 && len(v.Holds[0].PointsTo) == 1 {
			t.list(where+".()", v.Holds[0].PointsTo[0].Fields, []*node{{Kind: "string", Text: want.Text}})
		}
	case "chan":
		if sure(v) && v.Len != nil && (*v.Len != len(want.Parts) || v.Cap == nil || *v.Cap != want.Cap) {
			t.fail(where, v, fmt.Sprintf("a channel of %d, %d", len(want.Parts), want.Cap))
		}
		t.list(where, v.Queue, want.Parts)
	case "map":
		t.compareMap(where, v, want)
	default:
		t.scalar(where, v, want)
	}
}

// plain types are spelled in one way only.
func plain(n *node) bool {
	return n.Kind != "slice" && n.Kind != "array" && n.Kind != "pointer" && n.Kind != "map" && n.Kind != "chan"
}

// matches tells whether comparing with `want` finds nothing, counting nothing.
func (t *tally) matches(v *told, want *node) bool {
	if want == nil {
		return !sure(v)
	}
	quiet := tally{shown: 1 << 20}
	quiet.compare("", v, want)
	return quiet.wrong == 0
}

// Of optimised code an inner variable may be gone while the outer one is told.
func (t *tally) variable(f *function, v *told, strict bool) {
	where := f.Name + " " + v.Name
	var first *variable
	for i := range f.Variables {
		want := &f.Variables[i]
		if want.Name != v.Name {
			continue
		}
		if first == nil {
			first = want
		} else if strict || !t.matches(v, want.Want) {
			continue
		}
		if want != first || t.matches(v, want.Want) || want.Entry != nil && t.matches(v, want.Entry) {
			if want.Want != nil {
				t.values++
				if sure(v) {
					t.sure++
				}
			}
			return
		}
	}
	if first == nil {
		return
	}
	if first.Want == nil {
		t.fail(where, v, "not yet declared")
		return
	}
	t.values++
	t.compare(where, v, first.Want)
}

func check(path string) int {
	var functions []*function
	var doc document
	key, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(key, &functions)
	}
	if err == nil {
		err = json.NewDecoder(os.Stdin).Decode(&doc)
	}
	if err != nil {
		fmt.Println(err)
		return 1
	}
	index := map[string]*function{}
	for _, f := range functions {
		index[f.Name] = f
	}
	most, _ := strconv.Atoi(os.Getenv("MOST"))
	var t tally
	met := 0
	for _, g := range doc.Goroutines {
		for i := range g.Frames {
			f := index[g.Frames[i].Function]
			if f == nil {
				continue
			}
			met++
			for _, list := range [][]told{g.Frames[i].Arguments, g.Frames[i].Locals} {
				for j := range list {
					t.variable(f, &list[j], most > 0)
				}
			}
		}
	}
	percent := 0
	if t.values > 0 {
		percent = 100 * t.sure / t.values
	}
	fmt.Printf("%d of %d functions, %d variables, %d sure (%d %%), %d wrong\n",
		met, len(functions), t.values, t.sure, percent, t.wrong)
	if t.wrong > 0 || met < len(functions) || percent < most {
		return 1
	}
	return 0
}
