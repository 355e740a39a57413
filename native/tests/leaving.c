/* Hosts that terminate a thread within a callback (pthread_exit,
 * pthread_cancel): the call is an error, the machine and the library remain
 * usable. */
#include "check.h"

#include <pthread.h>
#include <unistd.h>

static struct vector *vector;
static enum host_function leave_in;
static int leave_at;
static bool cancels;

static void leave(enum host_function function)
{
    if (function == leave_in && leave_at-- == 0) {
        if (cancels) {
            pthread_cancel(pthread_self());
            pthread_testcancel();
        } else {
            pthread_exit(NULL);
        }
    }
}

/* Makes the n-th call of a function terminate its thread. */
static void arm(enum host_function function, int n)
{
    leave_in = function;
    leave_at = n;
    host_hook = leave;
}

static void check(FCPResponseStatus_t status, slice_boxed_uint8_t text, char const *when)
{
    if (cancels) {
        /* Calls are not cancelled in the middle. */
        CHECK(status == 0, "%s: %.*s", when, (int)text.len, text.ptr);
    } else {
        expect_error(status, text, "pthread_exit", when);
    }
    host_hook = NULL;
}

static void *calls(void *unused)
{
    arm(HOST_GET, 0);
    Result_InnerFvmMachine_ptr_t *created = create(vector, false);
    check(created->status_code, created->error_msg, "create");
    destroy_create_fvm_machine_response(created);

    InnerFvmMachine_t *machine = machine_of(vector, false);
    arm(HOST_GET, 0);
    Result_FvmMachineExecuteResponse_t *executed = execute(machine, &vector->messages[0]);
    check(executed->status_code, executed->error_msg, "execute");
    destroy_fvm_machine_execute_response(executed);
    drop_fvm_machine(machine);

    machine = machine_of(vector, false);
    arm(HOST_PUT_MANY, 0);
    destroy_fvm_machine_execute_response(execute(machine, &vector->messages[0]));
    Result_slice_boxed_uint8_t *flushed = fvm_machine_flush(machine);
    check(flushed->status_code, flushed->error_msg, "flush");
    destroy_fvm_machine_flush_response(flushed);
    /* The same machine again. */
    flushed = fvm_machine_flush(machine);
    CHECK(flushed->status_code == 0, "a flush after one that was left");
    destroy_fvm_machine_flush_response(flushed);
    drop_fvm_machine(machine);
    return unused;
}

static void on_thread(void)
{
    pthread_t thread;
    void *result;
    CHECK(pthread_create(&thread, NULL, calls, vector) == 0 && pthread_join(thread, &result) == 0, "a thread");
    /* The thread completed, or was cancelled at the first cancellation point after a call. */
    CHECK(result == vector || (cancels && result == PTHREAD_CANCELED), "the thread did not come to its end");
}

static void everything(void)
{
    host_reset(vector);
    on_thread();
    for (int i = 0; i < 10; i++) {
        on_thread();
    }
    host_reset(vector);
    InnerFvmMachine_t *machine = machine_of(vector, false);
    expect_vector(machine, vector, "after all that");
    drop_fvm_machine(machine);
}

void run(void)
{
    /* Every read must reach the host; a single lane, which must not be lost. */
    setenv("FVM_BLOCK_CACHE_MIB", "0", 1);
    setenv("LOTUS_FVM_CONCURRENCY", "1", 1);
    vector = vector_read(vectors, "transfers");
    CHECK(in_child(everything) == 0, "pthread_exit");
    cancels = true;
    CHECK(in_child(everything) == 0, "pthread_cancel");
    vector_free(vector);
}
