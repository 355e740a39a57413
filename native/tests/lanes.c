/* Many concurrent messages at maximum call depth, all waiting for their host
 * at the same time, holding address space, stacks and instances. Prints the
 * cost of each. FVM_DEEP_LANES is their number (default 16; up to 256). */
#include "check.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOST = 256 };

static struct vector *vector;
static int lanes, waiting;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t all_there = PTHREAD_COND_INITIALIZER;
static bool counts;

/* In kilobytes; and the number of mappings. */
static void usage(long *addresses, long *resident, long *mappings)
{
    char line[512];
    FILE *file = fopen("/proc/self/status", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        sscanf(line, "VmSize: %ld", addresses);
        sscanf(line, "VmRSS: %ld", resident);
    }
    fclose(file);
    file = fopen("/proc/self/maps", "r");
    for (*mappings = 0; file != NULL && fgets(line, sizeof line, file) != NULL;) {
        *mappings += 1;
    }
    fclose(file);
}

static long addresses_before, resident_before, mappings_before;

static void wait_for_all(enum host_function function)
{
    if (function != HOST_CHAIN_RANDOMNESS || !counts) {
        return;
    }
    pthread_mutex_lock(&gate);
    if (++waiting == lanes) {
        long addresses = 0, resident = 0, mappings = 0;
        usage(&addresses, &resident, &mappings);
        printf("%d lanes, 1024 deep: per lane %ld MB of addresses, %ld KB resident, %.1f mappings; %ld GB, %ld MB, %ld in all\n", lanes,
            (addresses - addresses_before) / lanes / 1000, (resident - resident_before) / lanes,
            (double)(mappings - mappings_before) / lanes, addresses / 1000000, resident / 1000, mappings);
        pthread_cond_broadcast(&all_there);
    }
    while (waiting < lanes) {
        pthread_cond_wait(&all_there, &gate);
    }
    pthread_mutex_unlock(&gate);
}

static pthread_barrier_t ready;

static void *deep(void *unused)
{
    (void)unused;
    InnerFvmMachine_t *machine = machine_of(vector, false);
    size_t last = vector->message_count - 1;
    for (size_t i = 0; i < last; i++) {
        destroy_fvm_machine_execute_response(execute(machine, &vector->messages[i]));
    }
    if (pthread_barrier_wait(&ready) == PTHREAD_BARRIER_SERIAL_THREAD) {
        usage(&addresses_before, &resident_before, &mappings_before);
        counts = true;
    }
    pthread_barrier_wait(&ready);
    Result_FvmMachineExecuteResponse_t *response = execute(machine, &vector->messages[last]);
    CHECK(response->status_code == 0, "a deep message: %.*s", (int)response->error_msg.len, (char const *)response->error_msg.ptr);
    CHECK(response->value.exit_code == 0 && response->value.gas_used == vector->messages[last].gas_used, "a deep message: exit code %lu, gas %lu",
        (unsigned long)response->value.exit_code, (unsigned long)response->value.gas_used);
    if (response->status_code != 0) {
        /* The others would wait for it. */
        wait_for_all(HOST_CHAIN_RANDOMNESS);
    }
    destroy_fvm_machine_execute_response(response);
    Result_slice_boxed_uint8_t *root = fvm_machine_flush(machine);
    CHECK(same(root->value, vector->post_root), "another state root");
    destroy_fvm_machine_flush_response(root);
    drop_fvm_machine(machine);
    return NULL;
}

void run(void)
{
    char const *asked = getenv("FVM_DEEP_LANES");
    lanes = asked != NULL ? atoi(asked) : 16;
    lanes = lanes < 1 ? 1 : lanes > MOST ? MOST : lanes;
    char number[8];
    snprintf(number, sizeof number, "%d", lanes);
    setenv("LOTUS_FVM_CONCURRENCY", number, 1);
    vector = vector_read(vectors, "chain");
    host_reset(vector);
    host_hook = wait_for_all;
    pthread_barrier_init(&ready, NULL, (unsigned)lanes);
    pthread_t threads[MOST];
    for (int i = 0; i < lanes; i++) {
        if (pthread_create(&threads[i], NULL, deep, NULL) != 0) {
            abort();
        }
    }
    for (int i = 0; i < lanes; i++) {
        pthread_join(threads[i], NULL);
    }
    vector_free(vector);
}
