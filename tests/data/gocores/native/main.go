// Dies in C, four frames deep, while another goroutine sleeps in C. With an
// argument it is in C when a SIGQUIT comes; `thread` dies in a thread that C made,
// `between` with a handler of C's between the kernel and Go.
package main

/*
#cgo LDFLAGS: -lpthread
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

// What C has of its own for each thread lies where Go's word for its goroutine
// would be else.
static __thread int own[100] = { 1 };

static struct sigaction before;

static void hand_on(int number, siginfo_t *info, void *context)
{
	volatile char room[5000];

	room[number] = (char)own[number];
	before.sa_sigaction(number, info, context);
}

// A library that has a handler of its own and calls the one it found.
static void get_between(int number)
{
	struct sigaction ours = { 0 };

	ours.sa_sigaction = hand_on;
	ours.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
	sigaction(number, &ours, &before);
}

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
	"syscall"
	"time"
)

func main() {
	go func() { C.rest() }()
	time.Sleep(100 * time.Millisecond)
	if len(os.Args) > 1 && os.Args[1] == "thread" {
		C.thread()
	} else if len(os.Args) > 1 && os.Args[1] == "between" {
		C.get_between(C.SIGQUIT)
		syscall.Kill(syscall.Getpid(), syscall.SIGQUIT)
		select {}
	} else if len(os.Args) > 1 {
		C.raise(C.SIGQUIT)
	}
	C.fault(3)
}
