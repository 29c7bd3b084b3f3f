// Nilfield reads a field through a pointer that was never set: the instruction
// that reads it faults, and the trace's offset is that of the instruction itself.
//
//	cd go-examples/nilfield && go build && ./nilfield
package main

type config struct {
	name  string
	owner string
	limit int
}

type server struct {
	addr string
	cfg  *config
}

func main() {
	s := &server{addr: "localhost:80"}
	println(s.quota("ann", 3))
}

//go:noinline
func (s *server) quota(user string, n int) int {
	return s.cfg.limit - n
}
