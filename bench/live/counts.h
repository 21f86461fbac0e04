/* What the readers of client.c count. */
#ifndef COUNTS_H
#define COUNTS_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { BUCKET_US = 10, BUCKETS = 1000 * 1000 };

static struct {
    uint64_t received, bytes;
    uint64_t doubled;    /* the newest came again */
    uint64_t disordered; /* an older one came */
    uint64_t jumps;      /* one came that names another before it than the one we have had */
    uint64_t latest_us;
} counts;

static uint32_t ages[BUCKETS + 1]; /* how many messages were so old, the last: or older */

static inline uint64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static inline void counts_forget(void)
{
    memset(&counts, 0, sizeof counts);
    memset(ages, 0, sizeof ages);
}

static inline void count_age(uint64_t sent_us)
{
    uint64_t now = now_us(), age = now > sent_us ? now - sent_us : 0;
    ages[age / BUCKET_US < BUCKETS ? age / BUCKET_US : BUCKETS]++;
    counts.latest_us = now;
}

static inline double percentile_ms(double share)
{
    uint64_t all = 0, below = 0;
    for (int i = 0; i <= BUCKETS; i++)
        all += ages[i];
    for (int i = 0; i <= BUCKETS; i++)
        if ((below += ages[i]) && (double)below >= share * (double)all)
            return (i + 1) * BUCKET_US / 1000.0;
    return 0;
}

static inline void counts_say(int sockets, int closed)
{
    printf("{\"sockets\": %d, \"closed\": %d, \"received\": %" PRIu64 ", \"bytes\": %" PRIu64
           ", \"doubled\": %" PRIu64 ", \"disordered\": %" PRIu64 ", \"jumps\": %" PRIu64
           ", \"latest_us\": %" PRIu64 ", \"p50_ms\": %.2f, \"p95_ms\": %.2f, \"p99_ms\": %.2f"
           ", \"most_ms\": %.2f}\n",
           sockets, closed, counts.received, counts.bytes, counts.doubled, counts.disordered,
           counts.jumps, counts.latest_us, percentile_ms(0.5), percentile_ms(0.95),
           percentile_ms(0.99), percentile_ms(1.0));
    fflush(stdout);
}

#endif
