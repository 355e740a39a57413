#include "check.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

int check_failures;
char const *vectors;

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: %s VECTORS\n", argv[0]);
        return 2;
    }
    vectors = argv[1];
    /* These programs have no proofs library, and their messages contain no proofs. */
    setenv("FVM_PROOFS", "optional", 0);
    run();
    printf("%s: %d failed\n", argv[0], check_failures);
    return check_failures == 0 ? 0 : 1;
}

int in_child(void (*body)(void))
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        check_failures = 0;
        alarm(60);
        body();
        exit(check_failures == 0 ? 0 : 1);
    }
    int status;
    if (child < 0 || waitpid(child, &status, 0) != child) {
        abort();
    }
    if (WIFSIGNALED(status)) {
        fprintf(stderr, "a child ended by signal %d%s\n", WTERMSIG(status), WTERMSIG(status) == SIGALRM ? ": it waited without end" : "");
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

slice_ref_uint8_t lend(struct bytes bytes) { return (slice_ref_uint8_t){bytes.data, bytes.len}; }

Result_InnerFvmMachine_ptr_t *create(struct vector const *vector, bool tracing)
{
    if (vector->debugging) {
        return create_fvm_debug_machine(FVM_REGISTERED_VERSION_V1, vector->epoch, vector->timestamp, vector->chain_id, 0,
            vector->base_fee, 0, 2000000000, vector->network_version, lend(vector->pre_root), (slice_ref_uint8_t){NULL, 0},
            tracing, false, HOST_HANDLE, HOST_HANDLE);
    }
    return create_fvm_machine(FVM_REGISTERED_VERSION_V1, vector->epoch, vector->timestamp, vector->chain_id, 0,
        vector->base_fee, 0, 2000000000, vector->network_version, lend(vector->pre_root), tracing, false, HOST_HANDLE,
        HOST_HANDLE);
}

InnerFvmMachine_t *machine_of(struct vector const *vector, bool tracing)
{
    Result_InnerFvmMachine_ptr_t *response = create(vector, tracing);
    if (response->status_code != 0) {
        fprintf(stderr, "no machine: %.*s\n", (int)response->error_msg.len, response->error_msg.ptr);
        exit(1);
    }
    InnerFvmMachine_t *machine = response->value;
    response->value = NULL;
    destroy_create_fvm_machine_response(response);
    return machine;
}

Result_FvmMachineExecuteResponse_t *execute(InnerFvmMachine_t const *machine, struct vector_message const *message)
{
    return fvm_machine_execute_message(machine, lend(message->bytes), message->raw_length, message->implicit ? 1 : 0);
}

bool same(slice_boxed_uint8_t slice, struct bytes bytes)
{
    return slice.len == bytes.len && (bytes.len == 0 || memcmp(slice.ptr, bytes.data, bytes.len) == 0);
}

void expect_vector(InnerFvmMachine_t const *machine, struct vector const *vector, char const *when)
{
    for (size_t i = 0; i < vector->message_count; i++) {
        struct vector_message const *message = &vector->messages[i];
        Result_FvmMachineExecuteResponse_t *response = execute(machine, message);
        CHECK(response->status_code == 0, "%s: message %zu: %.*s", when, i, (int)response->error_msg.len,
            response->error_msg.ptr);
        if (response->status_code == 0) {
            FvmMachineExecuteResponse_t const *value = &response->value;
            CHECK(value->exit_code == message->exit_code, "%s: message %zu: exit code %lu, not %lu", when, i,
                (unsigned long)value->exit_code, (unsigned long)message->exit_code);
            CHECK(value->gas_used == message->gas_used, "%s: message %zu: gas %lu, not %lu", when, i,
                (unsigned long)value->gas_used, (unsigned long)message->gas_used);
            CHECK(same(value->return_val, message->return_data), "%s: message %zu: another return", when, i);
            CHECK((value->return_val.ptr == NULL) == (message->return_data.len == 0), "%s: message %zu: an empty return is absent",
                when, i);
            CHECK(same(value->events_root, message->events_root), "%s: message %zu: another events root", when, i);
            CHECK((value->events.ptr == NULL) == (message->events_root.len == 0),
                "%s: message %zu: events and their root are there together", when, i);
            CHECK(value->exit_code == 0 || value->failure_info.len > 0, "%s: message %zu: a failure without a word", when, i);
        }
        destroy_fvm_machine_execute_response(response);
    }
    Result_slice_boxed_uint8_t *root = fvm_machine_flush(machine);
    CHECK(root->status_code == 0, "%s: flush: %.*s", when, (int)root->error_msg.len, root->error_msg.ptr);
    CHECK(same(root->value, vector->post_root), "%s: another state root", when);
    CHECK(host_has(vector->post_root), "%s: the state root was not put", when);
    destroy_fvm_machine_flush_response(root);
}

void expect_error(FCPResponseStatus_t status, slice_boxed_uint8_t text, char const *part, char const *when)
{
    CHECK(status == F_C_P_RESPONSE_STATUS_UNCLASSIFIED_ERROR, "%s: status %d", when, (int)status);
    CHECK(text.len > 0 && text.ptr != NULL, "%s: no error text", when);
    char copy[4096];
    snprintf(copy, sizeof copy, "%.*s", (int)text.len, text.ptr);
    CHECK(strstr(copy, part) != NULL, "%s: the error says '%s', without '%s'", when, copy, part);
}
