// Example3 is a web service that answers POST /sendjson with a small JSON
// document. It does nothing wrong: it is there to be looked at while it runs, by
// a dump on request (Ctrl-\) or by a core taken of the living process.
//
//	cd go-examples/example3 && go build && ./example3
//
// It listens on this machine only, on port 4000 or the one given with -port; with
// -port 0 on any that is free, which its first line tells.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"syscall"
)

type user struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

func main() {
	port := flag.Uint("port", 4000, "the port to listen on; 0 for any that is free")
	flag.Parse()
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *port))
	if errors.Is(err, syscall.EADDRINUSE) {
		fail("port %d is in use; another is given with -port", *port)
	} else if err != nil {
		fail("%v", err)
	}
	fmt.Printf("listener : Started : Listening on: http://localhost:%d\n",
		listener.Addr().(*net.TCPAddr).Port)
	http.HandleFunc("/sendjson", sendJSON)
	fail("%v", http.Serve(listener, nil))
}

func fail(format string, args ...interface{}) {
	fmt.Fprintf(os.Stderr, "example3: "+format+"\n", args...)
	os.Exit(1)
}

func sendJSON(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "POST only", http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(user{Name: "Ann", Email: "ann@example.com"})
}
