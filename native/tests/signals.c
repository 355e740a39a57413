/* The library's changes to the process's signals: handlers for the signals of
 * its own code, on the alternative stack, with the host's handlers still
 * called. */
#include "check.h"

#include <setjmp.h>
#include <signal.h>

static sigjmp_buf back;
static volatile sig_atomic_t caught;
static int volatile *volatile nowhere = (int volatile *)8;

static void on_fault(int number)
{
    caught = number;
    siglongjmp(back, 1);
}

static void run_messages(struct vector const *vector)
{
    host_reset(vector);
    InnerFvmMachine_t *machine = machine_of(vector, false);
    expect_vector(machine, vector, "a message");
    drop_fvm_machine(machine);
}

void run(void)
{
    struct sigaction before[65], fault = {.sa_handler = on_fault, .sa_flags = SA_ONSTACK};
    sigaction(SIGSEGV, &fault, NULL);
    sigaction(SIGFPE, &fault, NULL);
    for (int number = 1; number <= 64; number++) {
        sigaction(number, NULL, &before[number]);
    }

    struct vector *vector = vector_read(vectors, "counter");
    run_messages(vector);

    for (int number = 1; number <= 64; number++) {
        struct sigaction after;
        if (sigaction(number, NULL, &after) != 0 || after.sa_handler == before[number].sa_handler) {
            continue;
        }
        CHECK(number == SIGSEGV || number == SIGFPE || number == SIGRTMIN, "signal %d has another handler", number);
        CHECK((after.sa_flags & SA_ONSTACK) != 0, "signal %d: its handler runs on any stack", number);
        CHECK((after.sa_flags & SA_RESTART) != 0, "signal %d: its handler breaks system calls", number);
    }

    /* A fault of the host is passed to the host, before and after further messages. */
    for (int round = 0; round < 2; round++) {
        caught = 0;
        if (sigsetjmp(back, 1) == 0) {
            *nowhere = 1;
        }
        CHECK(caught == SIGSEGV, "a fault of the host did not come to its handler");
        caught = 0;
        if (sigsetjmp(back, 1) == 0) {
            raise(SIGFPE);
        }
        CHECK(caught == SIGFPE, "an arithmetic fault of the host did not come to its handler");
        run_messages(vector);
    }
    vector_free(vector);
}
