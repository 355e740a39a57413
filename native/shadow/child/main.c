/* fvm-shadow-follower: the process in which a follower's library runs, started
 * by libfvm_shadow with FVM_SHADOW_PROCESS=1. Its connection is file 3; file 4
 * is the page that tells when to pause. The library reaches the host's functions
 * here, which ask the shadow.
 *
 *     fvm-shadow-follower FOLLOWER NICE proofs|no-proofs pauses|no-pauses
 */
#define _GNU_SOURCE
#include "child.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { STACK = 64 << 20 };

static char **arguments;

/* ---- Calls of the shadow. */

static slice_boxed_uint8_t boxed(slice_boxed_uint8_t slice, FCPResponseStatus_t status)
{
    return status == 0 ? slice : (slice_boxed_uint8_t){NULL, 0};
}

static void create(struct wire *in, struct wire *out, uint64_t const number[12], uint64_t handle)
{
    slice_ref_uint8_t root = wire_take_bytes(in), redirect = wire_take_bytes(in);
    Result_InnerFvmMachine_ptr_t *response = number[1]
        ? shadow_follower.create_debug((FvmRegisteredVersion_t)number[0], number[5], number[6], number[7], number[8], number[9], number[10],
              number[11], (uint32_t)number[4], root, redirect, number[2] != 0, number[3] != 0, handle, handle)
        : shadow_follower.create((FvmRegisteredVersion_t)number[0], number[5], number[6], number[7], number[8], number[9], number[10],
              number[11], (uint32_t)number[4], root, number[2] != 0, number[3] != 0, handle, handle);
    wire_number(out, (uint64_t)response->status_code);
    wire_optional(out, response->error_msg);
    wire_number(out, response->status_code == 0 ? (uint64_t)(uintptr_t)response->value : 0);
    if (response->status_code == 0) {
        response->value = NULL;
    }
    shadow_follower.destroy_create(response);
}

static void execute(struct wire *in, struct wire *out, InnerFvmMachine_t const *machine)
{
    uint64_t chain_length = wire_take(in), kind = wire_take(in);
    Result_FvmMachineExecuteResponse_t *response = shadow_follower.execute(machine, wire_take_bytes(in), chain_length, kind);
    FvmMachineExecuteResponse_t none = {0};
    wire_number(out, (uint64_t)response->status_code);
    wire_optional(out, response->error_msg);
    wire_result(out, response->status_code == 0 ? &response->value : &none);
    shadow_follower.destroy_execute(response);
}

static void flush(struct wire *out, InnerFvmMachine_t const *machine)
{
    Result_slice_boxed_uint8_t *response = shadow_follower.flush(machine);
    wire_number(out, (uint64_t)response->status_code);
    wire_optional(out, response->error_msg);
    wire_optional(out, boxed(response->value, response->status_code));
    shadow_follower.destroy_flush(response);
}

/* Serves the shadow until it is gone. */
static void serve(void)
{
    struct wire in = {0}, out = {0};
    enum wire_kind kind;
    while (wire_receive(WIRE_FD, &kind, &in)) {
        wire_clear(&out);
        pause_if_needed();
        if (kind == WIRE_CREATE) {
            uint64_t number[12];
            for (int i = 0; i < 12; i++) {
                number[i] = wire_take(&in);
            }
            uint64_t handle = wire_take(&in);
            host_work_for(handle);
            create(&in, &out, number, handle);
        } else {
            InnerFvmMachine_t *machine = (InnerFvmMachine_t *)(uintptr_t)wire_take(&in);
            host_work_for(wire_take(&in));
            if (kind == WIRE_EXECUTE) {
                execute(&in, &out, machine);
            } else if (kind == WIRE_FLUSH) {
                flush(&out, machine);
            } else {
                shadow_follower.drop(machine);
            }
        }
        host_work_for(0);
        if (!wire_send(WIRE_FD, WIRE_RESULT, &out)) {
            return;
        }
    }
}

/* The shadow may end during a call that never does. */
static void *watch(void *nothing)
{
    struct pollfd file = {.fd = WIRE_FD, .events = POLLRDHUP};
    while (poll(&file, 1, -1) <= 0 || (file.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) == 0) {
    }
    _exit(0);
    return nothing;
}

static void *work(void *nothing)
{
    if (strcmp(arguments[3], "proofs") != 0) {
        host_without_proofs();
    }
    char const *why = shadow_load(&shadow_follower, arguments[1], host_redirects, NULL);
    struct wire wire = {0};
    char const *version = shadow_follower.version == NULL ? "unknown" : shadow_follower.version();
    char const *text = why != NULL ? why : version;
    wire_bytes(&wire, text, strlen(text));
    if (wire_send(WIRE_FD, why != NULL ? WIRE_REFUSED : WIRE_READY, &wire) && why == NULL) {
        serve();
    }
    _exit(0);
    return nothing;
}

int main(int count, char **given)
{
    bool pauses = count == 5 && strcmp(given[4], "pauses") == 0;
    if (count != 5 || fcntl(WIRE_FD, F_GETFD) < 0) {
        static char const usage[] = "fvm-shadow-follower is started by libfvm_shadow (FVM_SHADOW_PROCESS=1)\n";
        return write(STDERR_FILENO, usage, sizeof usage - 1) < 0 ? 3 : 2;
    }
    arguments = given;
    /* The host's files are not the follower's. */
    int last = pauses ? PAUSE_FD : WIRE_FD;
    if (syscall(SYS_close_range, last + 1, ~0U, 0) != 0) {
        for (int file = (int)sysconf(_SC_OPEN_MAX) - 1; file > last; file--) {
            close(file);
        }
    }
    if (pauses) {
        pause_use_page();
    }
    (void)fcntl(WIRE_FD, F_SETFD, FD_CLOEXEC);
    shadow_give_way(atol(given[2]));
    (void)setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    /* Where memory runs out, this process goes first, not the host. */
    int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (score >= 0) {
        (void)!write(score, "1000", 4);
        close(score);
    }
    pthread_t watcher, worker;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK);
    if (pthread_create(&watcher, NULL, watch, NULL) != 0 || pthread_create(&worker, &attributes, work, NULL) != 0) {
        return 3;
    }
    pthread_join(worker, NULL);
    return 0;
}
