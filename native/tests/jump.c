/* Hosts that leave a callback by longjmp: every later call of that thread, and
 * every call of its machine, is an error, never an endless wait. */
#include "check.h"

#include <pthread.h>
#include <setjmp.h>
#include <time.h>
#include <unistd.h>

static struct vector *vector;
static InnerFvmMachine_t *machine;
static jmp_buf away;
static enum host_function leave_in;
static int leaves;

static void leave(enum host_function function)
{
    if (function == leave_in && leaves != 0) {
        leaves = 0;
        longjmp(away, 1);
    }
}

static void refuse_this_thread(void)
{
    for (int i = 0; i < 3; i++) {
        Result_slice_boxed_uint8_t *flushed = fvm_machine_flush(machine);
        expect_error(flushed->status_code, flushed->error_msg, "longjmp", "flush on the thread that jumped");
        destroy_fvm_machine_flush_response(flushed);
        Result_FvmMachineExecuteResponse_t *executed = execute(machine, &vector->messages[0]);
        expect_error(executed->status_code, executed->error_msg, "longjmp", "execute on the thread that jumped");
        destroy_fvm_machine_execute_response(executed);
        Result_InnerFvmMachine_ptr_t *created = create(vector, false);
        expect_error(created->status_code, created->error_msg, "longjmp", "create on the thread that jumped");
        destroy_create_fvm_machine_response(created);
        Result_slice_boxed_uint8_t *can = fvm_capabilities();
        expect_error(can->status_code, can->error_msg, "longjmp", "capabilities on the thread that jumped");
        destroy_fvm_capabilities_response(can);
        drop_fvm_machine(NULL);
    }
}

/* Seen from other threads: the machine is lost, all others work, even across many garbage collections. */
static void *others(void *unused)
{
    Result_slice_boxed_uint8_t *flushed = fvm_machine_flush(machine);
    expect_error(flushed->status_code, flushed->error_msg, "unusable", "flush of a lost machine");
    destroy_fvm_machine_flush_response(flushed);
    Result_FvmMachineExecuteResponse_t *executed = execute(machine, &vector->messages[0]);
    expect_error(executed->status_code, executed->error_msg, "unusable", "execute on a lost machine");
    destroy_fvm_machine_execute_response(executed);
    for (int i = 0; i < 300; i++) {
        InnerFvmMachine_t *other = machine_of(vector, true);
        expect_vector(other, vector, "beside a lost machine");
        drop_fvm_machine(other);
    }
    drop_fvm_machine(machine);
    return unused;
}

static void on_another_thread(void)
{
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, others, NULL) == 0 && pthread_join(thread, NULL) == 0, "another thread");
}

static void arm(enum host_function function)
{
    host_reset(vector);
    machine = machine_of(vector, false);
    leave_in = function;
    leaves = 1;
    host_hook = leave;
}

static void out_of_flush(void)
{
    arm(HOST_PUT_MANY);
    destroy_fvm_machine_execute_response(execute(machine, &vector->messages[0]));
    if (setjmp(away) == 0) {
        fvm_machine_flush(machine);
        CHECK(false, "came back");
    }
    host_hook = NULL;
    refuse_this_thread();
    on_another_thread();
    refuse_this_thread();
}

static void out_of_create(void)
{
    arm(HOST_GET);
    if (setjmp(away) == 0) {
        create(vector, false);
        CHECK(false, "came back");
    }
    host_hook = NULL;
    refuse_this_thread();
    /* The only machine lost is the one being created. */
    leaves = -1;
}

/* The callback runs on a thread of the library, and continues here, on the stack of the calling thread. */
static void out_of_execute(void)
{
    arm(HOST_GET);
    if (setjmp(away) == 0) {
        execute(machine, &vector->messages[0]);
        CHECK(false, "came back");
    }
    host_hook = NULL;
    refuse_this_thread();
    on_another_thread();
    refuse_this_thread();
}

/* The thread never calls again: it waits elsewhere, or has ended. */
static bool ends;

static void *jumps_and_stays(void *unused)
{
    if (setjmp(away) == 0) {
        fvm_machine_flush(machine);
        CHECK(false, "came back");
    }
    host_hook = NULL;
    while (!ends) {
        nanosleep(&(struct timespec){1000, 0}, NULL);
    }
    return unused;
}

static void out_of_sight(void)
{
    arm(HOST_PUT_MANY);
    destroy_fvm_machine_execute_response(execute(machine, &vector->messages[0]));
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, jumps_and_stays, NULL) == 0, "a thread");
    while (*(enum host_function volatile *)&leaves != 0) {
        usleep(1000);
    }
    if (ends) {
        pthread_join(thread, NULL);
    }
    on_another_thread();
}

/* Within a single callback a host may jump freely. */
static jmp_buf nearby;
static int jumped;

static void jump_nearby(enum host_function function)
{
    (void)function;
    if (setjmp(nearby) == 0) {
        longjmp(nearby, 1);
    }
    jumped++;
}

static void within(void)
{
    host_reset(vector);
    machine = machine_of(vector, false);
    host_hook = jump_nearby;
    expect_vector(machine, vector, "a host that jumps within its callbacks");
    CHECK(jumped > 0, "no callback");
    drop_fvm_machine(machine);
}

void run(void)
{
    /* Every read must reach the host; a single lane, lost with its message. */
    setenv("FVM_BLOCK_CACHE_MIB", "0", 1);
    setenv("LOTUS_FVM_CONCURRENCY", "1", 1);
    vector = vector_read(vectors, "transfers");
    CHECK(in_child(within) == 0, "jumps within a callback");
    CHECK(in_child(out_of_flush) == 0, "out of a flush");
    CHECK(in_child(out_of_create) == 0, "out of create");
    CHECK(in_child(out_of_execute) == 0, "out of execute");
    CHECK(in_child(out_of_sight) == 0, "on a thread that never calls again");
    ends = true;
    CHECK(in_child(out_of_sight) == 0, "on a thread that ended");
    vector_free(vector);
}
