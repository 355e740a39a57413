/* The functions of a follower in a process of its own: each a round trip, in
 * which the process asks back for blocks and chain data. Calls run one after
 * another. What arrives is taken for hostile. */
#define _GNU_SOURCE
#include "wire.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct wire out, in; /* with process_calls held */

/** A machine in the process. */
struct remote {
    struct machine *machine;
    uint64_t generation, number;
};

/* ---- What the process asks of the host, on behalf of the machine at work. */

static int32_t length_of(slice_ref_uint8_t bytes) { return bytes.len > INT32_MAX ? -1 : (int32_t)bytes.len; }

/* Lengths of blocks, and the blocks: only those that the frame has. */
static int32_t put_many(uint64_t token, slice_ref_uint8_t lengths, slice_ref_uint8_t blocks)
{
    size_t count = lengths.len / sizeof(int32_t), all = 0;
    int32_t *copy = malloc(lengths.len + 1);
    bool fits = copy != NULL && lengths.len % sizeof(int32_t) == 0;
    if (fits) {
        memcpy(copy, lengths.ptr, lengths.len);
    }
    for (size_t i = 0; fits && i < count; i++) {
        fits = copy[i] >= 0 && (size_t)copy[i] <= blocks.len - all;
        all += fits ? (size_t)copy[i] : 0;
    }
    int32_t code = fits ? shadow_follower_put_many(token, copy, (int32_t)count, blocks.ptr) : FVM_ERROR_INVALID_ARGUMENT;
    free(copy);
    return code;
}

static void answer_fault(uint64_t token)
{
    slice_ref_uint8_t h1 = wire_take_bytes(&in), h2 = wire_take_bytes(&in), extra = wire_take_bytes(&in);
    uint64_t miner = 0;
    int64_t epoch = 0, fault = 0, gas = 0;
    if (in.failed) {
        return;
    }
    wire_number(&out, (uint64_t)shadow_follower_fault(token, h1.ptr, length_of(h1), h2.ptr, length_of(h2), extra.ptr, length_of(extra), &miner,
        &epoch, &fault, &gas));
    wire_number(&out, miner);
    wire_number(&out, (uint64_t)epoch);
    wire_number(&out, (uint64_t)fault);
    wire_number(&out, (uint64_t)gas);
}

static void answer_chain(uint64_t token, enum wire_kind kind, int64_t epoch)
{
    uint8_t bytes[100] = {0};
    if (in.failed) {
        return;
    }
    int32_t code = kind == WIRE_CHAIN ? shadow_follower_chain(token, epoch, (uint8_t(*)[32])bytes)
        : kind == WIRE_BEACON         ? shadow_follower_beacon(token, epoch, (uint8_t(*)[32])bytes)
                                      : shadow_follower_tipset(token, epoch, bytes, sizeof bytes);
    wire_number(&out, (uint64_t)code);
    wire_bytes(&out, bytes, sizeof bytes);
}

static void answer_block(uint64_t token, enum wire_kind kind)
{
    slice_ref_uint8_t cid = wire_take_bytes(&in), data = kind == WIRE_PUT ? wire_take_bytes(&in) : cid;
    uint8_t *block = NULL;
    int32_t size = 0, code = FVM_ERROR_INVALID_ARGUMENT;
    if (!in.failed) {
        code = kind == WIRE_GET ? shadow_follower_get(token, cid.ptr, length_of(cid), &block, &size)
            : kind == WIRE_HAS  ? shadow_follower_has(token, cid.ptr, length_of(cid))
                                : shadow_follower_put(token, cid.ptr, length_of(cid), data.ptr, length_of(data));
    }
    wire_number(&out, (uint64_t)code);
    if (kind == WIRE_GET) {
        wire_bytes(&out, block, code == 0 && size > 0 ? (size_t)size : 0);
    }
    free(block);
}

/* False for what is no question, or more than one. Another machine than that at work has nothing to ask. */
static bool answer(struct machine *machine, enum wire_kind kind)
{
    uint64_t token = wire_take(&in);
    if (token != TOKEN(machine)) {
        return false;
    }
    wire_clear(&out);
    switch (kind) {
    case WIRE_GET:
    case WIRE_HAS:
    case WIRE_PUT: answer_block(token, kind); break;
    case WIRE_PUT_MANY: {
        slice_ref_uint8_t lengths = wire_take_bytes(&in), blocks = wire_take_bytes(&in);
        wire_number(&out, (uint64_t)(in.failed ? FVM_ERROR_INVALID_ARGUMENT : put_many(token, lengths, blocks)));
        break;
    }
    case WIRE_CHAIN:
    case WIRE_BEACON:
    case WIRE_TIPSET: answer_chain(token, kind, (int64_t)wire_take(&in)); break;
    case WIRE_FAULT: answer_fault(token); break;
    case WIRE_PROOF: proofs_answer(&in, &out); break;
    default: return false;
    }
    return !in.failed && in.at == in.length && wire_send(process_file, WIRE_ANSWER, &out);
}

/* ---- Calls. */

/* Sends the call in `out`, and leaves its result in `in`. False once the process is gone. */
static bool call(struct machine *machine, enum wire_kind kind)
{
    if (!wire_send(process_file, kind, &out)) {
        process_end(NULL);
        return false;
    }
    for (;;) {
        if (!wire_receive(process_file, &kind, &in)) {
            process_end(in.length != 0 || in.failed ? "it sent more than it may" : NULL);
            return false;
        }
        if (kind == WIRE_RESULT) {
            return true;
        }
        if (machine == NULL || !answer(machine, kind)) {
            process_end("it sent something else than a result");
            return false;
        }
    }
}

static void *fresh(size_t size)
{
    void *response = calloc(1, size);
    if (response == NULL) {
        abort(); /* a response is never NULL */
    }
    return response;
}

/* What each result begins with. */
static void take_status(FCPResponseStatus_t *status, slice_boxed_uint8_t *error)
{
    *status = (FCPResponseStatus_t)wire_take(&in);
    *error = wire_take_optional(&in);
}

_Static_assert(offsetof(Result_InnerFvmMachine_ptr_t, status_code) == 0, "all responses begin with a status");
_Static_assert(offsetof(Result_FvmMachineExecuteResponse_t, status_code) == 0, "all responses begin with a status");
_Static_assert(offsetof(Result_slice_boxed_uint8_t, status_code) == 0, "all responses begin with a status");

/* The response where the process gave none. A machine without its process is left behind: there is nothing to compare. */
static void *lose(struct machine *machine, size_t size)
{
    FCPResponseStatus_t const status = F_C_P_RESPONSE_STATUS_UNCLASSIFIED_ERROR;
    pthread_mutex_lock(&machine->gate);
    machine->died = true;
    pthread_mutex_unlock(&machine->gate);
    return memcpy(fresh(size), &status, sizeof status);
}

static void destroy_create(Result_InnerFvmMachine_ptr_t *response)
{
    free(response->error_msg.ptr);
    free(response);
}

static void destroy_execute(Result_FvmMachineExecuteResponse_t *response)
{
    free(response->value.return_val.ptr);
    free(response->value.exec_trace.ptr);
    free(response->value.failure_info.ptr);
    free(response->value.events.ptr);
    free(response->value.events_root.ptr);
    free(response->error_msg.ptr);
    free(response);
}

static void destroy_flush(Result_slice_boxed_uint8_t *response)
{
    free(response->value.ptr);
    free(response->error_msg.ptr);
    free(response);
}

/* Whether a result was all there. A process whose results are not is ended. */
static bool complete(void)
{
    if (in.failed || in.at != in.length) {
        process_end("it sent a malformed result");
        return false;
    }
    return true;
}

static Result_InnerFvmMachine_ptr_t *create(struct parameters const *p, struct machine *machine)
{
    pthread_mutex_lock(&process_calls);
    Result_InnerFvmMachine_ptr_t *response = NULL;
    struct remote *remote = calloc(1, sizeof *remote);
    if (remote != NULL && process_ready()) {
        uint64_t const numbers[] = {p->version, p->debug, p->tracing, p->flush_all_blocks, p->network_version, p->epoch, p->timestamp, p->chain_id,
            p->base_fee_hi, p->base_fee_lo, p->supply_hi, p->supply_lo, TOKEN(machine)};
        wire_clear(&out);
        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
            wire_number(&out, numbers[i]);
        }
        wire_bytes(&out, p->root.ptr, p->root.len);
        wire_bytes(&out, p->redirect.ptr, p->redirect.len);
        if (call(machine, WIRE_CREATE)) {
            response = fresh(sizeof *response);
            take_status(&response->status_code, &response->error_msg);
            *remote = (struct remote){machine, process_generation, wire_take(&in)};
            if (!complete()) {
                destroy_create(response);
                response = NULL;
            }
        }
    }
    pthread_mutex_unlock(&process_calls);
    if (response == NULL || response->status_code != 0) {
        free(remote);
    } else {
        response->value = (InnerFvmMachine_t *)remote;
    }
    return response != NULL ? response : lose(machine, sizeof *response);
}

static Result_InnerFvmMachine_ptr_t *create_plain(FvmRegisteredVersion_t version_, uint64_t epoch, uint64_t timestamp, uint64_t chain_id,
    uint64_t base_fee_hi, uint64_t base_fee_lo, uint64_t supply_hi, uint64_t supply_lo, uint32_t network_version, slice_ref_uint8_t root,
    bool tracing, bool flush_all_blocks, uint64_t store, uint64_t externs)
{
    (void)version_, (void)epoch, (void)timestamp, (void)chain_id, (void)base_fee_hi, (void)base_fee_lo, (void)supply_hi, (void)supply_lo;
    (void)network_version, (void)root, (void)tracing, (void)flush_all_blocks, (void)externs;
    struct machine *machine = shadow_machine_of_token(store);
    return create(&machine->parameters, machine);
}

static Result_InnerFvmMachine_ptr_t *create_debug(FvmRegisteredVersion_t version_, uint64_t epoch, uint64_t timestamp, uint64_t chain_id,
    uint64_t base_fee_hi, uint64_t base_fee_lo, uint64_t supply_hi, uint64_t supply_lo, uint32_t network_version, slice_ref_uint8_t root,
    slice_ref_uint8_t redirect, bool tracing, bool flush_all_blocks, uint64_t store, uint64_t externs)
{
    (void)redirect;
    return create_plain(version_, epoch, timestamp, chain_id, base_fee_hi, base_fee_lo, supply_hi, supply_lo, network_version, root, tracing,
        flush_all_blocks, store, externs);
}

/* Begins a call of a machine, whose process must be that which made it.
 * @param handle  by which the host may be asked; 0 for not at all */
static bool begin(struct remote const *remote, uint64_t handle)
{
    pthread_mutex_lock(&process_calls);
    wire_clear(&out);
    wire_number(&out, remote->number);
    wire_number(&out, handle);
    return process_file >= 0 && process_generation == remote->generation;
}

static Result_FvmMachineExecuteResponse_t *execute(
    InnerFvmMachine_t const *handle, slice_ref_uint8_t message, uint64_t chain_len, uint64_t apply_kind)
{
    struct remote const *remote = (struct remote const *)handle;
    Result_FvmMachineExecuteResponse_t *response = NULL;
    bool there = begin(remote, TOKEN(remote->machine));
    wire_number(&out, chain_len);
    wire_number(&out, apply_kind);
    wire_bytes(&out, message.ptr, message.len);
    if (there && call(remote->machine, WIRE_EXECUTE)) {
        response = fresh(sizeof *response);
        take_status(&response->status_code, &response->error_msg);
        wire_take_result(&in, &response->value);
        if (!complete()) {
            destroy_execute(response);
            response = NULL;
        }
    }
    pthread_mutex_unlock(&process_calls);
    return response != NULL ? response : lose(remote->machine, sizeof *response);
}

static Result_slice_boxed_uint8_t *flush(InnerFvmMachine_t const *handle)
{
    struct remote const *remote = (struct remote const *)handle;
    Result_slice_boxed_uint8_t *response = NULL;
    if (begin(remote, TOKEN(remote->machine)) && call(remote->machine, WIRE_FLUSH)) {
        response = fresh(sizeof *response);
        take_status(&response->status_code, &response->error_msg);
        response->value = wire_take_optional(&in);
        if (!complete()) {
            destroy_flush(response);
            response = NULL;
        }
    }
    pthread_mutex_unlock(&process_calls);
    return response != NULL ? response : lose(remote->machine, sizeof *response);
}

static void drop(InnerFvmMachine_t *handle)
{
    if (begin((struct remote *)handle, 0)) {
        (void)call(NULL, WIRE_DROP);
    }
    pthread_mutex_unlock(&process_calls);
    free(handle);
}

char const *shadow_use_process(void)
{
    static char why[600];
    if (access(shadow_settings.program, X_OK) != 0 || access(shadow_settings.follower, R_OK) != 0) {
        snprintf(why, sizeof why, "cannot use %s with %s: %m", shadow_settings.program, shadow_settings.follower);
        return why;
    }
    shadow_start_pauses();
    shadow_follower = (struct library){
        .path = shadow_settings.follower,
        .create = create_plain,
        .create_debug = create_debug,
        .execute = execute,
        .flush = flush,
        .drop = drop,
        .destroy_create = destroy_create,
        .destroy_execute = destroy_execute,
        .destroy_flush = destroy_flush,
        .version = process_version,
    };
    return NULL;
}
