/* Exit of the command's process if the .NET runtime fails to start or to
 * continue. The runtime's own ways are an abort, a fault on the way to it, or an
 * undocumented exit code. The cause is the user's lack of memory, or a bug to
 * report; either way the result is one line and the exit code for unusable input
 * or environment. */
#include "shim.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

HIDDEN void __wrap_abort(void);
_Noreturn void __real_abort(void);
HIDDEN int __wrap_main(int count, char **arguments);
int __real_main(int count, char **arguments);
HIDDEN int __wrap_sigaction(int number, struct sigaction const *action, struct sigaction *previous);
int __real_sigaction(int number, struct sigaction const *action, struct sigaction *previous);
HIDDEN void __wrap_SystemNative_LogError(void const *text, int length);
void __real_SystemNative_LogError(void const *text, int length);
HIDDEN int __wrap___managed__Main(int count, char **arguments);
int __real___managed__Main(int count, char **arguments);

/* Invalid usage, unreadable input, or an environment that cannot run it. */
enum { CANNOT = 2 };

static int volatile started;

static void say(void)
{
    static char const text[] = "fvm: the .NET runtime cannot go on, most likely out of memory (FVM_DEBUG=1 leaves a dump)\n";
    ssize_t written = write(STDERR_FILENO, text, sizeof text - 1);
    (void)written;
}

static int leaves_a_dump(void)
{
    char const *debug = getenv("FVM_DEBUG");
    return debug != NULL && strcmp(debug, "1") == 0;
}

void __wrap_abort(void)
{
    if (leaves_a_dump()) {
        __real_abort();
    }
    say();
    _exit(CANNOT);
}

/* The runtime's last words before an abort: names of types and a stack trace, for developers only. */
void __wrap_SystemNative_LogError(void const *text, int length)
{
    if (leaves_a_dump()) {
        __real_SystemNative_LogError(text, length);
    }
}

/* The runtime's handler, which may itself fault before the runtime has started. */
static void (*runtimes_fault)(int, siginfo_t *, void *);

static void on_fault(int number, siginfo_t *info, void *context)
{
    if (!started && !leaves_a_dump()) {
        say();
        _exit(CANNOT);
    }
    runtimes_fault(number, info, context);
}

/* The handler before the runtime's. The runtime calls it for a fault outside
 * managed code: in its collector, for instance, whose tables could not grow. */
static void on_unhandled_fault(int number, siginfo_t *info, void *context)
{
    (void)info;
    (void)context;
    if (!leaves_a_dump()) {
        say();
        _exit(CANNOT);
    }
    signal(number, SIG_DFL);
}

int __wrap_sigaction(int number, struct sigaction const *action, struct sigaction *previous)
{
    struct sigaction ours;
    if (number == SIGSEGV && action != NULL && !started && (action->sa_flags & SA_SIGINFO) != 0) {
        ours = *action;
        runtimes_fault = ours.sa_sigaction;
        ours.sa_sigaction = on_fault;
        action = &ours;
    }
    return __real_sigaction(number, action, previous);
}

int __wrap___managed__Main(int count, char **arguments)
{
    started = 1;
    return __real___managed__Main(count, arguments);
}

int __wrap_main(int count, char **arguments)
{
    struct sigaction action = {.sa_sigaction = on_unhandled_fault, .sa_flags = SA_SIGINFO};
    __real_sigaction(SIGSEGV, &action, NULL);
    int code = __real_main(count, arguments);
    if (!started) {
        say();
        return CANNOT;
    }
    return code;
}
