/* create_fvm_machine, destroy_create_fvm_machine_response. */
#include "check.h"

static void refused(struct vector const *vector, char const *part, char const *when)
{
    Result_InnerFvmMachine_ptr_t *response = create(vector, false);
    expect_error(response->status_code, response->error_msg, part, when);
    CHECK(response->value == NULL, "%s: a machine, too", when);
    destroy_create_fvm_machine_response(response);
}

static void with_root(struct vector *vector, struct bytes root, char const *part, char const *when)
{
    struct bytes good = vector->pre_root;
    vector->pre_root = root;
    refused(vector, part, when);
    vector->pre_root = good;
}

void run(void)
{
    struct vector *vector = vector_read(vectors, "transfers");
    host_reset(vector);

    Result_InnerFvmMachine_ptr_t *response = create(vector, false);
    CHECK(response->status_code == 0, "a good machine: status %d", (int)response->status_code);
    CHECK(response->value != NULL, "no machine");
    CHECK(response->error_msg.len == 0, "an error text without an error");
    /* Left in its response, the machine is freed with it. */
    InnerFvmMachine_t *machine = response->value;
    destroy_create_fvm_machine_response(response);
    Result_slice_boxed_uint8_t *flush = fvm_machine_flush(machine);
    expect_error(flush->status_code, flush->error_msg, "no such machine", "a machine that went with its response");
    destroy_fvm_machine_flush_response(flush);

    /* Taken out of the response, the machine survives. */
    machine = machine_of(vector, false);
    expect_vector(machine, vector, "a machine taken out of its response");
    drop_fvm_machine(machine);
    destroy_create_fvm_machine_response(NULL);

    static uint8_t junk[] = {0xff, 0xff, 0xff};
    static uint8_t absent[] = {0x01, 0x71, 0xa0, 0xe4, 0x02, 0x20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
        20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32};
    with_root(vector, (struct bytes){NULL, 0}, "state root", "NULL for a state root");
    with_root(vector, (struct bytes){NULL, 1000}, "state root", "NULL with a length for a state root");
    with_root(vector, (struct bytes){junk, 0}, "state root", "an empty state root");
    with_root(vector, (struct bytes){junk, sizeof junk}, "state root", "junk for a state root");
    with_root(vector, (struct bytes){vector->pre_root.data, vector->pre_root.len - 1}, "state root", "a cut state root");
    with_root(vector, (struct bytes){vector->pre_root.data, SIZE_MAX}, "too long", "a length beyond all memory");
    with_root(vector, (struct bytes){absent, sizeof absent}, "state root", "a state root that is not in the store");

    uint32_t good = vector->network_version;
    static uint32_t const bad[] = {0, 3, 15, 9999, UINT32_MAX};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        vector->network_version = bad[i];
        refused(vector, "not supported", "a network version that there is not");
    }
    vector->network_version = good;

    response = create_fvm_machine(1, 0, 0, 0, 0, 0, 0, 0, good, lend(vector->pre_root), false, false, HOST_HANDLE, HOST_HANDLE);
    expect_error(response->status_code, response->error_msg, "version", "an interface version that there is not");
    destroy_create_fvm_machine_response(response);

    response = create_fvm_machine(
        0, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, good, lend(vector->pre_root), true,
        true, HOST_HANDLE, HOST_HANDLE);
    CHECK(response->status_code == 0, "the largest numbers: %.*s", (int)response->error_msg.len, response->error_msg.ptr);
    destroy_create_fvm_machine_response(response);
    vector_free(vector);
}
