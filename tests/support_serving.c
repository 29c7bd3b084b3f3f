/* Servers and loads without Go. */

#include "support_serving.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t told;

static void remember(int number)
{
	told = number;
}

static void catch (int number)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	sigemptyset(&action.sa_mask);
	action.sa_handler = remember;
	sigaction(number, &action, NULL);
}

static void nap(long ms)
{
	struct timespec t = { .tv_sec = ms / 1000,
			      .tv_nsec = ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

static long number(const char *text)
{
	char *end;

	return (long)strtoll(text, &end, 10);
}

static struct sockaddr_in loopback(long port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons((unsigned short)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

static int listen_on(long port)
{
	struct sockaddr_in address = loopback(port);
	int fd = socket(AF_INET, SOCK_STREAM, 0), yes = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
	    listen(fd, 128) != 0) {
		fprintf(stderr, "port %ld is in use\n", port);
		exit(1);
	}
	return fd;
}

static void dump(long bytes)
{
	static const char row[] = "\ngoroutine %ld [chan receive]:\nmain.wait("
				  "0xc000012345)\n\t/src/main.go:7 +0x1d\n";
	long size = fprintf(stderr, "SIGQUIT: quit\nPC=0x1 m=0 sigcode=0\n");

	for (long id = 1; size < bytes; id++)
		size += fprintf(stderr, row, id);
	fprintf(stderr, "\nrip    0x1\n");
}

static int serve(long port, long bytes)
{
	static char buffer[1 << 20];
	int fd = listen_on(port);

	catch (SIGQUIT);
	setvbuf(stderr, buffer, _IOFBF, sizeof(buffer));
	printf("listening on %ld\n", port);
	fflush(stdout);
	// Connections stay open: nobody closes them.
	while (!told) {
		struct pollfd ready = { .fd = fd, .events = POLLIN };

		if (poll(&ready, 1, 100) > 0)
			(void)accept(fd, NULL, NULL);
	}
	dump(bytes);
	fflush(stderr);
	return 2;
}

static int steal(long port, const char *flag)
{
	int ends[2], fd = open(flag, O_WRONLY | O_CREAT | O_EXCL, 0666);
	char byte = 0;

	if (fd < 0)
		return serve(port, 100);
	if (pipe(ends) != 0 || fork() == 0) {
		setsid();
		listen_on(port);
		(void)!write(ends[1], &byte, 1);
		nap(1000);
		_exit(0);
	}
	(void)!read(ends[0], &byte, 1);
	fprintf(stderr, "port %ld is in use\n", port);
	return 1;
}

static int load(long port, long count, int stubborn)
{
	struct sockaddr_in address = loopback(port);

	if (stubborn)
		signal(SIGINT, SIG_IGN);
	else
		catch (SIGINT);
	for (long i = 0; i < count; i++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
			return 1;
	}
	while (!told)
		nap(50);
	printf("report of %ld\n", count);
	return 0;
}

int stand_in(int argc, char **argv)
{
	const char *kind = argc > 2 ? argv[1] : "";
	long port = argc > 2 ? number(argv[2]) : 0;

	if (strcmp(kind, "brief") == 0) {
		listen_on(port);
		nap(100);
		return 2;
	}
	if (argc < 4)
		return -1;
	if (strcmp(kind, "serve") == 0)
		return serve(port, number(argv[3]));
	if (strcmp(kind, "thief") == 0)
		return steal(port, argv[3]);
	if (strcmp(kind, "connect") == 0)
		return load(port, number(argv[3]), 0);
	if (strcmp(kind, "stubborn") == 0)
		return load(port, number(argv[3]), 1);
	return -1;
}
