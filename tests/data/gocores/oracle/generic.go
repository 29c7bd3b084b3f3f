//go:build go1.18
// +build go1.18

package main

type number interface{ ~int | ~float64 }

type box[T any] struct {
	content T
	gate    chan T
}

//go:noinline
func pass[T number](n T, list []T) T { return <-box[T]{n, nil}.gate + list[0] }

//go:noinline
func (b *box[T]) take(n int, other T) T {
	b.content = other
	return <-b.gate
}

func more() {
	ready.Add(3)
	go func() {
		tell("generic", "main.pass[...]", "0x7")
		pass(7, []int{1})
	}()
	go func() {
		tell("generic", "main.pass[...]", "0x3ff8000000000000")
		pass(1.5, []float64{2})
	}()
	go func() {
		tell("generic", "main.(*box[...]).take", "* 0x9")
		(&box[string]{}).take(9, "boxed")
	}()
}
