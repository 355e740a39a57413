/* How the .NET runtime sets its handlers of signals, in a process that is not
 * its own: the merged library calls these in place of sigaction and signal. */
#include <signal.h>
#include <stddef.h>

__attribute__((visibility("hidden"))) int fvm_shim_sigaction(int number, struct sigaction const *action, struct sigaction *previous);
__attribute__((visibility("hidden"))) void (*fvm_shim_signal(int number, void (*handler)(int)))(int);

/* Handlers run on the alternative stack where a thread has one. Go demands it
 * of every handler in its process: its own stacks are too small for a signal. */
int fvm_shim_sigaction(int number, struct sigaction const *action, struct sigaction *previous)
{
    struct sigaction with_stack;
    if (action != NULL && action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN) {
        with_stack = *action;
        with_stack.sa_flags |= SA_ONSTACK;
        action = &with_stack;
    }
    return sigaction(number, action, previous);
}

/* The runtime asks for SIGPIPE to be ignored, for all of the process and its
 * children. It writes to no pipe here, so the host's choice stays. */
void (*fvm_shim_signal(int number, void (*handler)(int)))(int)
{
    if (number == SIGPIPE && handler == SIG_IGN) {
        struct sigaction now;
        return sigaction(number, NULL, &now) == 0 ? now.sa_handler : SIG_ERR;
    }
    return signal(number, handler);
}
