/* create_fvm_debug_machine: logs, redirects. */
#include "check.h"

static Result_InnerFvmMachine_ptr_t *debug_machine(struct vector const *vector, struct bytes redirect)
{
    return create_fvm_debug_machine(FVM_REGISTERED_VERSION_V1, vector->epoch, vector->timestamp, vector->chain_id, 0,
        vector->base_fee, 0, 2000000000, vector->network_version, lend(vector->pre_root), lend(redirect), true, false, HOST_HANDLE,
        HOST_HANDLE);
}

static bool contains(slice_boxed_uint8_t slice, char const *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i + length <= slice.len; i++) {
        if (memcmp(slice.ptr + i, text, length) == 0) {
            return true;
        }
    }
    return false;
}

void run(void)
{
    struct vector *vector = vector_read(vectors, "debugging");
    host_reset(vector);
    InnerFvmMachine_t *machine = machine_of(vector, true);
    Result_FvmMachineExecuteResponse_t *response = execute(machine, &vector->messages[0]);
    CHECK(response->status_code == 0 && response->value.exit_code == 0, "a debug machine's message");
    CHECK(response->value.exec_trace.len > 0, "no trace");
    CHECK(contains(response->value.exec_trace, "emitting"), "the trace has the actor's log");
    destroy_fvm_machine_execute_response(response);
    drop_fvm_machine(machine);

    /* An empty list, a list with one redirect from an unused code CID, and a block that is not a list of redirects. */
    static uint8_t key[] = {0x01, 0x71, 0xa0, 0xe4, 0x02, 0x20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
        21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 0};
    struct bytes cid = {key, sizeof key};
    Result_InnerFvmMachine_ptr_t *created = debug_machine(vector, cid);
    expect_error(created->status_code, created->error_msg, "missing redirect", "redirects that are not in the store");
    destroy_create_fvm_machine_response(created);

    static uint8_t none[] = {0x80};
    host_put(cid, (struct bytes){none, sizeof none});
    created = debug_machine(vector, cid);
    CHECK(created->status_code == 0, "no redirects: %.*s", (int)created->error_msg.len, created->error_msg.ptr);
    destroy_create_fvm_machine_response(created);

    /* One redirect, of unused code; then the same without its last byte. */
    static uint8_t const link[] = {0xd8, 0x2a, 0x58, sizeof key + 1, 0x00};
    uint8_t list[2 + 2 * (sizeof link + sizeof key)];
    size_t length = 0;
    list[length++] = 0x81;
    list[length++] = 0x82;
    for (int i = 0; i < 2; i++) {
        memcpy(list + length, link, sizeof link);
        memcpy(list + length + sizeof link, key, sizeof key);
        length += sizeof link + sizeof key;
    }
    key[sizeof key - 1] = 1;
    host_put(cid, (struct bytes){list, length});
    created = debug_machine(vector, cid);
    CHECK(created->status_code == 0, "a redirect: %.*s", (int)created->error_msg.len, created->error_msg.ptr);
    destroy_create_fvm_machine_response(created);

    key[sizeof key - 1] = 2;
    host_put(cid, (struct bytes){list, length - 1});
    created = debug_machine(vector, cid);
    expect_error(created->status_code, created->error_msg, "malformed", "redirects that do not decode");
    destroy_create_fvm_machine_response(created);

    created = debug_machine(vector, (struct bytes){key, 3});
    expect_error(created->status_code, created->error_msg, "redirect", "a redirect that is no CID");
    destroy_create_fvm_machine_response(created);
    vector_free(vector);
}
