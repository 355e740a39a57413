/* fvm_machine_flush, and the three ways of freeing its response. */
#include "check.h"

void run(void)
{
    struct vector *vector = vector_read(vectors, "counter");
    host_reset(vector);
    InnerFvmMachine_t *machine = machine_of(vector, false);

    Result_slice_boxed_uint8_t *root = fvm_machine_flush(machine);
    CHECK(root->status_code == 0 && same(root->value, vector->pre_root), "a flush of nothing gives the root that was");
    destroy_seal_pre_commit_phase1_response(root);

    /* Between messages, repeatedly. */
    for (size_t i = 0; i + 1 < vector->message_count; i++) {
        Result_FvmMachineExecuteResponse_t *response = execute(machine, &vector->messages[i]);
        CHECK(response->status_code == 0 && response->value.gas_used == vector->messages[i].gas_used, "message %zu", i);
        destroy_fvm_machine_execute_response(response);
        root = fvm_machine_flush(machine);
        CHECK(root->status_code == 0 && host_has((struct bytes){root->value.ptr, root->value.len}), "flush %zu", i);
        destroy_fvm_machine_flush_response(root);
    }
    Result_FvmMachineExecuteResponse_t *last = execute(machine, &vector->messages[vector->message_count - 1]);
    destroy_fvm_machine_execute_response(last);

    /* As a proofs library would free it: every non-empty slice, then the response. */
    root = fvm_machine_flush(machine);
    CHECK(same(root->value, vector->post_root), "the last root");
    if (root->error_msg.len > 0) {
        free(root->error_msg.ptr);
    }
    if (root->value.len > 0) {
        free(root->value.ptr);
    }
    free(root);

    /* A failed put is an error, and the next flush writes the blocks. */
    drop_fvm_machine(machine);
    host_reset(vector);
    machine = machine_of(vector, false);
    last = execute(machine, &vector->messages[0]);
    destroy_fvm_machine_execute_response(last);
    host_fail(HOST_PUT_MANY, 0, FVM_ERROR_IO);
    root = fvm_machine_flush(machine);
    expect_error(root->status_code, root->error_msg, "put", "a put that fails");
    CHECK(root->value.len == 0, "a put that fails gives no root");
    destroy_fvm_machine_flush_response(root);
    root = fvm_machine_flush(machine);
    CHECK(root->status_code == 0 && host_has((struct bytes){root->value.ptr, root->value.len}), "a flush after one that failed");
    destroy_fvm_machine_flush_response(root);

    root = fvm_machine_flush(NULL);
    expect_error(root->status_code, root->error_msg, "NULL", "no machine");
    destroy_fvm_machine_flush_response(root);
    destroy_fvm_machine_flush_response(NULL);
    destroy_seal_pre_commit_phase1_response(NULL);
    drop_fvm_machine(machine);

    /* All blocks, or only those reachable from the new root: never fewer. */
    host_reset(vector);
    Result_InnerFvmMachine_ptr_t *created = create_fvm_machine(0, vector->epoch, vector->timestamp, vector->chain_id, 0,
        vector->base_fee, 0, 2000000000, vector->network_version, lend(vector->pre_root), false, true, HOST_HANDLE, HOST_HANDLE);
    machine = created->value;
    expect_vector(machine, vector, "a machine that flushes all blocks");
    destroy_create_fvm_machine_response(created);
    vector_free(vector);
}
