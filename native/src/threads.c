/* Where C# must not be entered: in a forked child process, which has none of
 * the runtime's threads, and on a thread that left a callback by longjmp,
 * whose C# frames were never unwound. */
#define _GNU_SOURCE
#include "shim.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Linux 4.14; missing from older headers. */
#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK 18
#endif

enum { PAGE = 4096 };

static pthread_once_t prepared = PTHREAD_ONCE_INIT;
static char *mark;                 /* 1 here, 0 in a child; NULL if the kernel lacks MADV_WIPEONFORK */
static pid_t owner;
static pthread_key_t ended;
static int has_key;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static struct thread_record *unused;
static __thread struct thread_record *mine;

/* Thread exit. During a callback, the enclosing call is lost. */
static void end_thread(void *value)
{
    struct thread_record *record = value;
    mine = NULL;
    if (record->innermost != NULL) {
        __atomic_store_n(&record->lost, 1, __ATOMIC_RELEASE);
        return;
    }
    pthread_mutex_lock(&gate);
    record->next = unused;
    unused = record;
    pthread_mutex_unlock(&gate);
}

static void prepare(void)
{
    owner = getpid();
    has_key = pthread_key_create(&ended, end_thread) == 0;
    char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page != MAP_FAILED && madvise(page, PAGE, MADV_WIPEONFORK) == 0) {
        *page = 1;
        mark = page;
    }
}

static int is_forked(void) { return mark != NULL ? *mark == 0 : getpid() != owner; }

struct thread_record *fvm_shim_thread(void)
{
    if (mine != NULL || !has_key) {
        return mine;
    }
    pthread_mutex_lock(&gate);
    struct thread_record *record = unused;
    if (record != NULL) {
        unused = record->next;
    }
    pthread_mutex_unlock(&gate);
    if (record == NULL) {
        record = malloc(sizeof *record);
    }
    if (record == NULL || pthread_setspecific(ended, record) != 0) {
        free(record);
        return NULL;
    }
    /* Threads of the library are not cancelled; those of callers only when they leave it (entry.c). */
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    memset(record, 0, sizeof *record);
    record->id = syscall(SYS_gettid);
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        void *low;
        size_t size;
        if (pthread_attr_getstack(&attributes, &low, &size) == 0) {
            record->stack_low = low;
            record->stack_high = record->stack_low + size;
        }
        pthread_attr_destroy(&attributes);
    }
    return mine = record;
}

/* Hosts may run on stacks of their own (goroutines, coroutines): a stack address then proves nothing. */
static int is_on_own_stack(struct thread_record const *record, void const *address)
{
    return (char const *)address >= record->stack_low && (char const *)address < record->stack_high;
}

/* Stack pointer of a thread blocked in the kernel; NULL if it is not blocked, or the kernel does not tell. */
static void *stack_pointer_of(long id)
{
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/self/task/%ld/syscall", id);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return NULL;
    }
    ssize_t length = read(file, line, sizeof line - 1);
    close(file);
    if (length <= 0) {
        return NULL;
    }
    /* The last two words are the stack pointer and the program counter. */
    line[length] = '\0';
    char *last = strrchr(line, ' ');
    if (last == NULL) {
        return NULL;
    }
    *last = '\0';
    char *word = strrchr(line, ' ');
    return word == NULL ? NULL : (void *)strtoul(word + 1, NULL, 16);
}

int fvm_shim_thread_is_lost(struct thread_record *record)
{
    if (record == NULL) {
        return 0;
    }
    if (__atomic_load_n(&record->lost, __ATOMIC_ACQUIRE)) {
        return 1;
    }
    unsigned long before = __atomic_load_n(&record->callbacks, __ATOMIC_ACQUIRE);
    struct callback *innermost = __atomic_load_n(&record->innermost, __ATOMIC_ACQUIRE);
    if (innermost == NULL || !is_on_own_stack(record, innermost)) {
        return 0;
    }
    void *at = stack_pointer_of(record->id);
    int left = at != NULL && is_on_own_stack(record, at) && (char *)at > (char *)innermost;
    /* Still the same callback: it has not returned in the meantime. */
    left = left && __atomic_load_n(&record->innermost, __ATOMIC_ACQUIRE) == innermost
        && __atomic_load_n(&record->callbacks, __ATOMIC_ACQUIRE) == before;
    if (left) {
        __atomic_store_n(&record->lost, 1, __ATOMIC_RELEASE);
    }
    return left;
}

char const *fvm_shim_refusal(void *here)
{
    pthread_once(&prepared, prepare);
    if (is_forked()) {
        return "this process was forked from one that uses the FVM, and has none of its threads: fork before the first call, or start "
               "another program (exec)";
    }
    struct thread_record *record = mine;
    if (record == NULL || record->innermost == NULL) {
        return NULL;
    }
    /* A call from within a callback comes from deeper in the stack. */
    if (is_on_own_stack(record, record->innermost) && (!is_on_own_stack(record, here) || (char *)here > (char *)record->innermost)) {
        __atomic_store_n(&record->lost, 1, __ATOMIC_RELEASE);
    }
    return record->lost ? "this thread left a callback of the FVM by longjmp: the FVM cannot be called on it any more" : NULL;
}
