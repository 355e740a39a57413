/* Guard pages (FVM_GUARD_PAGES=1): accesses of actors out of bounds are traps,
 * on many threads, and all other faults come to the handler that the host has
 * set before, with its flags: also those that look like an actor's. */
#define _GNU_SOURCE
#include "check.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

enum { THREADS = 4, ROUNDS = 40, PAGE = 4096 };

static char *nowhere;
static __thread sigjmp_buf back;
static __thread void *volatile address;
static __thread int volatile was_sent;

static void on_fault(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)context;
    was_sent = info->si_code <= 0;
    address = info->si_addr;
    siglongjmp(back, 1);
}

/* A fault of the host whose registers are those of an actor's: the memory's base below the address. */
static void fault(char const *when)
{
    address = NULL;
    if (sigsetjmp(back, 1) == 0) {
#ifdef __x86_64__
        __asm__ volatile("mov %0, %%r14\n\tmovb $1, 64(%%r14)" : : "r"(nowhere) : "r14", "memory");
#else
        nowhere[64] = 1;
#endif
    }
    CHECK(address == nowhere + 64, "%s: a fault of the host did not come to its handler", when);
}

static struct vector *failing;
static InnerFvmMachine_t *machines[THREADS * ROUNDS];

static void *faults_and_messages(void *first)
{
    for (int i = 0; i < ROUNDS; i++) {
        fault("beside messages");
        expect_vector(((InnerFvmMachine_t **)first)[i], failing, "beside faults");
    }
    return NULL;
}

void run(void)
{
    struct sigaction mine = {.sa_sigaction = on_fault, .sa_flags = SA_ONSTACK | SA_SIGINFO}, now;
    sigaction(SIGSEGV, &mine, NULL);
    nowhere = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    fault("before the library");

    failing = vector_read(vectors, "failing");
    host_reset(failing);
    for (int i = 0; i < THREADS * ROUNDS; i++) {
        machines[i] = machine_of(failing, false);
    }
    expect_vector(machines[0], failing, "failing");
    drop_fvm_machine(machines[0]);
    machines[0] = machine_of(failing, false);
    char const *asked = getenv("FVM_GUARD_PAGES");
    if (asked != NULL && *asked == '1') {
        Result_slice_boxed_uint8_t *capabilities = fvm_capabilities();
        CHECK(memmem(capabilities->value.ptr, capabilities->value.len, "\"guard_pages\":true", 18) != NULL, "there are no guard pages");
        destroy_fvm_capabilities_response(capabilities);
    }
    CHECK(sigaction(SIGSEGV, NULL, &now) == 0 && (now.sa_flags & (SA_ONSTACK | SA_SIGINFO)) == (SA_ONSTACK | SA_SIGINFO),
        "the handler of faults has other flags");
    fault("after a message");
    if (sigsetjmp(back, 1) == 0) {
        raise(SIGSEGV);
    }
    CHECK(was_sent, "a signal that was sent did not come to the host's handler");

    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, faults_and_messages, &machines[i * ROUNDS]) != 0) {
            abort();
        }
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    for (int i = 0; i < THREADS * ROUNDS; i++) {
        drop_fvm_machine(machines[i]);
    }

    /* With faults blocked, or with another handler than the library's, actors have bounds checks instead. */
    sigset_t faults;
    sigemptyset(&faults);
    sigaddset(&faults, SIGSEGV);
    machines[0] = machine_of(failing, false);
    pthread_sigmask(SIG_BLOCK, &faults, NULL);
    expect_vector(machines[0], failing, "with faults blocked");
    pthread_sigmask(SIG_UNBLOCK, &faults, NULL);
    drop_fvm_machine(machines[0]);
    machines[0] = machine_of(failing, false);
    sigaction(SIGSEGV, &mine, NULL);
    expect_vector(machines[0], failing, "with a later handler of the host");
    fault("with a later handler");
    drop_fvm_machine(machines[0]);
    vector_free(failing);
}
