// Dies in C, four frames deep, while another goroutine sleeps in C.
package main

/*
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
import "time"

func main() {
	go func() { C.rest() }()
	time.Sleep(100 * time.Millisecond)
	C.fault(3)
}
