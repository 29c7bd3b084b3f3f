// Example2 panics in a function whose four parameters are a byte each: they lie
// side by side in one machine word.
//
//	cd go-examples/example2 && go build && ./example2
package main

func main() {
	example(true, false, true, 25)
}

//go:noinline
func example(b1, b2, b3 bool, i uint8) error {
	panic("Want stack trace")
}
