/* fvm-shadow-follower: the process in which a follower's library runs, started
 * by libfvm_shadow with FVM_SHADOW_PROCESS=1. Its connection is file 3. The
 * library reaches the host's functions here, which ask the shadow.
 *
 *     fvm-shadow-follower FOLLOWER LEADER NICE
 *
 * The leader is loaded for its proof functions only, if this process has none. */
#define _GNU_SOURCE
#include "../wire.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { STACK = 64 << 20 };

static pthread_mutex_t asking = PTHREAD_MUTEX_INITIALIZER;
static uint64_t at_work;                 /* the handle of the machine whose call runs; 0 between calls. With `asking` held */
static struct wire question, answer;     /* with `asking` held */
static char **arguments;

/* ---- The host's functions: one question at a time, whatever thread asks. */

/* Begins a question. False for one of a thread that still works for another machine: the shadow would not know it. */
static bool begin(uint64_t handle)
{
    pthread_mutex_lock(&asking);
    if (handle == 0 || handle != at_work) {
        pthread_mutex_unlock(&asking);
        return false;
    }
    wire_clear(&question);
    wire_number(&question, handle);
    return true;
}

/* Asks; the answer's code. Without a shadow there is nothing to go on for. */
static int32_t ask(enum wire_kind kind)
{
    enum wire_kind got;
    if (!wire_send(WIRE_FD, kind, &question) || !wire_receive(WIRE_FD, &got, &answer) || got != WIRE_ANSWER) {
        _exit(4);
    }
    return (int32_t)wire_take(&answer);
}

static int32_t end(int32_t code)
{
    pthread_mutex_unlock(&asking);
    return code;
}

EXPORT int32_t cgo_blockstore_get(uint64_t store, uint8_t const *k, int32_t k_len, uint8_t **block, int32_t *size)
{
    if (!begin(store)) {
        return FVM_ERROR_IO;
    }
    wire_bytes(&question, k, (size_t)k_len);
    int32_t code = ask(WIRE_GET);
    slice_ref_uint8_t data = wire_take_bytes(&answer);
    if (code == 0) {
        *block = malloc(data.len + 1);
        if (*block == NULL) {
            return end(FVM_ERROR_IO);
        }
        memcpy(*block, data.ptr, data.len);
        *size = (int32_t)data.len;
    }
    return end(code);
}

EXPORT int32_t cgo_blockstore_has(uint64_t store, uint8_t const *k, int32_t k_len)
{
    if (!begin(store)) {
        return FVM_ERROR_IO;
    }
    wire_bytes(&question, k, (size_t)k_len);
    return end(ask(WIRE_HAS));
}

EXPORT int32_t cgo_blockstore_put(uint64_t store, uint8_t const *k, int32_t k_len, uint8_t const *block, int32_t block_len)
{
    if (!begin(store)) {
        return FVM_ERROR_IO;
    }
    wire_bytes(&question, k, (size_t)k_len);
    wire_bytes(&question, block, (size_t)block_len);
    return end(ask(WIRE_PUT));
}

EXPORT int32_t cgo_blockstore_put_many(uint64_t store, int32_t const *lengths, int32_t lengths_len, uint8_t const *blocks)
{
    if (!begin(store)) {
        return FVM_ERROR_IO;
    }
    size_t all = 0;
    for (int32_t i = 0; i < lengths_len; i++) {
        all += (size_t)lengths[i];
    }
    wire_bytes(&question, lengths, (size_t)lengths_len * sizeof *lengths);
    wire_bytes(&question, blocks, all);
    return end(ask(WIRE_PUT_MANY));
}

static int32_t chain(uint64_t externs, enum wire_kind kind, int64_t epoch, uint8_t *out, size_t room)
{
    if (!begin(externs)) {
        return FVM_ERROR_IO;
    }
    wire_number(&question, (uint64_t)epoch);
    int32_t code = ask(kind);
    slice_ref_uint8_t data = wire_take_bytes(&answer);
    if (code == 0) {
        memcpy(out, data.ptr, data.len < room ? data.len : room);
    }
    return end(code);
}

EXPORT int32_t cgo_extern_get_chain_randomness(uint64_t externs, int64_t epoch, uint8_t (*out)[32])
{
    return chain(externs, WIRE_CHAIN, epoch, *out, sizeof *out);
}

EXPORT int32_t cgo_extern_get_beacon_randomness(uint64_t externs, int64_t epoch, uint8_t (*out)[32])
{
    return chain(externs, WIRE_BEACON, epoch, *out, sizeof *out);
}

EXPORT int32_t cgo_extern_get_tipset_cid(uint64_t externs, int64_t epoch, uint8_t *out, int32_t out_len)
{
    return chain(externs, WIRE_TIPSET, epoch, out, out_len < 0 ? 0 : (size_t)out_len);
}

EXPORT int32_t cgo_extern_verify_consensus_fault(uint64_t externs, uint8_t const *h1, int32_t h1_len, uint8_t const *h2, int32_t h2_len,
    uint8_t const *extra, int32_t extra_len, uint64_t *miner, int64_t *epoch, int64_t *fault, int64_t *gas)
{
    if (!begin(externs)) {
        return FVM_ERROR_IO;
    }
    wire_bytes(&question, h1, (size_t)h1_len);
    wire_bytes(&question, h2, (size_t)h2_len);
    wire_bytes(&question, extra, (size_t)extra_len);
    int32_t code = ask(WIRE_FAULT);
    *miner = wire_take(&answer);
    *epoch = (int64_t)wire_take(&answer);
    *fault = (int64_t)wire_take(&answer);
    *gas = (int64_t)wire_take(&answer);
    return end(code);
}

/* What libraries.c takes from the shadow. */
#define HOST(name) {#name, (void *)name}
static struct redirect const redirects[] = {
    HOST(cgo_blockstore_get), HOST(cgo_blockstore_has), HOST(cgo_blockstore_put), HOST(cgo_blockstore_put_many),
    HOST(cgo_extern_get_chain_randomness), HOST(cgo_extern_get_beacon_randomness), HOST(cgo_extern_verify_consensus_fault),
    HOST(cgo_extern_get_tipset_cid), {NULL, NULL},
};

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

static void work_for(uint64_t handle)
{
    pthread_mutex_lock(&asking);
    at_work = handle;
    pthread_mutex_unlock(&asking);
}

/* Serves the shadow until it is gone. */
static void serve(void)
{
    struct wire in = {0}, out = {0};
    enum wire_kind kind;
    while (wire_receive(WIRE_FD, &kind, &in)) {
        wire_clear(&out);
        if (kind == WIRE_CREATE) {
            uint64_t number[12];
            for (int i = 0; i < 12; i++) {
                number[i] = wire_take(&in);
            }
            uint64_t handle = wire_take(&in);
            work_for(handle);
            create(&in, &out, number, handle);
        } else {
            InnerFvmMachine_t *machine = (InnerFvmMachine_t *)(uintptr_t)wire_take(&in);
            work_for(wire_take(&in));
            if (kind == WIRE_EXECUTE) {
                execute(&in, &out, machine);
            } else if (kind == WIRE_FLUSH) {
                flush(&out, machine);
            } else {
                shadow_follower.drop(machine);
            }
        }
        work_for(0);
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
    void *leader = dlsym(RTLD_DEFAULT, "verify_seal") == NULL ? dlopen(arguments[2], RTLD_NOW | RTLD_LOCAL) : NULL;
    char const *why = shadow_load(&shadow_follower, arguments[1], redirects, leader);
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
    if (count != 4 || fcntl(WIRE_FD, F_GETFD) < 0) {
        static char const usage[] = "fvm-shadow-follower is started by libfvm_shadow (FVM_SHADOW_PROCESS=1)\n";
        return write(STDERR_FILENO, usage, sizeof usage - 1) < 0 ? 3 : 2;
    }
    arguments = given;
    /* The host's files are not the follower's. */
    if (syscall(SYS_close_range, WIRE_FD + 1, ~0U, 0) != 0) {
        for (int file = (int)sysconf(_SC_OPEN_MAX) - 1; file > WIRE_FD; file--) {
            close(file);
        }
    }
    (void)fcntl(WIRE_FD, F_SETFD, FD_CLOEXEC);
    (void)setpriority(PRIO_PROCESS, 0, atoi(given[3]));
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
