/* Installation of the .NET runtime's signal handlers in a process that it does
 * not own: the merged library calls these functions in place of sigaction and
 * signal. */
#include "shim.h"

#include <signal.h>

HIDDEN int fvm_shim_sigaction(int number, struct sigaction const *action, struct sigaction *previous);
HIDDEN void (*fvm_shim_signal(int number, void (*handler)(int)))(int);

static void (*runtimes_fault)(int, siginfo_t *, void *);

static void on_fault(int number, siginfo_t *info, void *context)
{
    fvm_shim_fault();
    runtimes_fault(number, info, context);
}

static int is_handler(struct sigaction const *action)
{
    return action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN;
}

/* Handlers run on the thread's alternative stack if it has one. Go requires
 * that of every handler in its process: its own stacks are too small for a
 * signal. But a host's handler that ours chains to keeps the stack that it
 * requested: another .NET runtime suspends threads within its handler, for
 * which its alternative stacks are too small. */
int fvm_shim_sigaction(int number, struct sigaction const *action, struct sigaction *previous)
{
    struct sigaction hosts, ours;
    if (action != NULL && is_handler(action) && sigaction(number, NULL, &hosts) == 0
        && (!is_handler(&hosts) || (hosts.sa_flags & SA_ONSTACK) != 0)) {
        ours = *action;
        ours.sa_flags |= SA_ONSTACK;
        action = &ours;
    }
    if (number == SIGSEGV && action != NULL && is_handler(action) && (action->sa_flags & SA_SIGINFO) != 0 && fvm_shim_is_starting()) {
        ours = *action;
        runtimes_fault = ours.sa_sigaction;
        ours.sa_sigaction = on_fault;
        action = &ours;
    }
    return sigaction(number, action, previous);
}

/* The runtime requests that SIGPIPE be ignored, for the whole process and its
 * children. It writes to no pipe here, so the host's setting is kept. */
void (*fvm_shim_signal(int number, void (*handler)(int)))(int)
{
    if (number == SIGPIPE && handler == SIG_IGN) {
        struct sigaction now;
        return sigaction(number, NULL, &now) == 0 ? now.sa_handler : SIG_ERR;
    }
    return signal(number, handler);
}
