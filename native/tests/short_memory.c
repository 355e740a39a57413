/* Out-of-memory injection: preloaded, it fails the n-th request of the process
 * (SHORT_MEMORY_AT=n), or that one and all later ones (SHORT_MEMORY_ALL=1), as
 * the system would: by NULL, MAP_FAILED, ENOMEM or EAGAIN. Requests are counted
 * from the call of short_memory_arm if the program makes one
 * (SHORT_MEMORY_ARMED=1), otherwise from the start of the process. Their number
 * is written to a file at the exit (SHORT_MEMORY_COUNT=FILE). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static long at = -1;
static bool all, armed;
static long requests;

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

static void *(*real_mmap)(void *, size_t, int, int, int, off_t);
static int (*real_mprotect)(void *, size_t, int);
static void *(*real_mremap)(void *, size_t, size_t, int, ...);
static int (*real_pthread_create)(pthread_t *, pthread_attr_t const *, void *(*)(void *), void *);

__attribute__((constructor)) static void prepare(void)
{
    real_mmap = (void *(*)(void *, size_t, int, int, int, off_t))dlsym(RTLD_NEXT, "mmap");
    real_mprotect = (int (*)(void *, size_t, int))dlsym(RTLD_NEXT, "mprotect");
    real_mremap = (void *(*)(void *, size_t, size_t, int, ...))dlsym(RTLD_NEXT, "mremap");
    real_pthread_create = (int (*)(pthread_t *, pthread_attr_t const *, void *(*)(void *), void *))dlsym(RTLD_NEXT, "pthread_create");
    char const *number = getenv("SHORT_MEMORY_AT");
    at = number != NULL ? atol(number) : -1;
    all = getenv("SHORT_MEMORY_ALL") != NULL;
    armed = getenv("SHORT_MEMORY_ARMED") == NULL;
}

__attribute__((destructor)) static void report(void)
{
    char const *name = getenv("SHORT_MEMORY_COUNT");
    FILE *file = name != NULL ? fopen(name, "w") : NULL;
    if (file != NULL) {
        fprintf(file, "%ld\n", requests);
        fclose(file);
    }
}

/** Restarts the count; returns the number of requests since the last restart. */
long short_memory_arm(bool on)
{
    armed = on;
    return __atomic_exchange_n(&requests, 0, __ATOMIC_RELAXED);
}

static bool fails(void)
{
    if (!armed) {
        return false;
    }
    long number = __atomic_add_fetch(&requests, 1, __ATOMIC_RELAXED);
    return at >= 0 && (all ? number >= at : number == at);
}

void *malloc(size_t size)
{
    if (fails()) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    if (fails()) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
    if (fails()) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_realloc(block, size);
}

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset)
{
    if (real_mmap == NULL) {
        prepare();
    }
    if (fails()) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    return real_mmap(address, length, protection, flags, file, offset);
}

int mprotect(void *address, size_t length, int protection)
{
    /* Removing access rights needs no memory. */
    if ((protection & PROT_WRITE) != 0 && fails()) {
        errno = ENOMEM;
        return -1;
    }
    return real_mprotect(address, length, protection);
}

void *mremap(void *address, size_t length, size_t larger, int flags, ...)
{
    if (fails()) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    return real_mremap(address, length, larger, flags);
}

int pthread_create(pthread_t *thread, pthread_attr_t const *attributes, void *(*entry)(void *), void *argument)
{
    return fails() ? EAGAIN : real_pthread_create(thread, attributes, entry, argument);
}
