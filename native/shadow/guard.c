/* What a follower must not do to its process. Its allocations are counted, and
 * refused beyond a limit; its attempts to end the process end the follower. */
#define _GNU_SOURCE
#include "shadow.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_long allocated;

/* Blocks handed to the follower by others are subtracted when it frees them, so the count may lag behind by as much. */
static bool admit(size_t size)
{
    if (size <= shadow_settings.follower_memory
        && atomic_load_explicit(&allocated, memory_order_relaxed) <= (long)(shadow_settings.follower_memory - size)) {
        return true;
    }
    shadow_count(FOLLOWER_ALLOCATIONS_REFUSED);
    errno = ENOMEM;
    return false;
}

static void *counted(void *block)
{
    if (block != NULL) {
        atomic_fetch_add_explicit(&allocated, (long)malloc_usable_size(block), memory_order_relaxed);
    }
    return block;
}

static void uncount(void *block)
{
    if (block != NULL) {
        atomic_fetch_sub_explicit(&allocated, (long)malloc_usable_size(block), memory_order_relaxed);
    }
}

static void *guarded_malloc(size_t size) { return admit(size) ? counted(malloc(size)) : NULL; }

static void *guarded_calloc(size_t count, size_t size)
{
    size_t all;
    if (__builtin_mul_overflow(count, size, &all)) {
        all = SIZE_MAX;
    }
    return admit(all) ? counted(calloc(count, size)) : NULL;
}

static void *guarded_realloc(void *block, size_t size)
{
    if (!admit(size)) {
        return NULL;
    }
    size_t before = block == NULL ? 0 : malloc_usable_size(block);
    void *moved = realloc(block, size);
    if (moved != NULL || size == 0) {
        atomic_fetch_sub_explicit(&allocated, (long)before, memory_order_relaxed);
    }
    return counted(moved);
}

static void guarded_free(void *block)
{
    uncount(block);
    free(block);
}

static int guarded_posix_memalign(void **block, size_t alignment, size_t size)
{
    if (!admit(size)) {
        return ENOMEM;
    }
    int code = posix_memalign(block, alignment, size);
    if (code == 0) {
        counted(*block);
    }
    return code;
}

static void *guarded_aligned_alloc(size_t alignment, size_t size) { return admit(size) ? counted(aligned_alloc(alignment, size)) : NULL; }

static char *guarded_strdup(char const *text) { return admit(strlen(text) + 1) ? counted(strdup(text)) : NULL; }

static _Noreturn void park(char const *what)
{
    if (!atomic_exchange(&shadow_follower_lost, true)) {
        shadow_count(FOLLOWER_ABORTS);
        shadow_log("the follower called %s: it is not used any more, the leader goes on alone", what);
    }
    for (;;) {
        pause();
    }
}

static _Noreturn void guarded_abort(void) { park("abort"); }

static _Noreturn void guarded_exit(int code)
{
    (void)code;
    park("exit");
}

/* ---- The tables of both libraries. */

#define HOST(side)                                                                                     \
    {"cgo_blockstore_get", (void *)shadow_##side##_get}, {"cgo_blockstore_has", (void *)shadow_##side##_has}, \
    {"cgo_blockstore_put", (void *)shadow_##side##_put}, {"cgo_blockstore_put_many", (void *)shadow_##side##_put_many}, \
    {"cgo_extern_get_chain_randomness", (void *)shadow_##side##_chain},                                \
    {"cgo_extern_get_beacon_randomness", (void *)shadow_##side##_beacon},                              \
    {"cgo_extern_verify_consensus_fault", (void *)shadow_##side##_fault},                              \
    {"cgo_extern_get_tipset_cid", (void *)shadow_##side##_tipset}

struct redirect const shadow_leader_redirects[] = {HOST(leader), {NULL, NULL}};

struct redirect const shadow_follower_redirects[] = {
    HOST(follower),
    {"malloc", (void *)guarded_malloc},
    {"calloc", (void *)guarded_calloc},
    {"realloc", (void *)guarded_realloc},
    {"free", (void *)guarded_free},
    {"posix_memalign", (void *)guarded_posix_memalign},
    {"aligned_alloc", (void *)guarded_aligned_alloc},
    {"strdup", (void *)guarded_strdup},
    {"abort", (void *)guarded_abort},
    {"exit", (void *)guarded_exit},
    {"_exit", (void *)guarded_exit},
    {NULL, NULL},
};
