/* fvm_machine_execute_message: the receipts of the examples, and invalid messages. */
#include "check.h"

static char const *const names[] = {"transfers", "counter", "counter-nv21", "events", "failing", "caller", "debugging"};

static void refused(InnerFvmMachine_t const *machine, slice_ref_uint8_t bytes, char const *part, char const *when)
{
    Result_FvmMachineExecuteResponse_t *response = fvm_machine_execute_message(machine, bytes, bytes.len, 0);
    expect_error(response->status_code, response->error_msg, part, when);
    static FvmMachineExecuteResponse_t const zero;
    CHECK(memcmp(&response->value, &zero, sizeof zero) == 0, "%s: the value is not zero", when);
    destroy_fvm_machine_execute_response(response);
}

void run(void)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        for (int tracing = 0; tracing < 2; tracing++) {
            struct vector *vector = vector_read(vectors, names[i]);
            host_reset(vector);
            InnerFvmMachine_t *machine = machine_of(vector, tracing != 0);
            expect_vector(machine, vector, names[i]);
            drop_fvm_machine(machine);
            vector_free(vector);
        }
    }

    struct vector *vector = vector_read(vectors, "transfers");
    host_reset(vector);
    InnerFvmMachine_t *machine = machine_of(vector, false);
    static uint8_t const junk[] = {0xff};
    struct bytes whole = vector->messages[0].bytes;
    refused(machine, (slice_ref_uint8_t){NULL, 0}, "decode", "NULL for a message");
    refused(machine, (slice_ref_uint8_t){NULL, 100}, "decode", "NULL with a length");
    refused(machine, (slice_ref_uint8_t){junk, 0}, "decode", "an empty message");
    refused(machine, (slice_ref_uint8_t){junk, 1}, "decode", "junk");
    refused(machine, (slice_ref_uint8_t){whole.data, SIZE_MAX}, "too long", "a length beyond all memory");
    for (size_t length = 1; length < whole.len; length++) {
        refused(machine, (slice_ref_uint8_t){whole.data, length}, "decode", "a cut message");
    }
    refused(NULL, lend(whole), "NULL", "no machine");
    expect_vector(machine, vector, "after what is no message");

    /* The same message again: refused with a receipt, since its nonce is used. */
    Result_FvmMachineExecuteResponse_t *again = execute(machine, &vector->messages[0]);
    CHECK(again->status_code == 0 && again->value.exit_code == 2 && again->value.gas_used == 0, "a nonce seen before");
    CHECK(again->value.penalty_lo > 0 && again->value.failure_info.len > 0, "a nonce seen before: a penalty and a word");
    CHECK(again->value.exec_trace.ptr == NULL && again->value.events.ptr == NULL && again->value.return_val.ptr == NULL,
        "a nonce seen before: nothing else");
    destroy_fvm_machine_execute_response(again);

    /* Longer than any block: the inclusion costs more than the gas limit. */
    Result_FvmMachineExecuteResponse_t *costly = fvm_machine_execute_message(machine, lend(whole), UINT64_MAX, 0);
    CHECK(costly->status_code == 0 && costly->value.exit_code == 7, "a chain length beyond everything: exit %lu",
        (unsigned long)costly->value.exit_code);
    destroy_fvm_machine_execute_response(costly);
    drop_fvm_machine(machine);

    /* An implicit message pays nothing. */
    host_reset(vector);
    machine = machine_of(vector, false);
    Result_FvmMachineExecuteResponse_t *implicit = fvm_machine_execute_message(machine, lend(whole), 0, UINT64_MAX);
    FvmMachineExecuteResponse_t const *value = &implicit->value;
    CHECK(implicit->status_code == 0 && value->exit_code == 0, "an implicit message");
    CHECK((value->penalty_lo | value->miner_tip_lo | value->base_fee_burn_lo | value->over_estimation_burn_lo | value->refund_lo) == 0,
        "an implicit message pays nothing");
    CHECK(value->gas_used < vector->messages[0].gas_used, "an implicit message is not charged for its inclusion");
    destroy_fvm_machine_execute_response(implicit);
    drop_fvm_machine(machine);
    destroy_fvm_machine_execute_response(NULL);
    vector_free(vector);
}
