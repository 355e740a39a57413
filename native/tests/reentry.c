/* Calls from within callbacks: refused on the same machine, allowed on another. */
#include "check.h"

static struct vector *vector;
static InnerFvmMachine_t *same_machine, *other_machine;
static int busy, refused, good;

static void call_back(enum host_function function)
{
    (void)function;
    if (busy != 0 || same_machine == NULL) {
        return;
    }
    busy = 1;
    Result_FvmMachineExecuteResponse_t *response = execute(same_machine, &vector->messages[0]);
    refused += response->status_code == 1 && response->error_msg.len > 0;
    destroy_fvm_machine_execute_response(response);
    Result_slice_boxed_uint8_t *root = fvm_machine_flush(same_machine);
    refused += root->status_code == 1 && root->error_msg.len > 0;
    destroy_fvm_machine_flush_response(root);
    root = fvm_machine_flush(other_machine);
    good += root->status_code == 0;
    destroy_fvm_machine_flush_response(root);
    same_machine = NULL;
    busy = 0;
}

void run(void)
{
    vector = vector_read(vectors, "transfers");
    host_reset(vector);
    InnerFvmMachine_t *machine = same_machine = machine_of(vector, false);
    other_machine = machine_of(vector, false);
    host_hook = call_back;
    expect_vector(machine, vector, "a host that calls back");
    CHECK(refused == 2, "%d calls of the same machine refused, not 2", refused);
    CHECK(good == 1, "another machine's flush from within a message");

    /* And from within a flush. */
    Result_FvmMachineExecuteResponse_t *response = execute(other_machine, &vector->messages[0]);
    destroy_fvm_machine_execute_response(response);
    same_machine = other_machine;
    InnerFvmMachine_t *swap = other_machine;
    other_machine = machine;
    refused = good = 0;
    Result_slice_boxed_uint8_t *root = fvm_machine_flush(swap);
    CHECK(root->status_code == 0, "a flush whose host calls back");
    destroy_fvm_machine_flush_response(root);
    CHECK(refused == 2 && good == 1, "from within a flush: %d refused, %d good", refused, good);
    host_hook = NULL;
    drop_fvm_machine(machine);
    drop_fvm_machine(swap);
    vector_free(vector);
}
