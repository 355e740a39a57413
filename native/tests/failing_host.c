/* A failing host: each function, each return code, at each of its calls. The
 * result is an error, or a receipt with exit code 10 once the message is
 * executing; the machine and the library remain usable. */
#include "check.h"

static struct vector *vector;

/* Runs the first message with the n-th call of a function failing. False if that call never happened. */
static bool fails_at(enum host_function function, long n, int32_t code)
{
    host_reset(vector);
    InnerFvmMachine_t *machine = machine_of(vector, false);
    host_fail(function, n, code);
    unsigned long before = host_calls(function);
    Result_FvmMachineExecuteResponse_t *response = execute(machine, &vector->messages[0]);
    bool came = host_calls(function) - before > (unsigned long)n;
    bool ran = response->status_code == 0;
    /* An undefined return code fails the call, whenever it occurs; -2 means "no such block". */
    bool breach = code > 0 || code == FVM_ERROR_INVALID_HANDLE;
    if (came && breach) {
        expect_error(response->status_code, response->error_msg, "", "a host that breaks its contract");
    }
    if (came && ran && !breach) {
        CHECK(response->value.exit_code == 10, "get %ld, code %d: exit code %lu", n, (int)code, (unsigned long)response->value.exit_code);
        CHECK(response->value.failure_info.len > 0, "get %ld, code %d: no word of it", n, (int)code);
    }
    if (!came) {
        CHECK(ran && response->value.exit_code == vector->messages[0].exit_code, "no failure, and yet one");
    }
    destroy_fvm_machine_execute_response(response);
    host_fail(function, -1, 0);

    /* The machine: the repeated message has its usual receipt or, if its nonce is used, is refused. */
    response = execute(machine, &vector->messages[0]);
    CHECK(response->status_code == 0, "get %ld, code %d: the machine is broken: %.*s", n, (int)code, (int)response->error_msg.len,
        response->error_msg.ptr);
    CHECK(response->value.exit_code == 2 || response->value.gas_used == vector->messages[0].gas_used,
        "get %ld, code %d: then exit code %lu, gas %lu", n, (int)code, (unsigned long)response->value.exit_code,
        (unsigned long)response->value.gas_used);
    destroy_fvm_machine_execute_response(response);
    Result_slice_boxed_uint8_t *root = fvm_machine_flush(machine);
    CHECK(root->status_code == 0, "get %ld, code %d: flush: %.*s", n, (int)code, (int)root->error_msg.len, root->error_msg.ptr);
    destroy_fvm_machine_flush_response(root);
    drop_fvm_machine(machine);
    return came;
}

void run(void)
{
    static int32_t const codes[] = {
        FVM_ERROR_INVALID_HANDLE, FVM_ERROR_NOT_FOUND, FVM_ERROR_IO, FVM_ERROR_INVALID_ARGUMENT, FVM_ERROR_PANIC, -1000, 1, 1000};
    /* Every read must reach the host. */
    setenv("FVM_BLOCK_CACHE_MIB", "0", 1);
    vector = vector_read(vectors, "counter");
    for (size_t c = 0; c < sizeof codes / sizeof *codes; c++) {
        long n = 0;
        while (fails_at(HOST_GET, n, codes[c])) {
            n++;
        }
        CHECK(n > 0, "code %d: the message reads nothing", (int)codes[c]);
    }

    /* Creating a machine: each function called, each return code. */
    static enum host_function const at_creation[] = {HOST_HAS, HOST_GET, HOST_PUT};
    for (size_t f = 0; f < 3; f++) {
        for (size_t c = 0; c < sizeof codes / sizeof *codes; c++) {
            for (long n = 0;; n++) {
                host_reset(vector);
                host_fail(at_creation[f], n, codes[c]);
                Result_InnerFvmMachine_ptr_t *response = create(vector, false);
                bool came = host_calls(at_creation[f]) > (unsigned long)n;
                /* 1 is a valid result of has. */
                bool answer = at_creation[f] == HOST_HAS && codes[c] == 1;
                if (came && !answer) {
                    expect_error(response->status_code, response->error_msg, "", "a machine whose host fails");
                    CHECK(response->value == NULL, "a machine whose host fails");
                } else {
                    CHECK(response->status_code == 0, "no failure, and yet one");
                }
                destroy_create_fvm_machine_response(response);
                if (!came) {
                    break;
                }
            }
        }
    }

    /* An unknown handle. */
    host_reset(vector);
    Result_InnerFvmMachine_ptr_t *response = create_fvm_machine(0, vector->epoch, 0, 314, 0, 0, 0, 0, vector->network_version,
        lend(vector->pre_root), false, false, HOST_HANDLE + 1, HOST_HANDLE);
    expect_error(response->status_code, response->error_msg, "not registered", "a handle that nobody knows");
    destroy_create_fvm_machine_response(response);

    InnerFvmMachine_t *machine = machine_of(vector, false);
    expect_vector(machine, vector, "after all that");
    drop_fvm_machine(machine);
    vector_free(vector);
}
