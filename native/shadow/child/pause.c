/* The process waits while the leader works. Its library is held up where it asks
 * the host and where it allocates, which a compiler does all the time: no signal
 * reaches the library, and no thread of the host has to wake it. */
#define _GNU_SOURCE
#include "child.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/** Microseconds. */
enum {
    STEP = 500,            /* between two looks at the page */
    SAVED = 1000000,       /* waiting without a break */
    LEAST_SAVED = 20000,   /* before it waits again, once that is used up */
};

static struct pause_page const *page;
static _Atomic long long passed; /* the page's word that needs no waiting for any more */

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static int64_t seen, saved = SAVED;
static bool used_up;

void pause_use_page(void)
{
    void *mapped = mmap(NULL, PAUSE_PAGE, PROT_READ, MAP_SHARED, PAUSE_FD, 0);
    close(PAUSE_FD);
    page = mapped == MAP_FAILED ? NULL : mapped;
}

/* Whether to wait on, for half of the time at most: a host that never stops calling must not stop the follower.
 * @param waited  for how long the thread has just waited */
static bool may_wait(int64_t now, int64_t waited)
{
    pthread_mutex_lock(&gate);
    /* Of several threads that wait at the same time, the time counts once. */
    int64_t elapsed = now - seen;
    saved += waited > 0 ? -elapsed : elapsed;
    saved = saved > SAVED ? SAVED : saved;
    seen = now;
    used_up = saved <= 0 || (used_up && saved < LEAST_SAVED);
    bool may = !used_up;
    pthread_mutex_unlock(&gate);
    return may;
}

static void wait_for_turn(void)
{
    int64_t waited = 0;
    for (;;) {
        long long until = atomic_load_explicit(&page->until, memory_order_relaxed);
        int64_t now = shadow_now_us();
        bool may = may_wait(now, waited);
        if (until <= now) {
            atomic_store_explicit(&passed, until, memory_order_relaxed);
            return;
        }
        if (!may) {
            return;
        }
        nanosleep(&(struct timespec){.tv_nsec = STEP * 1000}, NULL);
        waited = STEP;
    }
}

void pause_if_needed(void)
{
    if (page != NULL
        && atomic_load_explicit(&page->until, memory_order_relaxed) != atomic_load_explicit(&passed, memory_order_relaxed)) {
        wait_for_turn();
    }
}

/* ---- What the library's references to the allocator reach. Nothing is held here that another thread may wait for. */

void *pausing_malloc(size_t size)
{
    pause_if_needed();
    return malloc(size);
}

void *pausing_calloc(size_t count, size_t size)
{
    pause_if_needed();
    return calloc(count, size);
}

void *pausing_realloc(void *block, size_t size)
{
    pause_if_needed();
    return realloc(block, size);
}

int pausing_posix_memalign(void **block, size_t alignment, size_t size)
{
    pause_if_needed();
    return posix_memalign(block, alignment, size);
}

void *pausing_aligned_alloc(size_t alignment, size_t size)
{
    pause_if_needed();
    return aligned_alloc(alignment, size);
}
