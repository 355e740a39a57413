/* The code of a network's builtin actors, read ahead for the follower. A leader
 * that has compiled it before never reads it. A follower that compiles it
 * during its first machine takes longer than that machine lives, and may not
 * ask the host afterwards. So the creation of a machine reads it: once per
 * manifest, on the caller's thread, within limits. */
#include "shadow.h"

#include <stdlib.h>
#include <string.h>

enum {
    LIMIT_MS = 200,       /* per creation; what is left is read at the next one */
    AGAIN_MS = 1000,      /* between two walks for code that a follower lacked */
    MAX_CODES = 256,      /* in a manifest */
    MAX_DEPTH = 12,       /* nodes of the HAMT that are walked */
    MAX_CID = 128,
};

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static _Atomic uint64_t versions_read; /* a bit per network version */
static atomic_bool lacked;
static _Atomic int64_t last_walk;

void shadow_code_lacked(void) { atomic_store(&lacked, true); }

/* A block from the cache, or else from the host; NULL if neither has it. The caller is a user of it. */
static struct block *read_block(struct machine const *machine, slice_ref_uint8_t cid)
{
    struct block *block = shadow_cached(cid.ptr, cid.len);
    if (block != NULL) {
        return block;
    }
    uint8_t *data = NULL;
    int32_t size = 0;
    if (cgo_blockstore_get(machine->parameters.blockstore, cid.ptr, (int32_t)cid.len, &data, &size) != 0) {
        return NULL;
    }
    shadow_count(AHEAD_BLOCKS);
    block = size < 0 ? NULL : shadow_block(cid.ptr, cid.len, data, (size_t)size);
    free(data);
    return block;
}

static struct cbor cursor(struct block const *block)
{
    uint8_t const *data = block->bytes + block->cid_length;
    return (struct cbor){data, data + block->length, false};
}

static bool list_of(struct cbor *cbor, uint64_t least)
{
    uint64_t count;
    return cbor_head(cbor, &count) == 4 && count >= least;
}

/* A link: tag 42 around bytes that begin with a zero. */
static bool read_link(struct cbor *cbor, slice_ref_uint8_t *cid)
{
    uint64_t tag, length;
    uint8_t const *data;
    if (cbor_head(cbor, &tag) != 6 || tag != 42 || !cbor_bytes(cbor, 2, &data, &length) || length < 2 || length > MAX_CID || data[0] != 0) {
        return false;
    }
    *cid = (slice_ref_uint8_t){data + 1, length - 1};
    return true;
}

/* The head of the system actor (f00) in a bucket of [key, actor], actors being [code, head, ...]. */
static bool find_system(struct cbor *cbor, uint64_t entries, slice_ref_uint8_t *head)
{
    for (uint64_t i = 0; i < entries && !cbor->broken; i++) {
        uint8_t const *key;
        uint64_t length;
        if (!list_of(cbor, 2) || !cbor_bytes(cbor, 2, &key, &length)) {
            return false;
        }
        if (length == 2 && key[0] == 0 && key[1] == 0) {
            return list_of(cbor, 2) && read_link(cbor, head) && read_link(cbor, head);
        }
        cbor_skip(cbor);
    }
    return false;
}

/* Steps from a node of the actors' HAMT towards the system actor. @return 1 if `link` is its head, 0 if a child's, -1 if there is neither */
static int step(struct block const *node, int depth, slice_ref_uint8_t *link)
{
    /* The SHA-256 of its key, 00 00, five bits at a time. */
    static uint8_t const path[MAX_DEPTH] = {18, 26, 17, 9, 13, 20, 17, 4, 30, 10, 2, 28};
    struct cbor cbor = cursor(node);
    uint8_t const *bitmap;
    uint64_t length, pointers, value;
    if (!list_of(&cbor, 2) || !cbor_bytes(&cbor, 2, &bitmap, &length) || length > 4 || cbor_head(&cbor, &pointers) != 4) {
        return -1;
    }
    uint32_t bits = 0;
    for (uint64_t i = 0; i < length; i++) {
        bits = bits << 8 | bitmap[i];
    }
    if ((bits >> path[depth] & 1) == 0) {
        return -1;
    }
    for (int before = __builtin_popcount(bits & (((uint32_t)1 << path[depth]) - 1)); before > 0; before--) {
        cbor_skip(&cbor);
    }
    struct cbor at = cbor;
    int major = cbor_head(&at, &value);
    return major == 6 ? (read_link(&cbor, link) ? 0 : -1) : major == 4 && find_system(&at, value, link) ? 1 : -1;
}

/* The block that another links to by the link at an index of its list; the other's use ends. */
static struct block *follow(struct machine const *machine, struct block *block, int index)
{
    if (block == NULL) {
        return NULL;
    }
    struct cbor cbor = cursor(block);
    slice_ref_uint8_t cid;
    bool listed = list_of(&cbor, (uint64_t)index + 1);
    for (int i = 0; listed && i < index; i++) {
        cbor_skip(&cbor);
    }
    struct block *next = listed && read_link(&cbor, &cid) ? read_block(machine, cid) : NULL;
    shadow_release(block);
    return next;
}

/* The list of names and codes of the machine's builtin actors, to which the system actor's state links. */
static struct block *find_list(struct machine const *machine)
{
    struct block *node = follow(machine, read_block(machine, machine->parameters.root), 1);
    for (int depth = 0; node != NULL && depth < MAX_DEPTH; depth++) {
        slice_ref_uint8_t link;
        int found = step(node, depth, &link);
        struct block *next = found < 0 ? NULL : read_block(machine, link);
        shadow_release(node);
        if (found == 1) {
            return follow(machine, next, 0);
        }
        node = next;
    }
    shadow_release(node);
    return NULL;
}

/* @return whether all of them were tried */
static bool read_list(struct machine const *machine, struct block const *list, int64_t deadline)
{
    struct cbor cbor = cursor(list);
    uint64_t count, parts;
    if (cbor_head(&cbor, &count) != 4) {
        return true;
    }
    for (uint64_t i = 0; i < count && i < MAX_CODES; i++) {
        slice_ref_uint8_t cid;
        if (cbor_head(&cbor, &parts) != 4 || parts != 2) {
            return true;
        }
        cbor_skip(&cbor);
        if (!read_link(&cbor, &cid)) {
            return true;
        }
        if (shadow_now_ms() >= deadline) {
            return false;
        }
        struct block *code = read_block(machine, cid);
        if (code != NULL) {
            shadow_pin(code);
            shadow_release(code);
        }
    }
    return true;
}

void shadow_read_codes(struct machine const *machine)
{
    uint64_t version = machine->parameters.network_version < 64 ? (uint64_t)1 << machine->parameters.network_version : 0;
    int64_t now = shadow_now_ms();
    if ((atomic_load(&versions_read) & version) == version && !(atomic_load(&lacked) && now - atomic_load(&last_walk) >= AGAIN_MS)) {
        return;
    }
    /* A thread that the host takes away in one of its functions leaves this locked: nothing is read ahead any more. */
    if (pthread_mutex_trylock(&gate) != 0) {
        return;
    }
    atomic_store(&last_walk, now);
    struct block *list = find_list(machine);
    if (list == NULL || read_list(machine, list, now + LIMIT_MS)) {
        atomic_store(&lacked, list == NULL); /* a state at genesis may not have its manifest yet */
        atomic_fetch_or(&versions_read, version);
    }
    shadow_release(list);
    atomic_fetch_add(&shadow_counters[AHEAD_MILLISECONDS], shadow_now_ms() - now);
    pthread_mutex_unlock(&gate);
}
