/* What a follower's library reaches in place of the host, in a process of its own: questions to the shadow. */
#include "child.h"
#include "../proofs.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_mutex_t asking = PTHREAD_MUTEX_INITIALIZER;
static uint64_t at_work;                 /* the handle of the machine whose call runs; 0 between calls. With `asking` held */
static struct wire question, answer;     /* with `asking` held */

/* ---- The host's functions: one question at a time, whatever thread asks. */

/* Begins a question. False for one of a thread that still works for another machine: the shadow would not know it. */
static bool begin(uint64_t handle)
{
    pause_if_needed();
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

/* ---- Proof functions: the host's, for libraries that have none. */

static bool begin_proof(uint64_t function)
{
    pthread_mutex_lock(&asking);
    wire_clear(&question);
    wire_number(&question, at_work);
    wire_number(&question, function);
    return at_work != 0;
}

static void add_32(void const *bytes) { wire_bytes(&question, bytes, 32); }

static struct result_bool *end_proof(bool begun)
{
    struct result_bool *response = calloc(1, sizeof *response);
    if (response == NULL) {
        abort();
    }
    response->error_msg.ptr = (uint8_t *)response; /* never NULL; not freed while it is empty */
    response->status_code = begun ? ask(WIRE_PROOF) : F_C_P_RESPONSE_STATUS_UNCLASSIFIED_ERROR;
    if (begun) {
        slice_ref_uint8_t text = wire_take_bytes(&answer);
        response->value = wire_take(&answer) != 0;
        uint8_t *copy = text.len == 0 ? NULL : malloc(text.len);
        if (copy != NULL) {
            memcpy(copy, text.ptr, text.len);
            response->error_msg = (slice_boxed_uint8_t){copy, text.len};
        }
    }
    pthread_mutex_unlock(&asking);
    return response;
}

static struct result_bool *verify_seal(int32_t kind, void const *comm_r, void const *comm_d, void const *prover, void const *ticket,
    void const *seed, uint64_t sector, slice_ref_uint8_t proof)
{
    bool begun = begin_proof(0);
    wire_number(&question, (uint64_t)kind);
    wire_number(&question, sector);
    add_32(comm_r);
    add_32(comm_d);
    add_32(prover);
    add_32(ticket);
    add_32(seed);
    wire_bytes(&question, proof.ptr, proof.len);
    return end_proof(begun);
}

static struct result_bool *verify_aggregate_seal_proof(int32_t kind, int32_t aggregation, void const *prover, slice_ref_uint8_t proof,
    struct slice_ref_any inputs)
{
    bool begun = begin_proof(1);
    wire_number(&question, (uint64_t)kind);
    wire_number(&question, (uint64_t)aggregation);
    add_32(prover);
    wire_bytes(&question, proof.ptr, proof.len);
    wire_bytes(&question, inputs.ptr, inputs.len * sizeof(struct aggregation_input));
    return end_proof(begun);
}

static struct result_bool *verify_window_post(void const *randomness, struct slice_ref_any replicas, struct slice_ref_any proofs,
    void const *prover)
{
    bool begun = begin_proof(2);
    add_32(randomness);
    add_32(prover);
    wire_bytes(&question, replicas.ptr, replicas.len * sizeof(struct public_replica));
    wire_number(&question, proofs.len);
    for (size_t i = 0; i < proofs.len; i++) {
        struct post_proof const *proof = (struct post_proof const *)proofs.ptr + i;
        wire_number(&question, (uint64_t)proof->registered_proof);
        wire_bytes(&question, proof->proof.ptr, proof->proof.len);
    }
    return end_proof(begun);
}

static struct result_bool *verify_empty_sector_update_proof(int32_t kind, slice_ref_uint8_t proof, void const *comm_r_old,
    void const *comm_r_new, void const *comm_d_new)
{
    bool begun = begin_proof(3);
    wire_number(&question, (uint64_t)kind);
    wire_bytes(&question, proof.ptr, proof.len);
    add_32(comm_r_old);
    add_32(comm_r_new);
    add_32(comm_d_new);
    return end_proof(begun);
}

static void destroy_verify_seal_response(struct result_bool *response)
{
    if (response->error_msg.len != 0) {
        free(response->error_msg.ptr);
    }
    free(response);
}

/* What a library's references reach; the proof functions come last, and only count where the host has them. */
#define HOST(name) {#name, (void *)name}
struct redirect host_redirects[] = {
    HOST(cgo_blockstore_get), HOST(cgo_blockstore_has), HOST(cgo_blockstore_put), HOST(cgo_blockstore_put_many),
    HOST(cgo_extern_get_chain_randomness), HOST(cgo_extern_get_beacon_randomness), HOST(cgo_extern_verify_consensus_fault),
    HOST(cgo_extern_get_tipset_cid), {"malloc", (void *)pausing_malloc}, {"calloc", (void *)pausing_calloc},
    {"realloc", (void *)pausing_realloc}, {"posix_memalign", (void *)pausing_posix_memalign},
    {"aligned_alloc", (void *)pausing_aligned_alloc}, HOST(verify_seal), HOST(verify_aggregate_seal_proof), HOST(verify_window_post),
    HOST(verify_empty_sector_update_proof), HOST(destroy_verify_seal_response), {NULL, NULL},
};
enum { HOST_FUNCTIONS = 13 };

void host_without_proofs(void) { host_redirects[HOST_FUNCTIONS].name = NULL; }

void host_work_for(uint64_t handle)
{
    pthread_mutex_lock(&asking);
    at_work = handle;
    pthread_mutex_unlock(&asking);
}
