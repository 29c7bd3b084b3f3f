// Dies in C, four frames deep, while another goroutine sleeps in C. With an
// argument it is in C when a SIGQUIT comes; `thread` dies in a thread that C made.
package main

/*
#cgo LDFLAGS: -lpthread
#include <pthread.h>
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

static void *alone(void *depth)
{
	fault(*(int *)depth);
	return depth;
}

static void thread(void)
{
	int depth = 2;
	pthread_t one;

	if (pthread_create(&one, 0, alone, &depth) == 0)
		pthread_join(one, 0);
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
	if len(os.Args) > 1 && os.Args[1] == "thread" {
		C.thread()
	} else if len(os.Args) > 1 {
		C.raise(C.SIGQUIT)
	}
	C.fault(3)
}
