/* What the C parts of the library share. C comes before and after C#: the
 * interface's functions begin in entry.c, and the host's are called by
 * callbacks.c, because C# cannot be entered in a process that was forked, nor
 * on a thread that left it by longjmp, and does not bear pthread_exit. */
#ifndef FVM_SHIM_H
#define FVM_SHIM_H

#include <setjmp.h>
#include <stddef.h>

#define HIDDEN __attribute__((visibility("hidden")))

/** A callback under way, on the stack of the thread that called the host. */
struct callback {
    jmp_buf back;
    struct callback *outer;
};

/** What is known of a thread that called the host. A record that the runtime may still ask for is never given to another thread. */
struct thread_record {
    struct callback *innermost;
    unsigned long callbacks;       /* how many began: tells two apart that have the same place on the stack */
    char *stack_low, *stack_high;
    long id;                       /* the kernel's */
    int lost;                      /* left a callback by longjmp, or ended in one */
    struct thread_record *next;    /* of those that are free */
};

/** The calling thread's record, made where it has none; NULL where it cannot be. */
HIDDEN struct thread_record *fvm_shim_thread(void);

/** Whether the thread of a record left a callback for good, so that the call in whose course that was will never end. */
HIDDEN int fvm_shim_thread_is_lost(struct thread_record *record);

/** Why C# cannot be entered from here; NULL when it can.
 *  @param here  an address in the frame of the interface's function */
HIDDEN char const *fvm_shim_refusal(void *here);

/** Before C# is entered.
 *  @param back  where the thread goes when the runtime cannot begin on it
 *  @return why it must not be tried; NULL when it may */
HIDDEN char const *fvm_shim_enter(jmp_buf *back);

/** After a thread came back. Gives the reason. */
HIDDEN char const *fvm_shim_enter_failed(void);

/** Whether the calling thread is starting the runtime. */
HIDDEN int fvm_shim_is_starting(void);

/** A fault within the calling thread: does not return if it is starting the runtime, whose start has then failed. */
HIDDEN void fvm_shim_fault(void);

/** Why no further call begins while the runtime lives on its reserve; NULL while that has enough left (reserve.c). */
HIDDEN char const *fvm_shim_reserve_refusal(void);

/** A response that is an error, for a process that has no memory left for one; never freed. */
HIDDEN void *fvm_shim_spare(void);

#endif
