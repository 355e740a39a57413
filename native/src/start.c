/* Start of the .NET runtime: at the first call of the process, and at the
 * first of each thread. Its only reaction to a lack of memory is to abort, so
 * its abort is intercepted here: a thread that has not reached C# yet returns
 * to the interface function that it called (entry.c), which returns an error.
 * A fault of the starting thread is treated alike: the path to the abort leads
 * through code that is not initialised by then. */
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

HIDDEN void fvm_shim_abort(void);
HIDDEN void fvm_shim_entered(void);
HIDDEN int fvm_shim_getattr(pthread_t thread, pthread_attr_t *attributes);

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static int started, failed;
static __thread jmp_buf *entering;
static __thread int is_first;

/* The thread that starts the runtime, for signal handlers, which must not access thread-local variables. */
static int starting;
static pthread_t starter;
static jmp_buf *starters_back;

char const *fvm_shim_enter(jmp_buf *back)
{
    if (!__atomic_load_n(&started, __ATOMIC_ACQUIRE)) {
        /* One thread starts the runtime; others would wait forever for a start that failed. */
        pthread_mutex_lock(&first);
        if (failed) {
            pthread_mutex_unlock(&first);
            return "out of memory: the .NET runtime of the FVM could not be started, and cannot be in this process any more";
        }
        if (started) {
            pthread_mutex_unlock(&first);
        } else {
            is_first = 1;
            starter = pthread_self();
            starters_back = back;
            __atomic_store_n(&starting, 1, __ATOMIC_RELEASE);
        }
    }
    entering = back;
    return NULL;
}

/* C# has been entered. */
void fvm_shim_entered(void)
{
    entering = NULL;
    if (is_first) {
        is_first = 0;
        __atomic_store_n(&starting, 0, __ATOMIC_RELEASE);
        __atomic_store_n(&started, 1, __ATOMIC_RELEASE);
        pthread_mutex_unlock(&first);
    }
}

char const *fvm_shim_enter_failed(void)
{
    if (is_first) {
        is_first = 0;
        __atomic_store_n(&starting, 0, __ATOMIC_RELEASE);
        failed = 1;
        pthread_mutex_unlock(&first);
        return "out of memory: the .NET runtime of the FVM cannot be started";
    }
    return "out of memory: the .NET runtime of the FVM cannot take this thread up";
}

/* The runtime's abort. */
void fvm_shim_abort(void)
{
    if (entering != NULL) {
        jmp_buf *back = entering;
        entering = NULL;
        longjmp(*back, 1);
    }
    abort();
}

int fvm_shim_is_starting(void)
{
    return __atomic_load_n(&starting, __ATOMIC_ACQUIRE) && pthread_equal(starter, pthread_self());
}

/* A fault, on the signal stack. */
void fvm_shim_fault(void)
{
    if (fvm_shim_is_starting()) {
        sigset_t fault;
        sigemptyset(&fault);
        sigaddset(&fault, SIGSEGV);
        entering = NULL;
        pthread_sigmask(SIG_UNBLOCK, &fault, NULL);
        longjmp(*starters_back, 1);
    }
}

/* The attributes filled in by pthread_getattr_np before it ran out of memory for the rest, the set of processors: glibc fills in the stack
 * first. Trusted if the thread runs on that stack. */
static int knows_stack(pthread_attr_t *attributes)
{
    void *low;
    size_t size;
    return pthread_attr_getstack(attributes, &low, &size) == 0 && (char *)&size - (char *)low < (ptrdiff_t)size && (char *)&size > (char *)low
        && pthread_attr_init(attributes) == 0 && pthread_attr_setstack(attributes, low, size) == 0;
}

/* The runtime's query for a thread's stack, for which the C library allocates a little. On the library's own threads a failure cannot be
 * reported, so it is retried for a while. */
int fvm_shim_getattr(pthread_t thread, pthread_attr_t *attributes)
{
    int problem = pthread_getattr_np(thread, attributes);
    if (problem == ENOMEM && pthread_equal(thread, pthread_self()) && knows_stack(attributes)) {
        return 0;
    }
    for (int i = 0; problem == ENOMEM && entering == NULL && i < 1000; i++) {
        struct timespec pause = {0, 10000000};
        nanosleep(&pause, NULL);
        problem = pthread_getattr_np(thread, attributes);
    }
    return problem;
}
