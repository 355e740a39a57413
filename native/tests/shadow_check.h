/* Helpers of the tests of libfvm_shadow: its metrics, its environment, vectors run through it. */
#ifndef FVM_TESTS_SHADOW_CHECK_H
#define FVM_TESTS_SHADOW_CHECK_H

#include "check.h"

#include <time.h>
#include <unistd.h>

static char folder[200], metrics[300];

static inline double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static inline char *read_file(char const *path)
{
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return NULL;
    }
    size_t room = 64 << 20;
    char *text = malloc(room);
    text[fread(text, 1, room - 1, file)] = 0;
    fclose(file);
    return text;
}

/* A metric from the file; -1 if it is not there. */
static inline long metric(char const *name)
{
    char *text = read_file(metrics);
    char line[200];
    snprintf(line, sizeof line, "\nfvm_shadow_%s ", name);
    char const *at = text == NULL ? NULL : strstr(text, line);
    long value = at == NULL ? -1 : strtol(at + strlen(line), NULL, 10);
    free(text);
    return value;
}

/* Waits, for ten seconds at most, until a metric has at least a value. */
static inline long metric_from(char const *name, long least)
{
    long value = metric(name);
    for (int i = 0; i < 200 && value < least; i++) {
        usleep(50000);
        value = metric(name);
    }
    return value;
}

#define METRIC(name, expected)                                                                  \
    do {                                                                                        \
        long is = metric_from(name, expected);                                                  \
        CHECK(is == (expected), "%s is %ld, not %ld", name, is, (long)(expected));              \
    } while (0)

static inline void use(char const *name, char const *value) { setenv(name, value, 1); }

static inline void use_bad_follower(char const *mode)
{
    use("FVM_SHADOW_FOLLOWER", getenv("FVM_TEST_BAD_FOLLOWER"));
    use("FVM_TEST_FOLLOWER", mode);
}

static inline void run_vector(char const *name, bool tracing)
{
    struct vector *vector = vector_read(vectors, name);
    host_reset(vector);
    InnerFvmMachine_t *machine = machine_of(vector, tracing);
    expect_vector(machine, vector, name);
    drop_fvm_machine(machine);
    vector_free(vector);
}

/* All examples, each without and with a trace: the follower agrees on every message, and on every flush. */
static inline void agree_on_examples(void)
{
    use("FVM_SHADOW_WAIT", "30");
    static char const *const names[] = {"transfers", "counter", "counter-nv21", "events", "failing", "caller", "debugging"};
    for (int i = 0; i < 14; i++) {
        run_vector(names[i / 2], i % 2 != 0);
    }
    METRIC("machines_compared_total", 14);
    METRIC("differences_total", 0);
    METRIC("flushes_compared_total", 14);
    METRIC("traces_absent_total", 0);
    CHECK(metric("messages_compared_total") == metric("messages_total"), "a message was not compared");
}

static inline void expect_child(void (*body)(void), char const *name)
{
    int code = in_child(body);
    CHECK(code == 0, "%s: exit code %d", name, code);
    unlink(metrics);
}

/* A folder for vectors and metrics. */
static inline void make_folder(void)
{
    snprintf(folder, sizeof folder, "/tmp/fvm-shadow-test-XXXXXX");
    if (mkdtemp(folder) == NULL) {
        abort();
    }
    snprintf(metrics, sizeof metrics, "%s/metrics.prom", folder);
    use("FVM_SHADOW_METRICS", metrics);
}

#endif
