/* Declarations shared by the C parts of the library. C code surrounds C#: the
 * interface's functions begin in entry.c, and the host's functions are called
 * by callbacks.c, because C# cannot be entered in a forked process, nor on a
 * thread that left it by longjmp, and does not tolerate pthread_exit. */
#ifndef FVM_SHIM_H
#define FVM_SHIM_H

#include <setjmp.h>
#include <stddef.h>

#define HIDDEN __attribute__((visibility("hidden")))

/** A callback in progress, on the stack of the thread that called the host. */
struct callback {
    jmp_buf back;
    struct callback *outer;
};

/** State of a thread that called the host. A record that the runtime may still query is never reassigned to another thread. */
struct thread_record {
    struct callback *innermost;
    unsigned long callbacks;       /* number begun: distinguishes two at the same stack address */
    char *stack_low, *stack_high;
    long id;                       /* kernel thread id */
    int lost;                      /* left a callback by longjmp, or ended in one */
    struct thread_record *next;    /* list of free records */
};

/** The calling thread's record, created on first use; NULL if that fails. */
HIDDEN struct thread_record *fvm_shim_thread(void);

/** Whether the thread of a record left a callback for good, so that the enclosing call will never return. */
HIDDEN int fvm_shim_thread_is_lost(struct thread_record *record);

/** Why C# cannot be entered from here; NULL if it can.
 *  @param here  an address in the frame of the interface's function */
HIDDEN char const *fvm_shim_refusal(void *here);

/** To be called before C# is entered.
 *  @param back  where the thread continues if the runtime cannot start on it
 *  @return why entry must not be attempted; NULL if it may */
HIDDEN char const *fvm_shim_enter(jmp_buf *back);

/** To be called when a thread has returned from C#. Returns the reason. */
HIDDEN char const *fvm_shim_enter_failed(void);

/** Whether the calling thread is starting the runtime. */
HIDDEN int fvm_shim_is_starting(void);

/** A fault on the calling thread: does not return if the thread is starting the runtime, whose start has then failed. */
HIDDEN void fvm_shim_fault(void);

/** Why no further call may begin while the runtime depends on its reserve; NULL while enough of it is left (reserve.c). */
HIDDEN char const *fvm_shim_reserve_refusal(void);

/** An error response for out-of-memory conditions; never freed. */
HIDDEN void *fvm_shim_spare(void);

#endif
