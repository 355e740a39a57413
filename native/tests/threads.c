/* Many concurrent machines, and one machine from many threads, with more
 * threads than lanes. LOTUS_FVM_CONCURRENCY bounds the concurrent messages. */
#include "check.h"

#include <pthread.h>
#include <unistd.h>

enum { THREADS = 32, LANES = 3 };

static struct vector *vector;
static InnerFvmMachine_t *shared;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static int succeeded, refused, in_messages, most_in_messages;
static __thread bool in_message;

static void *own_machine(void *unused)
{
    (void)unused;
    for (int i = 0; i < 4; i++) {
        InnerFvmMachine_t *machine = machine_of(vector, i % 2 == 0);
        pthread_mutex_lock(&gate);
        pthread_mutex_unlock(&gate);
        expect_vector(machine, vector, "one of many machines");
        drop_fvm_machine(machine);
    }
    return NULL;
}

/* All with the same message: its nonce is valid once. */
static void *one_machine(void *unused)
{
    (void)unused;
    Result_FvmMachineExecuteResponse_t *response = execute(shared, &vector->messages[0]);
    pthread_mutex_lock(&gate);
    succeeded += response->status_code == 0 && response->value.exit_code == 0;
    refused += response->status_code == 0 && response->value.exit_code == 2;
    pthread_mutex_unlock(&gate);
    destroy_fvm_machine_execute_response(response);
    Result_slice_boxed_uint8_t *root = fvm_machine_flush(shared);
    CHECK(root->status_code == 0, "a flush beside others");
    destroy_fvm_machine_flush_response(root);
    return NULL;
}

static void on_all(void *(*work)(void *))
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, work, NULL) != 0) {
            abort();
        }
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
}

/* Messages read on the threads of the pool; creation and flushes on ours, where in_message is set. */
static void count(enum host_function function)
{
    if (function != HOST_GET || in_message) {
        return;
    }
    pthread_mutex_lock(&gate);
    if (++in_messages > most_in_messages) {
        most_in_messages = in_messages;
    }
    pthread_mutex_unlock(&gate);
    usleep(2000);
    pthread_mutex_lock(&gate);
    in_messages--;
    pthread_mutex_unlock(&gate);
}

static void *counted(void *unused)
{
    (void)unused;
    in_message = true;
    InnerFvmMachine_t *machine = machine_of(vector, false);
    Result_FvmMachineExecuteResponse_t *response = execute(machine, &vector->messages[0]);
    CHECK(response->status_code == 0 && response->value.exit_code == 0, "a message beside others");
    destroy_fvm_machine_execute_response(response);
    drop_fvm_machine(machine);
    return NULL;
}

void run(void)
{
    char lanes[8];
    snprintf(lanes, sizeof lanes, "%d", LANES);
    setenv("LOTUS_FVM_CONCURRENCY", lanes, 1);
    setenv("FVM_BLOCK_CACHE_MIB", "0", 1);
    vector = vector_read(vectors, "transfers");
    host_reset(vector);
    host_hook = count;
    on_all(counted);
    CHECK(most_in_messages == LANES, "%d messages at once, with %d lanes", most_in_messages, LANES);
    host_hook = NULL;

    on_all(own_machine);
    host_reset(vector);
    shared = machine_of(vector, false);
    on_all(one_machine);
    CHECK(succeeded == 1 && refused == THREADS - 1, "one message from %d threads: %d succeeded, %d refused", THREADS, succeeded, refused);
    drop_fvm_machine(shared);
    vector_free(vector);
}
