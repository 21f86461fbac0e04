/* What the command line tells client.c: pairs of a name and a value. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_STEPS = 4 };

struct step {
    const char *say, *hear; /* say this, go on when that is heard */
};

static struct {
    int port, sockets, place, steps;
    int at_once;      /* how many sockets open at the same time */
    int after, until; /* what readers have had from the first, and what they wait for */
    int deaf;         /* whether they read nothing once they are ready */
    char **tokens;    /* one a socket */
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
    static const struct {
        const char *name;
        int *value;
    } known[] = {
        {"--port", &options.port},       {"--sockets", &options.sockets},
        {"--place", &options.place},     {"--at-once", &options.at_once},
        {"--after", &options.after},     {"--until", &options.until},
        {"--deaf", &options.deaf},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(name, known[i].name))
            return known[i].value;
    return NULL;
}

/* Read a file of one token a line; NULL if it has too few for the sockets. */
static inline char **tokens_read(const char *path)
{
    FILE *file = fopen(path, "r");
    char **tokens = calloc((size_t)options.sockets, sizeof *tokens);
    size_t room = 0;
    for (int i = 0; file && tokens && i < options.sockets; i++, room = 0) {
        if (getline(&tokens[i], &room, file) < 0)
            return NULL;
        tokens[i][strcspn(tokens[i], "\n")] = 0;
    }
    return file && !fclose(file) ? tokens : NULL;
}

/* Return 0, or 1 where something is not known. `--say` comes before its `--hear`, `--sockets`
 * before `--tokens`. */
static inline int read_options(int count, char **words)
{
    options.path = "/";
    options.at_once = 32;
    options.protocol = options.ack_before = options.ack_after = options.ping = options.pong = "";
    for (int i = 1; i + 1 < count; i += 2) {
        const char *name = words[i], **text = text_option(name);
        int *number = number_option(name);
        if (text)
            *text = words[i + 1];
        else if (number)
            *number = atoi(words[i + 1]);
        else if (!strcmp(name, "--tokens")) {
            if (!(options.tokens = tokens_read(words[i + 1])))
                return 1;
        } else if (!strcmp(name, "--say") && options.steps < MOST_STEPS)
            options.step[options.steps].say = words[i + 1];
        else if (!strcmp(name, "--hear") && options.steps < MOST_STEPS)
            options.step[options.steps++].hear = words[i + 1];
        else
            return 1;
    }
    return 0;
}

#endif
