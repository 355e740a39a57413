/* RUST_LOG, GOLOG_LOG_FMT, LOTUS_FVM_CONCURRENCY and RUST_BACKTRACE, each in a
 * separate process, since they are read at the first call. */
#include "check.h"

#include <sys/wait.h>
#include <unistd.h>

static struct vector *vector;
static char output[1 << 16];

/* Creates a machine and runs a message with variables set; returns the result of create, and leaves stderr in output. */
static int with(char const *const *variables)
{
    int ends[2];
    if (pipe(ends) != 0) {
        abort();
    }
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        for (; *variables != NULL; variables += 2) {
            setenv(variables[0], variables[1], 1);
        }
        host_reset(vector);
        Result_InnerFvmMachine_ptr_t *created = create(vector, false);
        int status = created->status_code;
        if (status == 0) {
            destroy_fvm_machine_execute_response(execute(created->value, &vector->messages[0]));
            Result_FvmMachineExecuteResponse_t *bad = fvm_machine_execute_message(created->value, lend((struct bytes){NULL, 0}), 0, 0);
            fprintf(stderr, "error text: %.*s\n", (int)bad->error_msg.len, bad->error_msg.ptr);
            destroy_fvm_machine_execute_response(bad);
            host_fail(HOST_PUT_MANY, 0, FVM_ERROR_IO);
            Result_slice_boxed_uint8_t *root = fvm_machine_flush(created->value);
            fprintf(stderr, "flush text: %.*s\n", (int)root->error_msg.len, root->error_msg.ptr);
            destroy_fvm_machine_flush_response(root);
        } else {
            fprintf(stderr, "error text: %.*s\n", (int)created->error_msg.len, created->error_msg.ptr);
        }
        destroy_create_fvm_machine_response(created);
        _exit(status);
    }
    close(ends[1]);
    size_t length = 0;
    for (ssize_t read_now; length < sizeof output - 1 && (read_now = read(ends[0], output + length, sizeof output - 1 - length)) > 0;) {
        length += (size_t)read_now;
    }
    output[length] = '\0';
    close(ends[0]);
    int status;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#define WITH(...) with((char const *const[]){__VA_ARGS__, NULL})
#define SAYS(text) (strstr(output, text) != NULL)

void run(void)
{
    vector = vector_read(vectors, "transfers");
    CHECK(WITH("RUST_LOG", "debug") == 0, "debug");
    CHECK(SAYS("create_fvm_machine: start") && SAYS("create_fvm_machine: end"), "debug marks calls: %s", output);
    CHECK(SAYS("callbacks") && SAYS("using FVM V1"), "debug counts callbacks: %s", output);
    CHECK(SAYS(" DEBUG fvm > "), "debug: the form of a line: %s", output);
    CHECK(WITH("RUST_LOG", "info") == 0 && SAYS("using FVM V1") && !SAYS("start"), "info: %s", output);
    CHECK(WITH("RUST_LOG", "warn,fvm=debug") == 0 && SAYS("start"), "a target of its own level: %s", output);
    CHECK(WITH("RUST_LOG", "debug,fvm=off") == 0 && !SAYS("start"), "a target turned off: %s", output);
    CHECK(WITH("RUST_LOG", "nonsense") == 0 && !SAYS("start"), "an unknown word does nothing: %s", output);
    CHECK(WITH("NOTHING", "") == 0 && !SAYS("FVM V1"), "no variable, no log: %s", output);
    CHECK(WITH("RUST_LOG", "fvm=loud") == 1 && SAYS("error text: ") && SAYS("RUST_LOG"), "a malformed part fails the call: %s", output);
    CHECK(WITH("RUST_LOG", "a=b=c") == 1 && SAYS("RUST_LOG"), "a malformed part: %s", output);
    CHECK(WITH("RUST_LOG", "debug", "GOLOG_LOG_FMT", "json") == 0 && SAYS("{\"level\":\"debug\",\"ts\":\""), "json: %s", output);

    CHECK(WITH("RUST_LOG", "error", "LOTUS_FVM_CONCURRENCY", "0") == 0 && SAYS("LOTUS_FVM_CONCURRENCY"), "no lanes: %s", output);
    CHECK(WITH("RUST_LOG", "error", "LOTUS_FVM_CONCURRENCY", "257") == 0 && SAYS("LOTUS_FVM_CONCURRENCY"), "too many lanes: %s", output);
    CHECK(WITH("RUST_LOG", "error", "LOTUS_FVM_CONCURRENCY", "many") == 0 && SAYS("LOTUS_FVM_CONCURRENCY"), "no number: %s", output);
    CHECK(WITH("RUST_LOG", "error", "LOTUS_FVM_CONCURRENCY", "256") == 0 && !SAYS("LOTUS_FVM_CONCURRENCY"), "256 lanes: %s", output);

    CHECK(WITH("RUST_BACKTRACE", "1") == 0 && SAYS("   at "), "a backtrace where one is asked for: %s", output);
    CHECK(SAYS("flush text: cannot write the state"), "a flush whose host fails: %s", output);
    char const *once = strstr(output, "put_many failed");
    CHECK(once != NULL && strstr(once + 1, "put_many failed") == NULL, "the host's failure is said once: %s", output);
    CHECK(once != NULL && strstr(once, "   at ") == NULL && strstr(once, "backtrace") == NULL, "and has no stack of ours: %s", output);
    CHECK(WITH("RUST_BACKTRACE", "0") == 0 && !SAYS("   at "), "and none where not: %s", output);
    vector_free(vector);
}
