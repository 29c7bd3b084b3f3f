// Lockorder moves money between two accounts in both directions at once. Each
// transfer locks the account it takes from, then the one it gives to: two of them
// can wait for each other for ever. The rest of the program goes on, so that no
// deadlock is reported.
//
//	cd go-examples/lockorder && go build && ./lockorder
//
// Ctrl-\ shows who waits for what. At first it prints where the accounts are.
package main

import (
	"fmt"
	"sync"
	"time"
	"unsafe"
)

type account struct {
	mu      sync.Mutex
	balance int
	history [4]int
}

func main() {
	accounts := make([]account, 2)
	first, second := &accounts[0], &accounts[1]
	fmt.Printf("key first=%p\nkey second=%p\nkey size=%#x\n",
		first, second, unsafe.Sizeof(*first))
	go transfer(first, second, 10)
	go transfer(second, first, 20)
	for {
		time.Sleep(time.Second)
	}
}

//go:noinline
func transfer(from, to *account, amount int) {
	from.mu.Lock()
	defer from.mu.Unlock()
	time.Sleep(50 * time.Millisecond) // as long as some work may take
	to.mu.Lock()
	defer to.mu.Unlock()
	from.balance -= amount
	to.balance += amount
}
