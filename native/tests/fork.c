/* Processes that fork: before the first call, after it, within a callback. */
#include "check.h"

#include <unistd.h>

static char const refusal[] = "forked";
static struct vector *vector;
static InnerFvmMachine_t *machine;
static Result_slice_boxed_uint8_t *kept;
static int asked;

static void ordinary(void)
{
    host_reset(vector);
    InnerFvmMachine_t *own = machine_of(vector, false);
    expect_vector(own, vector, "in a process of its own");
    drop_fvm_machine(own);
}

/* In a child every call returns, with an error if it has a response. */
static void refused(void)
{
    Result_InnerFvmMachine_ptr_t *created = create(vector, false);
    expect_error(created->status_code, created->error_msg, refusal, "create in a child");
    CHECK(created->value == NULL, "a machine in a child");
    destroy_create_fvm_machine_response(created);
    vector->debugging = true;
    created = create(vector, false);
    expect_error(created->status_code, created->error_msg, refusal, "create_debug in a child");
    destroy_create_fvm_machine_response(created);
    vector->debugging = false;
    Result_FvmMachineExecuteResponse_t *executed = execute(machine, &vector->messages[0]);
    expect_error(executed->status_code, executed->error_msg, refusal, "execute in a child");
    destroy_fvm_machine_execute_response(executed);
    Result_slice_boxed_uint8_t *flushed = fvm_machine_flush(machine);
    expect_error(flushed->status_code, flushed->error_msg, refusal, "flush in a child");
    destroy_fvm_machine_flush_response(flushed);
    Result_slice_boxed_uint8_t *can = fvm_capabilities();
    expect_error(can->status_code, can->error_msg, refusal, "capabilities in a child");
    destroy_fvm_capabilities_response(can);
    CHECK(fvm_version()[0] != '\0', "the version in a child");
    if (kept != NULL) {
        destroy_fvm_machine_flush_response(kept);
    }
    drop_fvm_machine(machine);
}

static void grandchild(void) { CHECK(in_child(refused) == 0, "the child of a child"); }

static void fork_here(enum host_function function)
{
    (void)function;
    if (asked++ == 0) {
        CHECK(in_child(refused) == 0, "a child that was forked within a callback");
    }
}

void run(void)
{
    vector = vector_read(vectors, "transfers");
    CHECK(in_child(ordinary) == 0, "a child of a process that made no call yet");
    host_reset(vector);
    machine = machine_of(vector, false);
    kept = fvm_machine_flush(machine);
    CHECK(in_child(refused) == 0, "a child");
    CHECK(in_child(grandchild) == 0, "a child with a child");
    destroy_fvm_machine_flush_response(kept);
    kept = NULL;

    host_hook = fork_here;
    expect_vector(machine, vector, "the parent, with a child on the way");
    CHECK(asked > 0, "no callback");
    host_hook = NULL;
    drop_fvm_machine(machine);
    ordinary();
    vector_free(vector);
}
