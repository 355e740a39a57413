/* A reserve for the .NET runtime's own small allocations. The runtime does not check them for failure (mark stacks of the collector, type
 * tables, handles), and continues with a null pointer. Allocations that the process's allocator cannot serve come from this reserve until
 * they are freed. The machine's own allocations fail with an error as soon as memory is short, and no further call of the library begins
 * while more than half of the reserve is in use.
 *
 * A first-fit free list over static memory of the library. Slow and simple: it is used only once the process has run out of memory. */
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>

/* In the library the runtime's calls are renamed (scripts/merge-archive); in the command the linker redirects them (--wrap). */
#ifdef FVM_COMMAND
#define SHIM(name) __wrap_##name
#define REAL(name) __real_##name
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
size_t __real_malloc_usable_size(void *block);
void __real_free(void *block);
void *__real_mmap(void *address, size_t length, int protection, int flags, int file, off_t offset);
int __real_munmap(void *address, size_t length);
int __real_mprotect(void *address, size_t length, int protection);
#else
#define SHIM(name) fvm_shim_##name
#define REAL(name) name
#endif

HIDDEN void *SHIM(malloc)(size_t size);
HIDDEN void *SHIM(calloc)(size_t count, size_t size);
HIDDEN void *SHIM(realloc)(void *block, size_t size);
HIDDEN void *SHIM(aligned_alloc)(size_t alignment, size_t size);
HIDDEN size_t SHIM(malloc_usable_size)(void *block);
HIDDEN void SHIM(free)(void *block);
HIDDEN char *SHIM(strdup)(char const *text);
HIDDEN void *SHIM(mmap)(void *address, size_t length, int protection, int flags, int file, off_t offset);
HIDDEN int SHIM(munmap)(void *address, size_t length);
HIDDEN int SHIM(mprotect)(void *address, size_t length, int protection);

enum { RESERVE = 4 << 20, UNIT = 64, LARGEST = RESERVE / 4 };

/* A chunk of the reserve, used or free, followed by its bytes. The next chunk begins right after them. */
struct piece {
    uint32_t size; /* including this header, in bytes: a multiple of UNIT */
    uint32_t used;
    uint8_t unused[UNIT - 8];
};
_Static_assert(sizeof(struct piece) == UNIT, "bytes of a piece are aligned as its header is");

static _Alignas(UNIT) uint8_t reserve[RESERVE];
static size_t in_use;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int is_ours(void const *block)
{
    return (uintptr_t)block - (uintptr_t)reserve < RESERVE;
}

static struct piece *piece_of(void *block) { return (struct piece *)((uint8_t *)block - sizeof(struct piece)); }

static struct piece *after(struct piece *piece) { return (struct piece *)((uint8_t *)piece + piece->size); }

/** Bytes from the reserve; NULL with ENOMEM if it is exhausted. */
static void *take(size_t size)
{
    if (size > LARGEST) {
        errno = ENOMEM;
        return NULL;
    }
    uint32_t need = (uint32_t)((size + UNIT - 1) / UNIT * UNIT + sizeof(struct piece));
    void *block = NULL;
    pthread_mutex_lock(&lock);
    struct piece *first = (struct piece *)reserve;
    if (first->size == 0) {
        first->size = RESERVE;
    }
    for (struct piece *piece = first; (uint8_t *)piece < reserve + RESERVE && block == NULL; piece = after(piece)) {
        if (piece->used) {
            continue;
        }
        while ((uint8_t *)after(piece) < reserve + RESERVE && !after(piece)->used) {
            piece->size += after(piece)->size;
        }
        if (piece->size >= need) {
            if (piece->size - need > UNIT) {
                uint32_t rest = piece->size - need;
                piece->size = need;
                after(piece)->size = rest;
                after(piece)->used = 0;
            }
            piece->used = 1;
            __atomic_add_fetch(&in_use, piece->size, __ATOMIC_RELAXED);
            block = (uint8_t *)piece + sizeof(struct piece);
        }
    }
    pthread_mutex_unlock(&lock);
    if (block == NULL) {
        errno = ENOMEM;
    }
    return block;
}

static void give_back(void *block)
{
    struct piece *piece = piece_of(block);
    pthread_mutex_lock(&lock);
    __atomic_sub_fetch(&in_use, piece->size, __ATOMIC_RELAXED);
    piece->used = 0;
    pthread_mutex_unlock(&lock);
}

char const *fvm_shim_reserve_refusal(void)
{
    return __atomic_load_n(&in_use, __ATOMIC_RELAXED) <= RESERVE / 2 ? NULL
        : "out of memory: the .NET runtime of the FVM has used up its reserve";
}

void *SHIM(malloc)(size_t size)
{
    void *block = REAL(malloc)(size);
    return block != NULL ? block : take(size);
}

void *SHIM(calloc)(size_t count, size_t size)
{
    void *block = REAL(calloc)(count, size);
    size_t bytes;
    if (block != NULL || __builtin_mul_overflow(count, size, &bytes)) {
        return block;
    }
    block = take(bytes);
    return block != NULL ? memset(block, 0, bytes) : NULL;
}

void *SHIM(realloc)(void *block, size_t size)
{
    if (block == NULL) {
        return SHIM(malloc)(size);
    }
    if (!is_ours(block)) {
        void *moved = REAL(realloc)(block, size);
        if (moved != NULL || size == 0) {
            return moved;
        }
    }
    size_t old = SHIM(malloc_usable_size)(block);
    void *moved = is_ours(block) ? SHIM(malloc)(size) : take(size);
    if (moved == NULL) {
        return NULL;
    }
    memcpy(moved, block, old < size ? old : size);
    SHIM(free)(block);
    return moved;
}

void *SHIM(aligned_alloc)(size_t alignment, size_t size)
{
    void *block = REAL(aligned_alloc)(alignment, size);
    return block != NULL || alignment > UNIT ? block : take(size);
}

size_t SHIM(malloc_usable_size)(void *block)
{
    return is_ours(block) ? piece_of(block)->size - sizeof(struct piece) : REAL(malloc_usable_size)(block);
}

void SHIM(free)(void *block)
{
    if (is_ours(block)) {
        give_back(block);
    } else {
        REAL(free)(block);
    }
}

char *SHIM(strdup)(char const *text)
{
    size_t size = strlen(text) + 1;
    char *copy = SHIM(malloc)(size);
    return copy != NULL ? memcpy(copy, text, size) : NULL;
}

/* ---- Pages. Nor does the runtime handle a failure to map or commit its handle tables: it cannot undo a partial start. They are
 * small address reservations, and always come from here as long as there is room. */

enum { PAGE = 4096, PAGES = 512, MOST_PAGES = PAGES / 4 };

static _Alignas(PAGE) uint8_t pages[PAGES * PAGE];
static uint8_t page_used[PAGES];

static int is_page(void const *address) { return (uintptr_t)address - (uintptr_t)pages < sizeof pages; }

static void *take_pages(size_t length)
{
    size_t count = (length + PAGE - 1) / PAGE, run = 0;
    void *taken = MAP_FAILED;
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < PAGES && taken == MAP_FAILED; i++) {
        run = page_used[i] ? 0 : run + 1;
        if (run == count) {
            taken = pages + (i + 1 - count) * PAGE;
            memset(page_used + (i + 1 - count), 1, count);
        }
    }
    pthread_mutex_unlock(&lock);
    if (taken == MAP_FAILED) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    return memset(taken, 0, count * PAGE);
}

void *SHIM(mmap)(void *address, size_t length, int protection, int flags, int file, off_t offset)
{
    int is_anonymous = (flags & MAP_ANONYMOUS) != 0 && (protection & PROT_EXEC) == 0;
    if (is_anonymous && (flags & MAP_FIXED) != 0 && is_page(address)) {
        /* Decommitted, but not released. */
        return memset(address, 0, length);
    }
    int may_come_from_here = is_anonymous && (flags & MAP_FIXED) == 0 && length > 0 && length <= MOST_PAGES * PAGE;
    if (may_come_from_here && protection == PROT_NONE) {
        void *taken = take_pages(length);
        if (taken != MAP_FAILED) {
            return taken;
        }
    }
    void *mapped = REAL(mmap)(address, length, protection, flags, file, offset);
    return mapped == MAP_FAILED && errno == ENOMEM && may_come_from_here ? take_pages(length) : mapped;
}

int SHIM(munmap)(void *address, size_t length)
{
    if (!is_page(address)) {
        return REAL(munmap)(address, length);
    }
    pthread_mutex_lock(&lock);
    memset(page_used + ((uint8_t *)address - pages) / PAGE, 0, (length + PAGE - 1) / PAGE);
    pthread_mutex_unlock(&lock);
    return 0;
}

/** Pages of the reserve are permanently readable and writable. */
int SHIM(mprotect)(void *address, size_t length, int protection)
{
    return is_page(address) ? 0 : REAL(mprotect)(address, length, protection);
}
