/* Callbacks that call other machines, recursively: each call returns, and a
 * call that would wait for itself is an error. */
#include "check.h"

#include <pthread.h>
#include <unistd.h>

enum { MOST = 4 };

static struct vector *vector;
static InnerFvmMachine_t *machines[MOST];
static __thread int depth;
static int chain[MOST + 1], chain_length;
static int succeeded, refused;
static char last_error[512];
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void note(FCPResponseStatus_t status, slice_boxed_uint8_t text)
{
    pthread_mutex_lock(&gate);
    succeeded += status == 0;
    refused += status != 0;
    if (status != 0) {
        snprintf(last_error, sizeof last_error, "%.*s", (int)text.len, text.ptr);
    }
    pthread_mutex_unlock(&gate);
}

static void execute_on(InnerFvmMachine_t *machine)
{
    Result_FvmMachineExecuteResponse_t *response = execute(machine, &vector->messages[0]);
    note(response->status_code, response->error_msg);
    destroy_fvm_machine_execute_response(response);
}

static void flush(InnerFvmMachine_t *machine)
{
    Result_slice_boxed_uint8_t *response = fvm_machine_flush(machine);
    note(response->status_code, response->error_msg);
    destroy_fvm_machine_flush_response(response);
}

/* The first callback of each message executes on the next machine of the chain. The threads of a lane differ, so the position is counted
 * here. */
static int place;

static void next(enum host_function function)
{
    if (function == HOST_GET && place < chain_length) {
        execute_on(machines[chain[place++]]);
    }
}

static void begin(void)
{
    host_reset(vector);
    for (int i = 0; i < MOST; i++) {
        machines[i] = machine_of(vector, false);
    }
    succeeded = refused = place = 0;
    last_error[0] = '\0';
}

static void end(char const *when)
{
    host_hook = NULL;
    for (int i = 0; i < MOST; i++) {
        /* All remain usable. */
        flush(machines[i]);
        CHECK(strstr(last_error, "unusable") == NULL, "%s: %s", when, last_error);
        drop_fvm_machine(machines[i]);
    }
}

/* Executes on machine 0, with a chain of machines each of whose callbacks calls the next. */
static void follow(int length, int const *numbers, int good, char const *part, char const *when)
{
    begin();
    chain_length = length;
    memcpy(chain, numbers, (size_t)length * sizeof *numbers);
    host_hook = next;
    execute_on(machines[0]);
    CHECK(place == length, "%s: %d of %d calls were made", when, place, length);
    CHECK(succeeded == good && refused == length + 1 - good, "%s: %d good, %d refused", when, succeeded, refused);
    CHECK(strstr(last_error, part) != NULL, "%s: '%s' without '%s'", when, last_error, part);
    end(when);
}

#define FOLLOW(good, part, when, ...) \
    follow((int)(sizeof((int[]){__VA_ARGS__}) / sizeof(int)), (int[]){__VA_ARGS__}, good, part, when)

static void flush_other(enum host_function function)
{
    if (function == HOST_GET && depth++ == 0) {
        flush(machines[1]);
        destroy_create_fvm_machine_response(create(vector, false));
    }
}

static void execute_in_flush(enum host_function function)
{
    if (function == HOST_PUT_MANY && depth++ == 0) {
        execute_on(machines[1]);
    }
}

static void one_lane(void)
{
    FOLLOW(1, "LOTUS_FVM_CONCURRENCY", "another machine, with one lane", 1);
    FOLLOW(1, "busy", "the same machine, with one lane", 0);
    /* Calls that need no lane succeed. */
    begin();
    host_hook = flush_other;
    execute_on(machines[0]);
    CHECK(succeeded == 2 && refused == 0, "a flush in a callback: %s", last_error);
    end("a flush in a callback");
    begin();
    depth = 0;
    execute_on(machines[0]);
    host_hook = execute_in_flush;
    flush(machines[0]);
    CHECK(succeeded == 3 && refused == 0, "a message in a flush's callback: %s", last_error);
    end("a message in a flush's callback");
}

static void two_lanes(void)
{
    FOLLOW(2, "", "another machine, with two lanes", 1);
    FOLLOW(2, "LOTUS_FVM_CONCURRENCY", "a third machine, with two lanes", 1, 2);
    FOLLOW(2, "busy", "back to the first, with two lanes", 1, 0);
}

static void four_lanes(void)
{
    FOLLOW(3, "", "three machines", 1, 2);
    FOLLOW(3, "busy", "round to the first", 1, 2, 0);
    FOLLOW(3, "busy", "round to the second", 1, 2, 1);
}

/* Two messages whose callbacks call each other's machine: one of them is refused, or both run in turn. */
static pthread_barrier_t both;

static void want_other(enum host_function function)
{
    pthread_mutex_lock(&gate);
    int order = function == HOST_GET ? place++ : MOST;
    pthread_mutex_unlock(&gate);
    if (order < 2) {
        pthread_barrier_wait(&both);
        /* The owner of the callback is unknown: one of the two machines is its own, and refused at once. */
        execute_on(machines[0]);
        execute_on(machines[1]);
    }
}

static void *crossing(void *machine)
{
    execute_on(machine);
    return NULL;
}

static void crossed(void)
{
    for (int i = 0; i < 20; i++) {
        begin();
        CHECK(pthread_barrier_init(&both, NULL, 2) == 0, "a barrier");
        host_hook = want_other;
        pthread_t first, second;
        CHECK(pthread_create(&first, NULL, crossing, machines[0]) == 0 && pthread_create(&second, NULL, crossing, machines[1]) == 0, "threads");
        pthread_join(first, NULL);
        pthread_join(second, NULL);
        CHECK(succeeded + refused == 6 && refused >= 3, "crossed: %d good, %d refused", succeeded, refused);
        end("crossed");
        pthread_barrier_destroy(&both);
    }
}

/* A single lane; a machine waits for it, and the message in it calls flush on that machine. */
static InnerFvmMachine_t *queued;

static void *queue(void *unused)
{
    execute_on(queued);
    return unused;
}

static pthread_t queuing;

static void flush_queued(enum host_function function)
{
    if (function == HOST_GET && place++ == 0) {
        queued = machines[1];
        CHECK(pthread_create(&queuing, NULL, queue, NULL) == 0, "a thread");
        usleep(100000);
        flush(machines[1]);
    }
}

static void stuck(void)
{
    begin();
    host_hook = flush_queued;
    execute_on(machines[0]);
    pthread_join(queuing, NULL);
    CHECK(succeeded == 2 && refused == 1, "stuck: %d good, %d refused", succeeded, refused);
    CHECK(strstr(last_error, "LOTUS_FVM_CONCURRENCY") != NULL, "stuck: '%s'", last_error);
    end("stuck");
}

static void lanes(char const *number, void (*body)(void), char const *what)
{
    setenv("LOTUS_FVM_CONCURRENCY", number, 1);
    CHECK(in_child(body) == 0, "%s", what);
}

void run(void)
{
    setenv("FVM_BLOCK_CACHE_MIB", "0", 1);
    vector = vector_read(vectors, "transfers");
    lanes("1", one_lane, "one lane");
    lanes("1", stuck, "one lane, and a machine that waits for it");
    lanes("2", two_lanes, "two lanes");
    lanes("4", four_lanes, "four lanes");
    lanes("2", crossed, "two lanes, crossed");
    lanes("4", crossed, "four lanes, crossed");
    vector_free(vector);
}
