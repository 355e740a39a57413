#include "host.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Out-of-memory conditions are injected into the library only, never into the host (short_memory.c). */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
#define malloc __libc_malloc
#define calloc __libc_calloc
#define realloc __libc_realloc

struct entry {
    struct bytes cid;
    struct bytes data;
};

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static struct entry *entries;
static size_t entry_count, entry_room;
static unsigned long calls[HOST_FUNCTIONS];
static long fail_after[HOST_FUNCTIONS];
static int32_t fail_code[HOST_FUNCTIONS];
static unsigned at_once, most_at_once;

void (*host_hook)(enum host_function function);
size_t host_largest_batch, host_longest_batch;

static struct bytes copy(struct bytes in)
{
    /* One extra byte: an empty block needs a pointer, too. */
    struct bytes out = {malloc(in.len + 1), in.len};
    if (out.data == NULL) {
        abort();
    }
    memcpy(out.data, in.data, in.len);
    return out;
}

static struct entry *lookup(struct bytes cid)
{
    for (size_t i = 0; i < entry_count; i++) {
        if (entries[i].cid.len == cid.len && memcmp(entries[i].cid.data, cid.data, cid.len) == 0) {
            return &entries[i];
        }
    }
    return NULL;
}

static void put(struct bytes cid, struct bytes data)
{
    if (lookup(cid) != NULL) {
        return;
    }
    if (entry_count == entry_room) {
        entry_room = entry_room == 0 ? 256 : 2 * entry_room;
        entries = realloc(entries, entry_room * sizeof *entries);
        if (entries == NULL) {
            abort();
        }
    }
    entries[entry_count].cid = copy(cid);
    entries[entry_count++].data = copy(data);
}

static void take(void *context, struct bytes cid, struct bytes data)
{
    (void)context;
    put(cid, data);
}

void host_reset(struct vector const *vector)
{
    pthread_mutex_lock(&gate);
    for (size_t i = 0; i < entry_count; i++) {
        free(entries[i].cid.data);
        free(entries[i].data.data);
    }
    entry_count = 0;
    memset(calls, 0, sizeof calls);
    for (int i = 0; i < HOST_FUNCTIONS; i++) {
        fail_after[i] = -1;
    }
    most_at_once = at_once;
    host_largest_batch = host_longest_batch = 0;
    host_hook = NULL;
    if (vector != NULL) {
        vector_blocks(vector, take, NULL);
    }
    pthread_mutex_unlock(&gate);
}

unsigned long host_calls(enum host_function function)
{
    pthread_mutex_lock(&gate);
    unsigned long count = calls[function];
    pthread_mutex_unlock(&gate);
    return count;
}

void host_fail(enum host_function function, long after, int32_t code)
{
    pthread_mutex_lock(&gate);
    fail_after[function] = after;
    fail_code[function] = code;
    pthread_mutex_unlock(&gate);
}

bool host_has(struct bytes cid)
{
    pthread_mutex_lock(&gate);
    bool has = lookup(cid) != NULL;
    pthread_mutex_unlock(&gate);
    return has;
}

void host_put(struct bytes cid, struct bytes data)
{
    pthread_mutex_lock(&gate);
    put(cid, data);
    pthread_mutex_unlock(&gate);
}

unsigned host_most_at_once(void)
{
    pthread_mutex_lock(&gate);
    unsigned most = most_at_once;
    pthread_mutex_unlock(&gate);
    return most;
}

/* Begins a callback with the gate held. True if it is to return `code`. */
static bool begin(enum host_function function, uint64_t handle, int32_t *code)
{
    pthread_mutex_lock(&gate);
    if (++at_once > most_at_once) {
        most_at_once = at_once;
    }
    void (*hook)(enum host_function) = host_hook;
    pthread_mutex_unlock(&gate);
    if (hook != NULL) {
        hook(function);
    }
    pthread_mutex_lock(&gate);
    calls[function]++;
    if (handle != HOST_HANDLE) {
        *code = FVM_ERROR_INVALID_HANDLE;
        return true;
    }
    *code = fail_code[function];
    return fail_after[function] >= 0 && fail_after[function]-- == 0;
}

static int32_t end(int32_t code)
{
    at_once--;
    pthread_mutex_unlock(&gate);
    return code;
}

int32_t cgo_blockstore_get(uint64_t store, uint8_t const *k, int32_t k_len, uint8_t **block, int32_t *size)
{
    int32_t code;
    if (begin(HOST_GET, store, &code)) {
        return end(code);
    }
    struct entry *found = lookup((struct bytes){(uint8_t *)k, (size_t)k_len});
    if (found == NULL) {
        return end(FVM_ERROR_NOT_FOUND);
    }
    struct bytes data = copy(found->data);
    *block = data.data;
    *size = (int32_t)data.len;
    return end(0);
}

int32_t cgo_blockstore_has(uint64_t store, uint8_t const *k, int32_t k_len)
{
    int32_t code;
    if (begin(HOST_HAS, store, &code)) {
        return end(code);
    }
    return end(lookup((struct bytes){(uint8_t *)k, (size_t)k_len}) != NULL ? 1 : 0);
}

int32_t cgo_blockstore_put(uint64_t store, uint8_t const *k, int32_t k_len, uint8_t const *block, int32_t block_len)
{
    int32_t code;
    if (begin(HOST_PUT, store, &code)) {
        return end(code);
    }
    put((struct bytes){(uint8_t *)k, (size_t)k_len}, (struct bytes){(uint8_t *)block, (size_t)block_len});
    return end(0);
}

/* The length of the CID (version 1) at the start of the bytes. */
static size_t cid_length(uint8_t const *bytes)
{
    size_t at = 0;
    uint64_t value = 0;
    for (int field = 0; field < 4; field++) {
        value = 0;
        for (unsigned shift = 0;; shift += 7) {
            value |= (uint64_t)(bytes[at] & 0x7f) << shift;
            if (bytes[at++] < 0x80) {
                break;
            }
        }
    }
    return at + value;
}

int32_t cgo_blockstore_put_many(uint64_t store, int32_t const *lengths, int32_t lengths_len, uint8_t const *blocks)
{
    int32_t code;
    if (begin(HOST_PUT_MANY, store, &code)) {
        return end(code);
    }
    size_t total = 0;
    for (int32_t i = 0; i < lengths_len; i++) {
        size_t cid = cid_length(blocks + total);
        put((struct bytes){(uint8_t *)blocks + total, cid},
            (struct bytes){(uint8_t *)blocks + total + cid, (size_t)lengths[i] - cid});
        total += (size_t)lengths[i];
    }
    if (total > host_largest_batch) {
        host_largest_batch = total;
    }
    if ((size_t)lengths_len > host_longest_batch) {
        host_longest_batch = (size_t)lengths_len;
    }
    return end(0);
}

static int32_t randomness(enum host_function function, uint64_t handle, uint8_t (*out)[32])
{
    int32_t code;
    if (begin(function, handle, &code)) {
        return end(code);
    }
    memcpy(*out, "i_am_random_____i_am_random_____", 32);
    return end(0);
}

int32_t cgo_extern_get_chain_randomness(uint64_t externs, int64_t epoch, uint8_t (*out)[32])
{
    (void)epoch;
    return randomness(HOST_CHAIN_RANDOMNESS, externs, out);
}

int32_t cgo_extern_get_beacon_randomness(uint64_t externs, int64_t epoch, uint8_t (*out)[32])
{
    (void)epoch;
    return randomness(HOST_BEACON_RANDOMNESS, externs, out);
}

int32_t cgo_extern_verify_consensus_fault(uint64_t externs, uint8_t const *h1, int32_t h1_len, uint8_t const *h2,
    int32_t h2_len, uint8_t const *extra, int32_t extra_len, uint64_t *miner_id, int64_t *epoch, int64_t *fault,
    int64_t *gas_used)
{
    (void)h1, (void)h1_len, (void)h2, (void)h2_len, (void)extra, (void)extra_len, (void)miner_id, (void)epoch;
    int32_t code;
    if (begin(HOST_CONSENSUS_FAULT, externs, &code)) {
        return end(code);
    }
    *fault = 0;
    *gas_used = 0;
    return end(0);
}

int32_t cgo_extern_get_tipset_cid(uint64_t externs, int64_t epoch, uint8_t *out, int32_t out_len)
{
    (void)epoch;
    int32_t code;
    if (begin(HOST_TIPSET_CID, externs, &code)) {
        return end(code);
    }
    static uint8_t const head[] = {0x01, 0x71, 0xa0, 0xe4, 0x02, 0x20};
    if (out_len < (int32_t)sizeof head + 32) {
        return end(FVM_ERROR_INVALID_ARGUMENT);
    }
    memcpy(out, head, sizeof head);
    return end(0);
}
