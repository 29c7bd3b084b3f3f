/*
 * A row of the tables (Linux, Documentation/networking/proc_net_tcp.rst):
 *
 *	  sl  local_address rem_address   st tx_queue rx_queue tr tm->when …  inode
 *	   0: 0100007F:0FA0 00000000:0000 0A 00000000:00000000 00:00000000 … 80123 …
 */

#include "sockets.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "text.h"

enum {
	TABLE_MOST = 64 << 20,
	STAT_MOST = 4096,
	LINK_MOST = 64,
	FIELD_STATE = 3,
	FIELD_INODE = 9,
	FIELD_GROUP = 2, /* of /proc/PID/stat, behind the name: state, ppid */
};

static const char *const tables[] = { "/proc/net/tcp", "/proc/net/tcp6" };

struct row {
	unsigned port, state;
	unsigned long long inode;
};

// The start of field `index`; fields stand between blanks.
static const char *field(const char *line, unsigned index)
{
	line += strspn(line, " ");
	while (index-- > 0) {
		line += strcspn(line, " \n");
		line += strspn(line, " ");
	}
	return line;
}

static bool read_row(const char *line, struct row *ret)
{
	const char *local = field(line, 1);
	const char *colon = strchr(local, ':');
	char *end;

	// The head of the table has no colon there.
	if (!colon || colon - local > 32 ||
	    memchr(local, '\n', (size_t)(colon - local)))
		return false;
	ret->port = (unsigned)strtoull(colon + 1, &end, 16);
	if (end == colon + 1 || *end != ' ')
		return false;
	ret->state = (unsigned)strtoull(field(line, FIELD_STATE), &end, 16);
	ret->inode = strtoull(field(line, FIELD_INODE), &end, 10);
	return true;
}

static const char *next_line(const char *line)
{
	line += strcspn(line, "\n");
	return line + (*line == '\n');
}

size_t sockets_count(const char *table, unsigned port, enum socket_state state)
{
	size_t count = 0;
	struct row row;

	for (; *table; table = next_line(table))
		count += read_row(table, &row) && row.port == port &&
			 row.state == (unsigned)state;
	return count;
}

static size_t count_all(unsigned port, enum socket_state state)
{
	size_t count = 0;

	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		struct text table = { 0 };

		if (text_read(&table, tables[i], TABLE_MOST) == 0)
			count +=
				sockets_count(text_string(&table), port, state);
		text_done(&table);
	}
	return count;
}

size_t sockets_established(unsigned port)
{
	return count_all(port, SOCKET_ESTABLISHED);
}

bool sockets_taken(unsigned port)
{
	return count_all(port, SOCKET_LISTEN) > 0;
}

// Binds as Go does, so that connections just closed are no obstacle.
static unsigned try_port(unsigned port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons((unsigned short)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
	unsigned ret = 0;

	if (fd < 0)
		return 0;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (bind(fd, (struct sockaddr *)&address, size) == 0 &&
	    getsockname(fd, (struct sockaddr *)&address, &size) == 0)
		ret = ntohs(address.sin_port);
	close(fd);
	return ret;
}

unsigned sockets_free_port(unsigned wish)
{
	// Whoever listens on ::1 alone would be given what `localhost` is sent.
	if (wish && !sockets_taken(wish) && try_port(wish) == wish)
		return wish;
	return try_port(0);
}

// `4711 (a name) S 1 4711 …`; the name may have anything in it.
static bool in_group(const char *pid, pid_t group)
{
	struct text stat = { 0 };
	char path[64], *end;
	const char *name_end;
	bool ret = false;

	snprintf(path, sizeof(path), "/proc/%.20s/stat", pid);
	if (text_read(&stat, path, STAT_MOST) == 0 &&
	    (name_end = strrchr(text_string(&stat), ')')) != NULL)
		ret = strtoll(field(name_end + 1, FIELD_GROUP), &end, 10) ==
		      (long long)group;
	text_done(&stat);
	return ret;
}

// The port on which a socket listens; 0 when it does not.
static unsigned listening_port(unsigned long long inode)
{
	unsigned ret = 0;

	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		struct text table = { 0 };
		struct row row;
		const char *line;

		if (text_read(&table, tables[i], TABLE_MOST) != 0) {
			text_done(&table);
			continue;
		}
		for (line = text_string(&table); *line; line = next_line(line))
			if (read_row(line, &row) && row.inode == inode &&
			    row.state == SOCKET_LISTEN)
				ret = row.port;
		text_done(&table);
	}
	return ret;
}

// `socket:[80123]`
static unsigned port_of(const char *pid, const char *fd)
{
	static const char prefix[] = "socket:[";
	char path[64], target[LINK_MOST + 1], *end;
	ssize_t size;

	snprintf(path, sizeof(path), "/proc/%.20s/fd/%.20s", pid, fd);
	size = readlink(path, target, LINK_MOST);
	if (size <= 0)
		return 0;
	target[size] = '\0';
	if (!starts_with(target, prefix))
		return 0;
	return listening_port(strtoull(target + strlen(prefix), &end, 10));
}

static unsigned port_of_process(const char *pid)
{
	char path[64];
	struct dirent *entry;
	unsigned ret = 0;
	DIR *folder;

	snprintf(path, sizeof(path), "/proc/%.20s/fd", pid);
	folder = opendir(path);
	if (!folder)
		return 0;
	while (!ret && (entry = readdir(folder)) != NULL)
		if (entry->d_name[0] != '.')
			ret = port_of(pid, entry->d_name);
	closedir(folder);
	return ret;
}

bool sockets_listener(pid_t group, pid_t *pid, unsigned *port)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;
	unsigned found = 0;
	char *end;

	if (!folder)
		return false;
	while (!found && (entry = readdir(folder)) != NULL) {
		const char *name = entry->d_name;

		if (strspn(name, "0123456789") != strlen(name) ||
		    !in_group(name, group))
			continue;
		found = port_of_process(name);
		if (found) {
			*pid = (pid_t)strtoll(name, &end, 10);
			*port = found;
		}
	}
	closedir(folder);
	return found != 0;
}
