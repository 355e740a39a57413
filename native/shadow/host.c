/* What the libraries reach in place of the host's functions. The leader's go
 * to the host, and their answers are kept for the follower; the follower's are
 * served from them. What is not there is asked of the host by the follower's
 * thread, but only while a thread of the host is within a call of that
 * machine, which cannot return meanwhile: afterwards the host's handle may be
 * gone. The follower's writes stay here. */
#define _GNU_SOURCE
#include "shadow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
    PATIENCE_MS = 1000, /* until the host's next call of the machine */
    HURRY_MS = 100,     /* without pauses after a question, which is seldom the only one */
};

/* ---- Leader. */

static void keep(struct machine *machine, uint8_t const *k, int32_t k_len, uint8_t const *data, int32_t size, int flags)
{
    struct block *block = shadow_block(k, (size_t)k_len, data, (size_t)size);
    pthread_mutex_lock(&machine->gate);
    struct block_entry const *before = shadow_set_find(&machine->blocks, k, (size_t)k_len);
    /* A host that first has no such block and then has it: the follower cannot be told both. */
    machine->host_failed |= before != NULL && (before->flags & BLOCK_ABSENT) != 0;
    if (block == NULL || !shadow_set_add(&machine->blocks, block, flags)) {
        shadow_abandon(machine, BEHIND_MEMORY);
    } else {
        (void)shadow_hold(machine, 0);
    }
    pthread_cond_broadcast(&machine->changed);
    pthread_mutex_unlock(&machine->gate);
}

static void keep_absence(struct machine *machine, uint8_t const *k, int32_t k_len)
{
    struct block *block = shadow_block_of_own(k, (size_t)k_len, NULL, 0);
    pthread_mutex_lock(&machine->gate);
    if (block == NULL || !shadow_set_add(&machine->blocks, block, BLOCK_ABSENT)) {
        shadow_abandon(machine, BEHIND_MEMORY);
    } else {
        (void)shadow_hold(machine, 0);
    }
    pthread_mutex_unlock(&machine->gate);
}

/* A user of the block more, so that it can be copied without the gate. */
static struct block *used(struct block *block)
{
    atomic_fetch_add(&block->users, 1);
    return block;
}

/* A copy for a library, which frees it; ends the use. The follower's libraries free by counting functions, which tolerate it (guard.c). */
static int32_t hand_over(struct block *block, uint8_t **data, int32_t *size)
{
    uint8_t *copy = malloc(block->length + 1);
    if (copy != NULL) {
        memcpy(copy, block->bytes + block->cid_length, block->length);
        *data = copy;
        *size = (int32_t)block->length;
    }
    shadow_release(block);
    return copy != NULL ? 0 : FVM_ERROR_IO;
}

int32_t shadow_leader_get(uint64_t store, uint8_t const *k, int32_t k_len, uint8_t **block, int32_t *size)
{
    struct machine *machine = shadow_machine_of_token(store);
    if (machine == NULL) {
        return cgo_blockstore_get(store, k, k_len, block, size);
    }
    if (atomic_load(&shadow_forked) || machine->behind != 0) {
        return cgo_blockstore_get(machine->parameters.blockstore, k, k_len, block, size);
    }
    /* The host is asked once: by the follower, if that came first. */
    pthread_mutex_lock(&machine->gate);
    struct block_entry *found = shadow_set_find(&machine->blocks, k, (size_t)k_len);
    bool known = found != NULL && (found->flags & (BLOCK_ABSENT | BLOCK_WRITTEN_BY_FOLLOWER)) == 0;
    struct block *asked = known && (found->flags & BLOCK_ASKED_BY_FOLLOWER) != 0 ? used(found->block) : NULL;
    pthread_mutex_unlock(&machine->gate);
    if (asked != NULL) {
        return hand_over(asked, block, size);
    }
    int32_t code = cgo_blockstore_get(machine->parameters.blockstore, k, k_len, block, size);
    if (code == 0 && *size >= 0) {
        if (!known) {
            keep(machine, k, k_len, *block, *size, BLOCK_READ);
        }
    } else if (code == FVM_ERROR_NOT_FOUND) {
        keep_absence(machine, k, k_len);
    } else {
        pthread_mutex_lock(&machine->gate);
        machine->host_failed = true;
        pthread_mutex_unlock(&machine->gate);
    }
    return code;
}

static uint64_t store_of(uint64_t token)
{
    struct machine *machine = shadow_machine_of_token(token);
    return machine == NULL ? token : machine->parameters.blockstore;
}

static int32_t noting_failure(uint64_t token, int32_t code)
{
    struct machine *machine = shadow_machine_of_token(token);
    if (machine != NULL && code != 0 && code != 1 && !atomic_load(&shadow_forked)) {
        pthread_mutex_lock(&machine->gate);
        machine->host_failed = true;
        pthread_mutex_unlock(&machine->gate);
    }
    return code;
}

int32_t shadow_leader_has(uint64_t store, uint8_t const *k, int32_t k_len)
{
    return noting_failure(store, cgo_blockstore_has(store_of(store), k, k_len));
}

/* The length of the CID at the start of the bytes; 0 if there is none. */
static size_t cid_length(uint8_t const *bytes, size_t length)
{
    size_t at = 0;
    uint64_t value = 0;
    if (length >= 34 && bytes[0] == 0x12 && bytes[1] == 0x20) {
        return 34; /* version 0 */
    }
    for (int field = 0; field < 4; field++) {
        value = 0;
        for (unsigned shift = 0;; shift += 7) {
            if (at >= length || shift > 56) {
                return 0;
            }
            value |= (uint64_t)(bytes[at] & 0x7f) << shift;
            if (bytes[at++] < 0x80) {
                break;
            }
        }
    }
    return value <= length - at ? at + value : 0;
}

/* What the leader writes it may keep itself, and never read: a later machine's follower finds it here. */
static void keep_written(uint64_t token, uint8_t const *k, size_t k_len, uint8_t const *data, size_t size)
{
    struct machine *machine = shadow_machine_of_token(token);
    if (machine != NULL && machine->behind != BEHIND_MEMORY && !atomic_load(&shadow_follower_lost) && !atomic_load(&shadow_forked)) {
        shadow_release(shadow_block(k, k_len, data, size));
    }
}

int32_t shadow_leader_put(uint64_t store, uint8_t const *k, int32_t k_len, uint8_t const *block, int32_t block_len)
{
    int32_t code = noting_failure(store, cgo_blockstore_put(store_of(store), k, k_len, block, block_len));
    if (code == 0 && k_len > 0 && block_len >= 0) {
        keep_written(store, k, (size_t)k_len, block, (size_t)block_len);
    }
    return code;
}

int32_t shadow_leader_put_many(uint64_t store, int32_t const *lengths, int32_t lengths_len, uint8_t const *blocks)
{
    int32_t code = noting_failure(store, cgo_blockstore_put_many(store_of(store), lengths, lengths_len, blocks));
    size_t at = 0;
    for (int32_t i = 0; code == 0 && i < lengths_len && lengths[i] >= 0; i++) {
        size_t all = (size_t)lengths[i], cid = cid_length(blocks + at, all);
        if (cid != 0) {
            keep_written(store, blocks + at, cid, blocks + at + cid, all - cid);
        }
        at += all;
    }
    return code;
}

/* ---- Follower. */

void shadow_asked(void *machine_)
{
    struct machine *machine = machine_;
    pthread_mutex_lock(&machine->gate);
    machine->asking--;
    pthread_cond_broadcast(&machine->changed);
    pthread_mutex_unlock(&machine->gate);
}

bool shadow_may_ask(struct machine *machine)
{
    int64_t deadline = shadow_now_ms() + PATIENCE_MS;
    while (machine->behind == 0 && (machine->in_call == 0 || machine->leaving)) {
        if ((machine->dropped && machine->in_call == 0) || shadow_now_ms() >= deadline) {
            machine->lacked = true;
            return false;
        }
        shadow_wait(machine, 5);
    }
    if (machine->behind != 0) {
        machine->lacked = true;
        return false;
    }
    machine->asking++;
    shadow_hurry(HURRY_MS);
    shadow_count(HOST_ASKED);
    return true;
}

/* 1 found, 0 known to be absent, -1 unknown. With the gate held. */
static int find_block(struct machine *machine, uint8_t const *k, int32_t k_len, struct block **found)
{
    struct block_entry *entry = shadow_set_find(&machine->blocks, k, (size_t)k_len);
    if (entry != NULL) {
        *found = entry->block;
        return (entry->flags & BLOCK_ABSENT) == 0;
    }
    struct block *cached = shadow_cached(k, (size_t)k_len);
    if (cached != NULL && shadow_set_add(&machine->blocks, cached, BLOCK_READ)) {
        *found = cached;
        return 1;
    }
    return -1;
}

int32_t shadow_follower_get(uint64_t store, uint8_t const *k, int32_t k_len, uint8_t **data, int32_t *size)
{
    struct machine *machine = shadow_machine_of_token(store);
    struct block *block = NULL;
    if (machine == NULL || k_len < 0) {
        return FVM_ERROR_INVALID_HANDLE;
    }
    pthread_mutex_lock(&machine->gate);
    int found = find_block(machine, k, k_len, &block);
    struct block *held = found == 1 ? used(block) : NULL;
    bool ask = found < 0 && shadow_may_ask(machine);
    pthread_mutex_unlock(&machine->gate);
    if (held != NULL) {
        return hand_over(held, data, size);
    }
    if (!ask) {
        return found == 0 ? FVM_ERROR_NOT_FOUND : FVM_ERROR_IO;
    }
    int32_t code;
    pthread_cleanup_push(shadow_asked, machine);
    code = cgo_blockstore_get(machine->parameters.blockstore, k, k_len, data, size);
    if (code == 0 && *size >= 0) {
        keep(machine, k, k_len, *data, *size, BLOCK_READ | BLOCK_ASKED_BY_FOLLOWER);
    } else if (code == FVM_ERROR_NOT_FOUND) {
        keep_absence(machine, k, k_len);
    }
    pthread_cleanup_pop(1);
    return code == 0 || code == FVM_ERROR_NOT_FOUND ? code : noting_failure(store, code);
}

int32_t shadow_follower_has(uint64_t store, uint8_t const *k, int32_t k_len)
{
    struct machine *machine = shadow_machine_of_token(store);
    struct block *block = NULL;
    if (machine == NULL || k_len < 0) {
        return FVM_ERROR_INVALID_HANDLE;
    }
    pthread_mutex_lock(&machine->gate);
    int found = find_block(machine, k, k_len, &block);
    bool ask = found < 0 && shadow_may_ask(machine);
    pthread_mutex_unlock(&machine->gate);
    if (!ask) {
        return found < 0 ? FVM_ERROR_IO : found;
    }
    int32_t code;
    pthread_cleanup_push(shadow_asked, machine);
    code = cgo_blockstore_has(machine->parameters.blockstore, k, k_len);
    pthread_cleanup_pop(1);
    return noting_failure(store, code);
}

int32_t shadow_follower_put(uint64_t store, uint8_t const *k, int32_t k_len, uint8_t const *data, int32_t size)
{
    struct machine *machine = shadow_machine_of_token(store);
    if (machine == NULL || k_len < 0 || size < 0) {
        return FVM_ERROR_INVALID_HANDLE;
    }
    struct block *block = shadow_block_of_own(k, (size_t)k_len, data, (size_t)size);
    pthread_mutex_lock(&machine->gate);
    if (machine->behind != 0) {
        shadow_release(block); /* a follower that writes without end holds no more than it may */
    } else if (block == NULL || !shadow_set_add(&machine->blocks, block, BLOCK_WRITTEN_BY_FOLLOWER)) {
        shadow_abandon(machine, BEHIND_MEMORY);
    } else {
        (void)shadow_hold(machine, 0);
    }
    pthread_mutex_unlock(&machine->gate);
    return 0;
}

int32_t shadow_follower_put_many(uint64_t store, int32_t const *lengths, int32_t lengths_len, uint8_t const *blocks)
{
    size_t at = 0;
    for (int32_t i = 0; i < lengths_len; i++) {
        size_t cid = lengths[i] < 0 ? 0 : cid_length(blocks + at, (size_t)lengths[i]);
        if (cid == 0) {
            return FVM_ERROR_INVALID_ARGUMENT;
        }
        (void)shadow_follower_put(store, blocks + at, (int32_t)cid, blocks + at + cid, lengths[i] - (int32_t)cid);
        at += (size_t)lengths[i];
    }
    return 0;
}
