/* Frames of WebSocket (RFC 6455), as both sides of the bench read and write them. */
#ifndef FRAMES_H
#define FRAMES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { TEXT = 1, CLOSE = 8, PING = 9, PONG = 10, HEAD_BYTES = 14 };

struct frame {
    int opcode;
    const uint8_t *mask; /* NULL from a server */
    uint8_t *text;
    size_t length;
};

/* Find the first frame; return its whole length, 0 if its end is not there yet. */
static inline size_t frame_read(uint8_t *data, size_t held, struct frame *frame)
{
    if (held < 2)
        return 0;
    size_t head = 2, more = (data[1] & 127) == 126 ? 2 : (data[1] & 127) == 127 ? 8 : 0;
    size_t masked = data[1] & 128 ? 4 : 0, length = more ? 0 : data[1] & 127;
    if (held < head + more + masked)
        return 0;
    while (more--)
        length = length << 8 | data[head++];
    if (held - head - masked < length)
        return 0;
    frame->opcode = data[0] & 15;
    frame->mask = masked ? data + head : NULL;
    frame->text = data + head + masked;
    frame->length = length;
    return head + masked + length;
}

/* Write what stands before a text of up to 64 KiB; return how long that is. */
static inline size_t frame_head(uint8_t *data, int opcode, size_t length, const uint8_t *mask)
{
    size_t head = 2;
    data[0] = (uint8_t)(128 | opcode);
    data[1] = (uint8_t)((mask ? 128 : 0) | (length < 126 ? length : 126));
    if (length >= 126) {
        data[2] = (uint8_t)(length >> 8);
        data[3] = (uint8_t)length;
        head = 4;
    }
    if (mask)
        memcpy(data + head, mask, 4);
    return head + (mask ? 4 : 0);
}

static inline void masked(uint8_t *text, size_t length, const uint8_t *mask)
{
    for (size_t i = 0; i < length; i++)
        text[i] ^= mask[i % 4];
}

#endif
