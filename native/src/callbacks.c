/* Calls of the host's functions. If a host terminates its thread within one
 * (pthread_exit), the termination is intercepted here, before any frame of C#
 * is unwound: the thread belongs to the library, or has locks to release. */
#define _GNU_SOURCE
#define FVM_DECLARE_HOST
#include "filcrypto.h"
#include "shim.h"

#include <pthread.h>

/* HostCalls.ThreadEnded in C#. */
#define THREAD_ENDED INT32_MAX

static void come_back(void *callback) { longjmp(((struct callback *)callback)->back, 1); }

/* Without -fexceptions the C library calls cleanup handlers directly, which leaves our frame, and all frames above it, intact. */
#ifdef __EXCEPTIONS
#error "compile with -fno-exceptions"
#endif

#define CALL(call)                                                                   \
    struct thread_record *record = fvm_shim_thread();                                \
    struct callback callback;                                                        \
    int32_t volatile answer = THREAD_ENDED;                                          \
    callback.outer = record != NULL ? record->innermost : NULL;                      \
    begin(record, &callback);                                                        \
    if (_setjmp(callback.back) == 0) {                                               \
        pthread_cleanup_push(come_back, &callback);                                  \
        answer = (call);                                                             \
        pthread_cleanup_pop(0);                                                      \
    }                                                                                \
    end(record, &callback);                                                          \
    return answer

static void begin(struct thread_record *record, struct callback *callback)
{
    if (record != NULL) {
        __atomic_store_n(&record->callbacks, record->callbacks + 1, __ATOMIC_RELEASE);
        __atomic_store_n(&record->innermost, callback, __ATOMIC_RELEASE);
    }
}

static void end(struct thread_record *record, struct callback *callback)
{
    if (record != NULL) {
        __atomic_store_n(&record->innermost, callback->outer, __ATOMIC_RELEASE);
    }
}

HIDDEN int32_t fvm_host_get(uint64_t store, uint8_t const *k, int32_t k_len, uint8_t **block, int32_t *size)
{
    CALL(cgo_blockstore_get(store, k, k_len, block, size));
}

HIDDEN int32_t fvm_host_has(uint64_t store, uint8_t const *k, int32_t k_len) { CALL(cgo_blockstore_has(store, k, k_len)); }

HIDDEN int32_t fvm_host_put(uint64_t store, uint8_t const *k, int32_t k_len, uint8_t const *block, int32_t block_len)
{
    CALL(cgo_blockstore_put(store, k, k_len, block, block_len));
}

HIDDEN int32_t fvm_host_put_many(uint64_t store, int32_t const *lengths, int32_t lengths_len, uint8_t const *blocks)
{
    CALL(cgo_blockstore_put_many(store, lengths, lengths_len, blocks));
}

HIDDEN int32_t fvm_host_chain_randomness(uint64_t externs, int64_t epoch, uint8_t (*out)[32])
{
    CALL(cgo_extern_get_chain_randomness(externs, epoch, out));
}

HIDDEN int32_t fvm_host_beacon_randomness(uint64_t externs, int64_t epoch, uint8_t (*out)[32])
{
    CALL(cgo_extern_get_beacon_randomness(externs, epoch, out));
}

HIDDEN int32_t fvm_host_consensus_fault(uint64_t externs, uint8_t const *h1, int32_t h1_len, uint8_t const *h2, int32_t h2_len,
    uint8_t const *extra, int32_t extra_len, uint64_t *miner_id, int64_t *epoch, int64_t *fault, int64_t *gas_used)
{
    CALL(cgo_extern_verify_consensus_fault(externs, h1, h1_len, h2, h2_len, extra, extra_len, miner_id, epoch, fault, gas_used));
}

HIDDEN int32_t fvm_host_tipset_cid(uint64_t externs, int64_t epoch, uint8_t *out, int32_t out_len)
{
    CALL(cgo_extern_get_tipset_cid(externs, epoch, out, out_len));
}
