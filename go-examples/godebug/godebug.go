// Godebug is the service of example3 as a target for load: POST /sendjson is
// answered with a small JSON document.
//
//	cd go-examples/godebug && go build && ./godebug
//	hey -m POST -c 8 -n 1000000 "http://localhost:4000/sendjson"
//
// Ctrl-\ in its terminal while the load runs makes it print every goroutine and
// end. Started as `./godebug leak` it loses a goroutine in one request of a
// hundred.
//
// It listens on this machine only, on port 4000 or the one given with -port; with
// -port 0 on any that is free, which its first line tells. With -delay 2ms each
// request takes so long, as if there were work to do.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"syscall"
	"time"
)

type user struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

type service struct {
	leak  bool
	delay time.Duration
	count uint32
}

func main() {
	port := flag.Uint("port", 4000, "the port to listen on; 0 for any that is free")
	delay := flag.Duration("delay", 0, "how long each request takes at least")
	flag.Parse()
	leak := flag.NArg() == 1 && flag.Arg(0) == "leak"
	if flag.NArg() > 0 && !leak {
		fmt.Fprintln(os.Stderr, "usage: godebug [-port N] [-delay TIME] [leak]")
		os.Exit(2)
	}
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *port))
	if errors.Is(err, syscall.EADDRINUSE) {
		fail("port %d is in use; another is given with -port", *port)
	} else if err != nil {
		fail("%v", err)
	}
	fmt.Printf("listener : Started : Listening on: http://localhost:%d : Leak[%v]\n",
		listener.Addr().(*net.TCPAddr).Port, leak)
	s := &service{leak: leak, delay: *delay}
	http.HandleFunc("/sendjson", s.sendJSON)
	fail("%v", http.Serve(listener, nil))
}

func fail(format string, args ...interface{}) {
	fmt.Fprintf(os.Stderr, "godebug: "+format+"\n", args...)
	os.Exit(1)
}

func (s *service) sendJSON(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "POST only", http.StatusMethodNotAllowed)
		return
	}
	if s.leak && atomic.AddUint32(&s.count, 1)%100 == 0 {
		s.audit(r.URL.Path)
	}
	if s.delay > 0 {
		time.Sleep(s.delay)
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(user{Name: "Ann", Email: "ann@example.com"})
}

// audit asks for a check of the request and goes on without the outcome. That is
// the leak: nobody receives from the channel, so the sender waits for ever.
func (s *service) audit(path string) {
	outcome := make(chan bool)
	go check(path, outcome)
}

func check(path string, outcome chan<- bool) {
	outcome <- len(path) > 0
}
