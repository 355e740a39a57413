/* Settings from the environment, and the log. */
#define _GNU_SOURCE
#include "shadow.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct settings shadow_settings;

void shadow_log(char const *format, ...)
{
    char line[1200] = "fvm-shadow: ";
    size_t prefix = strlen(line);
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line + prefix, sizeof line - prefix - 1, format, arguments);
    va_end(arguments);
    size_t all = prefix + (length < 0 ? 0 : (size_t)length);
    if (all > sizeof line - 2) {
        all = sizeof line - 2;
    }
    /* Texts of libraries may contain anything. */
    for (size_t i = 0; i < all; i++) {
        if ((unsigned char)line[i] < ' ') {
            line[i] = ' ';
        }
    }
    line[all] = '\n';
    ssize_t ignored = write(STDERR_FILENO, line, all + 1);
    (void)ignored;
}

static double number(char const *name, double otherwise, double least, double most)
{
    char const *text = getenv(name);
    if (text == NULL || *text == 0) {
        return otherwise;
    }
    char *end;
    errno = 0;
    double value = strtod(text, &end);
    if (errno != 0 || *end != 0 || !(value >= least && value <= most)) {
        shadow_log("%s must be a number from %g to %g, not '%s'; %g is used", name, least, most, text, otherwise);
        return otherwise;
    }
    return value;
}

static char const *text(char const *name)
{
    char const *value = getenv(name);
    return value == NULL || *value == 0 ? NULL : strdup(value);
}

/* A file that is installed beside this library. */
static char const *beside(char const *own_path, char const *name)
{
    char path[PATH_MAX + 32];
    char const *slash = own_path == NULL ? NULL : strrchr(own_path, '/');
    int folder = slash == NULL ? 0 : (int)(slash + 1 - own_path);
    if (own_path == NULL || snprintf(path, sizeof path, "%.*s%s", folder, own_path, name) >= (int)sizeof path) {
        return NULL;
    }
    return strdup(path);
}

void shadow_read_settings(char const *own_path)
{
    struct settings *settings = &shadow_settings;
    settings->leader = text("FVM_SHADOW_LEADER");
    settings->follower = text("FVM_SHADOW_FOLLOWER");
    if (settings->follower == NULL) {
        settings->follower = beside(own_path, "libfvm.so");
    }
    char const *program = getenv("FVM_SHADOW_PROCESS");
    if (program != NULL && strchr(program, '/') != NULL) {
        settings->program = strdup(program);
    } else if (number("FVM_SHADOW_PROCESS", 0, 0, 1) != 0) {
        settings->program = beside(own_path, "fvm-shadow-follower");
    }
    settings->out = text("FVM_SHADOW_OUT");
    settings->metrics = text("FVM_SHADOW_METRICS");
    settings->sample = number("FVM_SHADOW_SAMPLE", 1, 0, 1);
    settings->timeout_ms = (long)(number("FVM_SHADOW_TIMEOUT", 60, 0.001, 86400) * 1000);
    settings->wait_ms = (long)(number("FVM_SHADOW_WAIT", 0, 0, 86400) * 1000);
    settings->queue = (long)number("FVM_SHADOW_QUEUE", 10000, 0, 1e9);
    settings->threads = settings->program != NULL ? 1 : (long)number("FVM_SHADOW_THREADS", 1, 1, 64);
    char const *nice = getenv("FVM_SHADOW_NICE");
    settings->nice = nice != NULL && strcmp(nice, "idle") == 0 ? NICE_IDLE : (long)number("FVM_SHADOW_NICE", NICE_DEFAULT, 0, 19);
    settings->processors = (long)number("FVM_SHADOW_CPUS", 0, 0, 1e6);
    settings->pause_us = (long)(number("FVM_SHADOW_PAUSE", (double)shadow_pause_default_ms(), 0, 1000) * 1000);
    settings->restarts = (long)number("FVM_SHADOW_RESTARTS", 10, 0, 1e6);
    settings->memory = (size_t)number("FVM_SHADOW_MEMORY", 512, 1, 1e6) << 20;
    settings->follower_memory = (size_t)number("FVM_SHADOW_FOLLOWER_MEMORY", 4096, 1, 1e6) << 20;
    settings->out_files = (long)number("FVM_SHADOW_OUT_FILES", 100, 0, 1e6);
    settings->out_bytes = (size_t)number("FVM_SHADOW_OUT_MIB", 1024, 0, 1e6) << 20;
}
