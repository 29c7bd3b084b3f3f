module waits

go 1.13
