// Example1 panics in a function whose parameters are a slice, a string and an
// integer: three kinds of argument, and six machine words of them.
//
//	cd go-examples/example1 && go build && ./example1
package main

func main() {
	example(make([]string, 2, 4), "hello", 10)
}

//go:noinline
func example(slice []string, str string, i int) error {
	panic("Want stack trace")
}
