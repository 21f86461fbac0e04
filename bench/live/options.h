/* What the command line tells client.c: pairs of a name and a value. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdlib.h>
#include <string.h>

enum { MOST_STEPS = 4 };

struct step {
    const char *say, *hear; /* say this, go on when that is heard */
};

static struct {
    int port, sockets, place, steps;
    const char *path, *protocol;
    const char *ack_before, *ack_after; /* what wraps an acknowledgement */
    const char *ping, *pong;
    struct step step[MOST_STEPS];
} options;

static inline const char **text_option(const char *name)
{
    static const struct {
        const char *name, **value;
    } known[] = {
        {"--path", &options.path},           {"--protocol", &options.protocol},
        {"--ack-before", &options.ack_before}, {"--ack-after", &options.ack_after},
        {"--ping", &options.ping},           {"--pong", &options.pong},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(name, known[i].name))
            return known[i].value;
    return NULL;
}

static inline int *number_option(const char *name)
{
    if (!strcmp(name, "--port"))
        return &options.port;
    if (!strcmp(name, "--sockets"))
        return &options.sockets;
    return strcmp(name, "--place") ? NULL : &options.place;
}

/* Return 0, or 1 where something is not known. `--say` comes before its `--hear`. */
static inline int read_options(int count, char **words)
{
    options.path = "/";
    options.protocol = options.ack_before = options.ack_after = options.ping = options.pong = "";
    for (int i = 1; i + 1 < count; i += 2) {
        const char *name = words[i], **text = text_option(name);
        int *number = number_option(name);
        if (text)
            *text = words[i + 1];
        else if (number)
            *number = atoi(words[i + 1]);
        else if (!strcmp(name, "--say") && options.steps < MOST_STEPS)
            options.step[options.steps].say = words[i + 1];
        else if (!strcmp(name, "--hear") && options.steps < MOST_STEPS)
            options.step[options.steps++].hear = words[i + 1];
        else
            return 1;
    }
    return 0;
}

#endif
