/* Blocks read by either library, each held once per process. A cache keeps
 * those last used; machines keep those that they read, for the follower and
 * for vectors. */
#include "shadow.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

enum { BUCKETS = 1 << 16 };

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static struct block *buckets[BUCKETS];
static struct block *oldest, *newest;
static size_t cached_bytes, pinned_bytes;

static uint64_t seed;

__attribute__((constructor)) static void make_seed(void)
{
    if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != (ssize_t)sizeof seed) {
        seed = (uint64_t)shadow_now_ms();
    }
}

/* CIDs end with a hash, but actors choose some of them; so the seed differs from process to process. */
static uint64_t hash_of(uint8_t const *cid, size_t length)
{
    uint64_t hash = seed ^ length;
    for (size_t at = 0; at < length; at += sizeof hash) {
        uint64_t word = 0;
        memcpy(&word, cid + at, length - at < sizeof word ? length - at : sizeof word);
        hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 32;
    }
    return hash;
}

static bool has_cid(struct block const *block, uint64_t hash, uint8_t const *cid, size_t length)
{
    return block->hash == hash && block->cid_length == length && memcmp(block->bytes, cid, length) == 0;
}

static size_t size_of(struct block const *block) { return sizeof *block + block->cid_length + block->length; }

/* Pinned blocks have no place in the order. */
static void unlink_use(struct block *block)
{
    if (block->pinned) {
        return;
    }
    *(block->older != NULL ? &block->older->newer : &oldest) = block->newer;
    *(block->newer != NULL ? &block->newer->older : &newest) = block->older;
    block->older = block->newer = NULL;
}

static void link_use(struct block *block)
{
    if (block->pinned) {
        return;
    }
    block->older = newest;
    *(newest != NULL ? &newest->newer : &oldest) = block;
    newest = block;
}

void shadow_release(struct block *block)
{
    if (block != NULL && atomic_fetch_sub(&block->users, 1) == 1) {
        atomic_fetch_sub(&shadow_held, (long)size_of(block));
        free(block);
    }
}

static void evict(struct block *block)
{
    struct block **link = &buckets[block->hash % BUCKETS];
    while (*link != block) {
        link = &(*link)->next;
    }
    *link = block->next;
    unlink_use(block);
    *(block->pinned ? &pinned_bytes : &cached_bytes) -= size_of(block);
    block->cached = block->pinned = false;
    shadow_release(block);
}

static struct block *lookup(uint64_t hash, uint8_t const *cid, size_t length)
{
    struct block *block = buckets[hash % BUCKETS];
    while (block != NULL && !has_cid(block, hash, cid, length)) {
        block = block->next;
    }
    return block;
}

struct block *shadow_block_of_own(uint8_t const *cid, size_t cid_length, uint8_t const *data, size_t length)
{
    struct block *block = malloc(sizeof *block + cid_length + length);
    if (block == NULL) {
        return NULL;
    }
    memset(block, 0, sizeof *block);
    atomic_init(&block->users, 1);
    block->hash = hash_of(cid, cid_length);
    block->cid_length = (uint32_t)cid_length;
    block->length = (uint32_t)length;
    memcpy(block->bytes, cid, cid_length);
    if (length != 0) {
        memcpy(block->bytes + cid_length, data, length);
    }
    atomic_fetch_add(&shadow_held, (long)size_of(block));
    return block;
}

struct block *shadow_block(uint8_t const *cid, size_t cid_length, uint8_t const *data, size_t length)
{
    uint64_t hash = hash_of(cid, cid_length);
    pthread_mutex_lock(&gate);
    struct block *block = lookup(hash, cid, cid_length);
    if (block != NULL) {
        atomic_fetch_add(&block->users, 1);
        unlink_use(block);
        link_use(block);
    }
    pthread_mutex_unlock(&gate);
    if (block != NULL) {
        if (block->length == length && memcmp(block->bytes + cid_length, data, length) == 0) {
            return block;
        }
        /* The host's answer for this CID has changed. */
        pthread_mutex_lock(&gate);
        if (block->cached) {
            evict(block);
        }
        pthread_mutex_unlock(&gate);
        shadow_release(block);
    }

    block = shadow_block_of_own(cid, cid_length, data, length);
    if (block == NULL) {
        return NULL;
    }
    pthread_mutex_lock(&gate);
    if (lookup(hash, cid, cid_length) == NULL) {
        atomic_fetch_add(&block->users, 1);
        block->cached = true;
        block->next = buckets[hash % BUCKETS];
        buckets[hash % BUCKETS] = block;
        link_use(block);
        cached_bytes += size_of(block);
        while (cached_bytes > shadow_settings.memory / 2 && oldest != block) {
            evict(oldest);
        }
    }
    pthread_mutex_unlock(&gate);
    return block;
}

struct block *shadow_cached(uint8_t const *cid, size_t cid_length)
{
    pthread_mutex_lock(&gate);
    struct block *block = lookup(hash_of(cid, cid_length), cid, cid_length);
    if (block != NULL) {
        atomic_fetch_add(&block->users, 1);
        unlink_use(block);
        link_use(block);
    }
    pthread_mutex_unlock(&gate);
    return block;
}

void shadow_pin(struct block *block)
{
    pthread_mutex_lock(&gate);
    if (block->cached && !block->pinned && pinned_bytes + size_of(block) <= shadow_settings.memory / 4) {
        unlink_use(block);
        block->pinned = true;
        cached_bytes -= size_of(block);
        pinned_bytes += size_of(block);
    }
    pthread_mutex_unlock(&gate);
}

static bool is_code(struct block const *block)
{
    static uint8_t const magic[] = {0, 'a', 's', 'm'};
    return block->length > sizeof magic && memcmp(block->bytes + block->cid_length, magic, sizeof magic) == 0;
}

void shadow_each_code(void (*take)(void *context, struct block *block), void *context)
{
    pthread_mutex_lock(&gate);
    for (size_t i = 0; i < BUCKETS; i++) {
        for (struct block *block = buckets[i]; block != NULL; block = block->next) {
            if (is_code(block)) {
                take(context, block);
            }
        }
    }
    pthread_mutex_unlock(&gate);
}

/* ---- Sets: open addressing. */

static struct block_entry *slot(struct block_entry *entries, size_t room, uint64_t hash, uint8_t const *cid, size_t length)
{
    size_t at = hash & (room - 1);
    while (entries[at].block != NULL && !has_cid(entries[at].block, hash, cid, length)) {
        at = (at + 1) & (room - 1);
    }
    return &entries[at];
}

struct block_entry *shadow_set_find(struct block_set const *set, uint8_t const *cid, size_t cid_length)
{
    if (set->count == 0) {
        return NULL;
    }
    struct block_entry *found = slot(set->entries, set->room, hash_of(cid, cid_length), cid, cid_length);
    return found->block == NULL ? NULL : found;
}

bool shadow_set_add(struct block_set *set, struct block *block, int flags)
{
    if (set->count * 2 >= set->room) {
        size_t room = set->room == 0 ? 64 : 2 * set->room;
        struct block_entry *entries = calloc(room, sizeof *entries);
        if (entries == NULL) {
            shadow_release(block);
            return false;
        }
        for (size_t i = 0; i < set->room; i++) {
            struct block *old = set->entries[i].block;
            if (old != NULL) {
                *slot(entries, room, old->hash, old->bytes, old->cid_length) = set->entries[i];
            }
        }
        free(set->entries);
        set->entries = entries;
        set->room = room;
    }
    struct block_entry *entry = slot(set->entries, set->room, block->hash, block->bytes, block->cid_length);
    if (entry->block != NULL) {
        /* A block instead of the note that there is none; otherwise the same again. */
        bool keeps = (entry->flags & BLOCK_ABSENT) == 0;
        if (keeps && (flags & BLOCK_ABSENT) != 0) {
            shadow_release(block);
            return true;
        }
        entry->flags = (entry->flags & ~BLOCK_ABSENT) | flags;
        if (keeps) {
            shadow_release(block);
            return true;
        }
        shadow_release(entry->block);
        entry->block = block;
        return true;
    }
    entry->block = block;
    entry->flags = flags;
    set->count++;
    return true;
}

struct block_set shadow_set_copy(struct block_set const *set)
{
    struct block_set copy = *set;
    copy.entries = set->room == 0 ? NULL : malloc(set->room * sizeof *copy.entries);
    if (copy.entries == NULL) {
        return (struct block_set){0};
    }
    memcpy(copy.entries, set->entries, set->room * sizeof *copy.entries);
    for (size_t i = 0; i < copy.room; i++) {
        if (copy.entries[i].block != NULL) {
            atomic_fetch_add(&copy.entries[i].block->users, 1);
        }
    }
    return copy;
}

void shadow_set_clear(struct block_set *set)
{
    for (size_t i = 0; i < set->room; i++) {
        shadow_release(set->entries[i].block);
    }
    free(set->entries);
    memset(set, 0, sizeof *set);
}
