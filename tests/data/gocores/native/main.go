// Dies in C, four frames deep, while another goroutine sleeps in C. With an
// argument it is in C when a SIGQUIT comes.
package main

/*
#include <signal.h>
#include <unistd.h>

static void rest(void)
{
	sleep(1000);
}

static void fault(int depth)
{
	if (depth == 0)
		*(volatile int *)8 = 1;
	fault(depth - 1);
}
*/
import "C"
import (
	"os"
	"time"
)

func main() {
	go func() { C.rest() }()
	time.Sleep(100 * time.Millisecond)
	if len(os.Args) > 1 {
		C.raise(C.SIGQUIT)
	}
	C.fault(3)
}
