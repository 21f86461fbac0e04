/* The limit: frames made once and written to every socket by a plain epoll loop.
 *
 * raw PORT CONTROL [gather]: readers connect to the port, messages come one a line over the unix
 * socket. Each message is one write to each socket; with `gather`, all that came at once is one.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../frames.h"

enum { MOST_SOCKETS = 65536, LINES_BYTES = 1 << 20, HEARD_BYTES = 4096 };
static const size_t LOG_BYTES = (size_t)1 << 30; /* address space, of which little is touched */

/* What the readers of the example key in RFC 6455 expect; ours send no other. */
static const char ANSWER[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                             "Connection: Upgrade\r\n"
                             "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

struct line {
    int fd;
    bool shaken, blocked;
    size_t sent; /* how much of the log it has had */
    uint64_t acked;
    size_t held;
    uint8_t heard[HEARD_BYTES];
};

static struct line *lines[MOST_SOCKETS]; /* by their descriptor */
static int epoll, listener, control_listener, control = -1, highest;
static uint8_t *log_bytes; /* all frames, one after the other */
static size_t log_length;
static bool gather;

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void watch(int fd, uint32_t events, int how)
{
    struct epoll_event wish = {.events = events, .data.fd = fd};
    if (epoll_ctl(epoll, how, fd, &wish))
        die("watching");
}

static void drop(struct line *line)
{
    close(line->fd);
    lines[line->fd] = NULL;
    free(line);
}

/* ---- messages out ---- */

static void flush(struct line *line)
{
    size_t length = log_length - line->sent;
    ssize_t sent = send(line->fd, log_bytes + line->sent, length, MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN) {
        drop(line);
        return;
    }
    line->sent += sent > 0 ? (size_t)sent : 0;
    bool blocked = line->sent < log_length;
    if (blocked != line->blocked)
        watch(line->fd, blocked ? EPOLLIN | EPOLLOUT : EPOLLIN, EPOLL_CTL_MOD);
    line->blocked = blocked;
}

static void flush_all(void)
{
    for (int fd = 0; fd <= highest; fd++)
        if (lines[fd] && lines[fd]->shaken && !lines[fd]->blocked)
            flush(lines[fd]);
}

static void append(const uint8_t *text, size_t length)
{
    if (length > UINT16_MAX || log_length + HEAD_BYTES + length > LOG_BYTES)
        die("a message too many or too long");
    log_length += frame_head(log_bytes + log_length, TEXT, length, NULL);
    memcpy(log_bytes + log_length, text, length);
    log_length += length;
}

static void hear_control(void)
{
    static uint8_t text[LINES_BYTES];
    static size_t held;
    ssize_t got = recv(control, text + held, sizeof text - held, 0);
    if (got <= 0) {
        close(control);
        control = -1;
        return;
    }
    held += (size_t)got;
    uint8_t *start = text, *end;
    while ((end = memchr(start, '\n', held - (size_t)(start - text)))) {
        append(start, (size_t)(end - start));
        start = end + 1;
        if (!gather)
            flush_all();
    }
    if (gather)
        flush_all();
    held -= (size_t)(start - text);
    memmove(text, start, held);
}

/* ---- readers and what they acknowledge ---- */

static void note_ack(struct line *line, const struct frame *frame)
{
    masked(frame->text, frame->length, frame->mask);
    const uint8_t *seq = memmem(frame->text, frame->length, "\"seq\":", 6);
    if (seq && memmem(frame->text, frame->length, "\"op\":\"ack\"", 10))
        line->acked = strtoull((const char *)seq + 6, NULL, 10);
}

static size_t shaken(struct line *line, const uint8_t *data, size_t length)
{
    const uint8_t *end = memmem(data, length, "\r\n\r\n", 4);
    if (!end)
        return 0;
    line->shaken = send(line->fd, ANSWER, sizeof ANSWER - 1, MSG_NOSIGNAL) > 0;
    line->sent = log_length;
    return (size_t)(end - data) + 4;
}

/* Return the length of the first thing that was heard, 0 if it is not whole. */
static size_t piece_heard(struct line *line, uint8_t *data, size_t length)
{
    struct frame frame;
    if (!line->shaken)
        return shaken(line, data, length);
    size_t whole = frame_read(data, length, &frame);
    if (whole && frame.mask)
        note_ack(line, &frame);
    return whole;
}

static void hear(struct line *line)
{
    ssize_t got = recv(line->fd, line->heard + line->held, HEARD_BYTES - line->held, 0);
    if (got <= 0) {
        drop(line);
        return;
    }
    line->held += (size_t)got;
    size_t used = 0, piece;
    while ((piece = piece_heard(line, line->heard + used, line->held - used)))
        used += piece;
    line->held -= used;
    memmove(line->heard, line->heard + used, line->held);
}

static void greet(void)
{
    int on = 1, fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    if (fd < 0 || fd >= MOST_SOCKETS)
        die("accepting");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    lines[fd] = calloc(1, sizeof *lines[fd]);
    lines[fd]->fd = fd;
    highest = fd > highest ? fd : highest;
    watch(fd, EPOLLIN, EPOLL_CTL_ADD);
}

static void attend(int fd, uint32_t events)
{
    if (fd == listener) {
        greet();
    } else if (fd == control_listener) {
        control = accept(control_listener, NULL, NULL);
        watch(control, EPOLLIN, EPOLL_CTL_ADD);
    } else if (fd == control) {
        hear_control();
    } else if (lines[fd] && events & EPOLLOUT) {
        flush(lines[fd]);
    } else if (lines[fd]) {
        hear(lines[fd]);
    }
}

/* ---- starting ---- */

static int listening(int family, const struct sockaddr *address, socklen_t size)
{
    int on = 1, fd = socket(family, SOCK_STREAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (fd < 0 || bind(fd, address, size) || listen(fd, 4096))
        die("listening");
    watch(fd, EPOLLIN, EPOLL_CTL_ADD);
    return fd;
}

static void start(int port, const char *path)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_un place = {.sun_family = AF_UNIX};
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    strncpy(place.sun_path, path, sizeof place.sun_path - 1);
    log_bytes = mmap(NULL, LOG_BYTES, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    epoll = epoll_create1(0);
    if (log_bytes == MAP_FAILED || epoll < 0)
        die("starting");
    listener = listening(AF_INET, (struct sockaddr *)&address, sizeof address);
    control_listener = listening(AF_UNIX, (struct sockaddr *)&place, sizeof place);
}

int main(int count, char **words)
{
    struct epoll_event events[1024];
    if (count < 3) {
        fprintf(stderr, "raw PORT CONTROL [gather]\n");
        return 2;
    }
    gather = count > 3;
    start(atoi(words[1]), words[2]);
    for (;;) {
        int ready = epoll_wait(epoll, events, 1024, -1);
        for (int i = 0; i < ready; i++)
            attend(events[i].data.fd, events[i].events);
    }
}
