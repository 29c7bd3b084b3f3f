// Inlined fails in a function that was inlined into one that was inlined into
// the only one that has code: the trace prints the others as name(...), without
// an offset of their own.
//
//	cd go-examples/inlined && go build && ./inlined
package main

type account struct {
	total int
}

func main() {
	fill(&account{}, 10)
}

//go:noinline
func fill(a *account, upto int) {
	for i := 0; i < upto; i++ {
		a.add(i)
	}
}

func (a *account) add(n int) {
	a.total += checked(n)
}

func checked(n int) int {
	if n > 2 {
		lose(n)
	}
	return n
}

func lose(n int) {
	var a *account
	a.total = n
}
