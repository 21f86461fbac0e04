/* The load of bench/live: many readers of WebSockets in one thread.
 *
 * Connects, greets as it is told, then follows one numbered stream on every socket: checks that
 * each message names the one before it, counts, notes how old it is, acknowledges every 128
 * messages or 5 seconds. What a message is: a text that holds
 * "prev":N,"seq":M and after it "sent_us":T, in whatever wrapping; a frame may hold several.
 *
 * Says "ready" when all sockets are open and greeted, or "refused N" where some were not let in.
 * With --after and --until, readers expect what follows a number from the first moment; with
 * --deaf they read nothing any more once they are ready.
 *
 * Commands on the standard input, one a line, answers on the standard output:
 *   begin SEQ   forget the counts, expect what follows SEQ        -> begun
 *   wait SEQ    say when every socket has had SEQ                 -> reached SEQ
 *   report      say what was counted                              -> one JSON object
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "counts.h"
#include "frames.h"
#include "options.h"

enum {
    PER_ADDRESS = 40, /* a service may limit the sockets of one address */
    ACK_EVERY = 128,
    TICKS_PER_ACK = 50, /* of 100 ms: each socket has its turn once in 5 s */
    TICK_MS = 100,
    SHARED_BYTES = 1 << 20,
    TEXT_BYTES = 2048, /* a greeting may hold a token */
    DEAF_BYTES = 4096, /* that the system keeps for who does not read */
    CLOSINGS_SAID = 3,
};

enum state { DIALING, SHAKING, GREETING, READING, GONE };

struct reader {
    int fd, step;
    enum state state;
    uint64_t last, acked;
    uint8_t *rest; /* the beginning of a frame whose end is on its way */
    size_t rest_length;
};

static struct reader *readers;
static int epoll, dialed, dialing, ready, refused, gone;
static uint64_t target, reached; /* how many sockets have had `target` */
static uint8_t shared[SHARED_BYTES];

static void die(const char *what)
{
    fprintf(stderr, "client: %s: %s\n", what, errno ? strerror(errno) : "refused");
    exit(1);
}

static void say(const char *line)
{
    puts(line);
    fflush(stdout);
}

/* ---- what is sent ---- */

static void send_frame(struct reader *reader, int opcode, const void *text, size_t length)
{
    static const uint8_t mask[4] = {0x5a, 0xa5, 0x3c, 0xc3};
    uint8_t frame[HEAD_BYTES + TEXT_BYTES];
    if (length > TEXT_BYTES)
        die("a frame too long");
    size_t head = frame_head(frame, opcode, length, mask);
    memcpy(frame + head, text, length);
    masked(frame + head, length, mask);
    if (send(reader->fd, frame, head + length, MSG_NOSIGNAL) != (ssize_t)(head + length))
        die("sending");
}

static void send_text(struct reader *reader, const char *text)
{
    send_frame(reader, TEXT, text, strlen(text));
}

static void send_ack(struct reader *reader)
{
    char text[TEXT_BYTES];
    snprintf(text, sizeof text, "%s{\"op\":\"ack\",\"stream\":\"events\",\"seq\":%" PRIu64 "}%s",
             options.ack_before, reader->last, options.ack_after);
    send_text(reader, text);
    reader->acked = reader->last;
}

/* Say the text of a step; the word TOKEN in it stands for a line of the file of tokens. */
static void send_greeting(struct reader *reader, const char *say)
{
    const char *word = options.tokens ? strstr(say, "TOKEN") : NULL;
    char text[TEXT_BYTES];
    if (!word) {
        send_text(reader, say);
        return;
    }
    int length = snprintf(text, sizeof text, "%.*s%s%s", (int)(word - say), say,
                          options.tokens[reader - readers], word + strlen("TOKEN"));
    send_frame(reader, TEXT, text, (size_t)length);
}

static void refuse(struct reader *reader);

static void send_request(struct reader *reader)
{
    char text[2 * TEXT_BYTES], protocol[TEXT_BYTES] = "";
    if (*options.protocol)
        snprintf(protocol, sizeof protocol, "Sec-WebSocket-Protocol: %s\r\n", options.protocol);
    int length = snprintf(text, sizeof text,
                          "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\n"
                          "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s\r\n",
                          options.path, options.port, protocol);
    reader->state = SHAKING;
    if (send(reader->fd, text, (size_t)length, MSG_NOSIGNAL) != length)
        refuse(reader);
}

/* ---- opening ---- */

static void dial(void)
{
    struct reader *reader = &readers[dialed];
    /* 127.1.0.1 and on; of the next client 127.2.0.1 and on */
    uint32_t host = 0x7f000001 + ((uint32_t)options.place << 16) + (uint32_t)(dialed / PER_ADDRESS);
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(host)};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)options.port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1, few = DEAF_BYTES;
    reader->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(reader->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (options.deaf)
        setsockopt(reader->fd, SOL_SOCKET, SO_RCVBUF, &few, sizeof few);
    if (bind(reader->fd, (struct sockaddr *)&from, sizeof from))
        die("binding");
    if (connect(reader->fd, (struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS)
        die("connecting");
    struct epoll_event wish = {.events = EPOLLOUT, .data.ptr = reader};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, reader->fd, &wish))
        die("watching");
    dialed++;
    dialing++;
}

static void connected(struct reader *reader)
{
    /* By the edge: one read takes all there is, the room for it is large. */
    struct epoll_event wish = {.events = EPOLLIN | EPOLLET, .data.ptr = reader};
    epoll_ctl(epoll, EPOLL_CTL_MOD, reader->fd, &wish);
    send_request(reader);
}

static void say_if_ready(void)
{
    if (ready + refused < options.sockets)
        return;
    if (refused)
        printf("refused %d\n", refused);
    else
        puts("ready");
    fflush(stdout);
}

static void refuse(struct reader *reader)
{
    reader->state = GONE;
    close(reader->fd);
    dialing--;
    refused++;
    say_if_ready();
}

/* Say what the next step says; after the last one the socket is ready. */
static void greet(struct reader *reader)
{
    reader->state = GREETING;
    if (reader->step < options.steps) {
        if (*options.step[reader->step].say)
            send_greeting(reader, options.step[reader->step].say);
        return;
    }
    reader->state = READING;
    dialing--;
    ready++;
    if (options.deaf)
        epoll_ctl(epoll, EPOLL_CTL_DEL, reader->fd, NULL);
    say_if_ready();
}

static size_t shaken(struct reader *reader, const uint8_t *data, size_t length)
{
    const uint8_t *end = memmem(data, length, "\r\n\r\n", 4);
    if (!end)
        return 0;
    if (length < 12 || memcmp(data + 9, "101", 3)) {
        fprintf(stderr, "client: %.*s\n", (int)(end - data), (const char *)data);
        refuse(reader);
    } else
        greet(reader);
    return (size_t)(end - data) + 4;
}

static void hang_up(struct reader *reader, unsigned code)
{
    if (gone < CLOSINGS_SAID)
        fprintf(stderr, "client: socket %td was closed with %u\n", reader - readers, code);
    if (reader->state != READING) {
        refuse(reader);
        return;
    }
    if (reader->last < target)
        reached++;
    reader->state = GONE;
    gone++;
    close(reader->fd);
}

/* ---- what is read ---- */

static uint64_t number_after(const char **place, const char *end, const char *name)
{
    const char *found = memmem(*place, (size_t)(end - *place), name, strlen(name));
    uint64_t number = 0;
    if (!found)
        return 0;
    for (found += strlen(name); found < end && *found >= '0' && *found <= '9'; found++)
        number = number * 10 + (uint64_t)(*found - '0');
    *place = found;
    return number;
}

static void say_if_reached(void)
{
    if (target && reached >= (uint64_t)options.sockets) {
        printf("reached %" PRIu64 "\n", target);
        fflush(stdout);
        target = 0;
    }
}

static void message_heard(struct reader *reader, uint64_t prev, uint64_t seq)
{
    if (seq <= reader->last) {
        *(seq == reader->last ? &counts.doubled : &counts.disordered) += 1;
        return;
    }
    counts.jumps += prev != reader->last;
    counts.received++;
    if (reader->last < target && seq >= target)
        reached++;
    reader->last = seq;
    if (seq - reader->acked >= ACK_EVERY)
        send_ack(reader);
}

/* Return how many messages the text holds. */
static int messages_heard(struct reader *reader, const char *text, size_t length)
{
    const char *place = text, *end = text + length;
    int found = 0;
    while ((place = memmem(place, (size_t)(end - place), "\"prev\":", 7))) {
        uint64_t prev = number_after(&place, end, "\"prev\":");
        uint64_t seq = number_after(&place, end, "\"seq\":");
        uint64_t sent_us = number_after(&place, end, "\"sent_us\":");
        if (sent_us) /* else a message of the service itself */
            count_age(sent_us);
        message_heard(reader, prev, seq);
        found++;
    }
    return found;
}

static void text_heard(struct reader *reader, const char *text, size_t length)
{
    if (reader->state == GREETING) {
        const char *hear = options.step[reader->step].hear;
        if (memmem(text, length, hear, strlen(hear))) {
            reader->step++;
            greet(reader);
        }
    } else if (messages_heard(reader, text, length)) {
        counts.bytes += length;
    } else if (*options.ping && memmem(text, length, options.ping, strlen(options.ping))) {
        send_text(reader, options.pong);
    }
}

static void frame_heard(struct reader *reader, const struct frame *frame)
{
    const uint8_t *text = frame->text;
    if (frame->opcode == CLOSE)
        hang_up(reader, frame->length >= 2 ? (unsigned)(text[0] << 8 | text[1]) : 1005);
    else if (frame->opcode == PING)
        send_frame(reader, PONG, text, frame->length);
    else if (frame->opcode <= 2)
        text_heard(reader, (const char *)text, frame->length);
}

/* Read one frame, or the answer to the handshake; return its length, 0 if it is not whole. */
static size_t piece_heard(struct reader *reader, uint8_t *data, size_t length)
{
    struct frame frame;
    if (reader->state == SHAKING)
        return shaken(reader, data, length);
    size_t whole = frame_read(data, length, &frame);
    if (whole)
        frame_heard(reader, &frame);
    return whole;
}

static void keep_rest(struct reader *reader, const uint8_t *data, size_t length)
{
    reader->rest_length = length;
    if (!length)
        return;
    if (!(reader->rest = realloc(reader->rest, length)))
        die("memory");
    memcpy(reader->rest, data, length);
}

static void listen_to(struct reader *reader)
{
    size_t held = reader->rest_length, used = 0, piece;
    if (held)
        memcpy(shared, reader->rest, held);
    ssize_t got = recv(reader->fd, shared + held, sizeof shared - held, 0);
    if (got < 0 && errno == EAGAIN)
        return;
    if (got <= 0) {
        hang_up(reader, 1006);
        return;
    }
    held += (size_t)got;
    while (reader->state != GONE && (piece = piece_heard(reader, shared + used, held - used)))
        used += piece;
    if (held == sizeof shared && !used)
        die("a frame too long");
    if (held != used || reader->rest_length)
        keep_rest(reader, shared + used, held - used);
}

/* ---- commands ---- */

static void begin(uint64_t seq)
{
    counts_forget();
    for (int i = 0; i < options.sockets; i++)
        readers[i].last = readers[i].acked = seq;
    say("begun");
}

static void wait_for(uint64_t seq)
{
    target = seq;
    reached = 0;
    for (int i = 0; i < options.sockets; i++)
        reached += readers[i].state == GONE || readers[i].last >= seq;
    say_if_reached();
}

static void obey(void)
{
    static char text[TEXT_BYTES];
    static size_t length;
    ssize_t got = read(STDIN_FILENO, text + length, sizeof text - 1 - length);
    if (got <= 0)
        exit(0); /* whoever told us what to do has gone */
    text[length += (size_t)got] = 0;
    for (char *end; (end = strchr(text, '\n'));) {
        uint64_t seq = 0;
        if (sscanf(text, "begin %" SCNu64, &seq) == 1)
            begin(seq);
        else if (sscanf(text, "wait %" SCNu64, &seq) == 1)
            wait_for(seq);
        else if (!strncmp(text, "report", 6))
            counts_say(options.sockets, gone);
        length -= (size_t)(end + 1 - text);
        memmove(text, end + 1, length + 1);
    }
}

static void ack_some(void)
{
    static int turn;
    turn = (turn + 1) % TICKS_PER_ACK;
    for (int i = turn; i < options.sockets; i += TICKS_PER_ACK)
        if (readers[i].state == READING && readers[i].last > readers[i].acked)
            send_ack(&readers[i]);
}

static void run(void)
{
    struct epoll_event events[1024];
    for (uint64_t ticked_us = now_us();;) {
        while (dialed < options.sockets && dialing < options.at_once)
            dial();
        int count = epoll_wait(epoll, events, 1024, TICK_MS);
        for (int i = 0; i < count; i++) {
            struct reader *reader = events[i].data.ptr;
            if (!reader)
                obey();
            else if (reader->state == DIALING)
                connected(reader);
            else if (reader->state != GONE)
                listen_to(reader);
        }
        say_if_reached();
        if (now_us() - ticked_us >= TICK_MS * 1000) {
            ticked_us = now_us();
            ack_some();
        }
    }
}

int main(int count, char **words)
{
    if (read_options(count, words))
        die("an option that is not known");
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    readers = calloc((size_t)options.sockets, sizeof *readers);
    for (int i = 0; readers && i < options.sockets; i++)
        readers[i].last = readers[i].acked = (uint64_t)options.after;
    target = (uint64_t)options.until;
    epoll = epoll_create1(0);
    struct epoll_event commands = {.events = EPOLLIN, .data.ptr = NULL};
    if (!readers || epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, STDIN_FILENO, &commands))
        die("starting");
    run();
}
