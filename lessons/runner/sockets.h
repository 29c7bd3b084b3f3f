#ifndef RUNNER_SOCKETS_H
#define RUNNER_SOCKETS_H

/*
 * What the kernel says about TCP ports of this machine: /proc/net/tcp and
 * /proc/net/tcp6, and for whose sockets they are, /proc/PID/fd.
 */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum {
	PORT_USUAL = 4000
};

enum socket_state {
	SOCKET_ESTABLISHED = 0x01,
	SOCKET_LISTEN = 0x0a,
};

/* Rows of one table's text with that local port and state. */
size_t sockets_count(const char *table, unsigned port, enum socket_state state);

/* Connections to a server's `port` that are established now, at its end. */
size_t sockets_established(unsigned port);

/* Does anybody listen on it? */
bool sockets_taken(unsigned port);

/* `wish` if it is free, or another port of 127.0.0.1 that is; 0: none. */
unsigned sockets_free_port(unsigned wish);

/* The process of a group that listens, and where. False when none does. */
bool sockets_listener(pid_t group, pid_t *pid, unsigned *port);

#endif
