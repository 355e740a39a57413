/* drop_fvm_machine: once, twice, on an unknown handle, on a busy machine. */
#include "check.h"

static InnerFvmMachine_t *at_work;
static int refusals;

static void drop_at_work(enum host_function function)
{
    (void)function;
    if (at_work != NULL) {
        InnerFvmMachine_t *machine = at_work;
        at_work = NULL;
        drop_fvm_machine(machine);
        refusals++;
    }
}

void run(void)
{
    struct vector *vector = vector_read(vectors, "transfers");
    host_reset(vector);
    drop_fvm_machine(NULL);

    InnerFvmMachine_t *machine = machine_of(vector, false);
    InnerFvmMachine_t *other = machine_of(vector, false);
    drop_fvm_machine(machine);
    drop_fvm_machine(machine);
    Result_FvmMachineExecuteResponse_t *response = execute(machine, &vector->messages[0]);
    expect_error(response->status_code, response->error_msg, "no such machine", "a message to a machine that is no more");
    destroy_fvm_machine_execute_response(response);

    /* Handles are not reused for later machines. */
    InnerFvmMachine_t *next = machine_of(vector, false);
    CHECK(next != machine, "the handle of a machine that is no more was given to another");
    drop_fvm_machine(next);

    int local = 0;
    drop_fvm_machine((InnerFvmMachine_t *)&local);
    response = execute((InnerFvmMachine_t *)&local, &vector->messages[0]);
    expect_error(response->status_code, response->error_msg, "no such machine", "a message to what is no machine");
    destroy_fvm_machine_execute_response(response);

    expect_vector(other, vector, "a machine beside one that was dropped twice");
    drop_fvm_machine(other);

    /* From within its own message: the message completes normally, and the machine is gone afterwards. */
    host_reset(vector);
    machine = machine_of(vector, false);
    at_work = machine;
    host_hook = drop_at_work;
    response = execute(machine, &vector->messages[0]);
    CHECK(refusals == 1, "no callback while the message ran");
    CHECK(response->status_code == 0 && response->value.gas_used == vector->messages[0].gas_used, "a message whose machine was dropped");
    destroy_fvm_machine_execute_response(response);
    host_hook = NULL;
    response = execute(machine, &vector->messages[0]);
    expect_error(response->status_code, response->error_msg, "no such machine", "a machine dropped at work");
    destroy_fvm_machine_execute_response(response);
    vector_free(vector);
}
