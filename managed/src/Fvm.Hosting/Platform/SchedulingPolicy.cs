using System.Runtime.InteropServices;

namespace Fvm.Hosting;

/// <summary>
/// Linux's scheduling policies of threads (sched(7)). A thread under SCHED_BATCH gets its share of the processors as any other, but does not
/// interrupt the thread that runs when it is woken: right for threads that hand calls to each other, where all processors are busy. New threads
/// inherit the policy of the one that starts them (in a process compiled ahead of time; the runtime for intermediate code gives each its own).
/// </summary>
// Sound: the struct sched_param is one int, which the call reads while it is on the stack.
internal static unsafe class SchedulingPolicy
{
    private const string Libc = "libc";
    private const int Other = 0;
    private const int Batch = 3;
    private const int CallingThread = 0;

    /// <summary>Whether the calling thread is under SCHED_BATCH.</summary>
    public static bool IsBatch => sched_getscheduler(CallingThread) == Batch;

    /// <summary>Puts the calling thread under SCHED_BATCH. A thread under another policy than the usual one keeps it: whoever started the process
    /// chose it.</summary>
    /// <returns>Whether it changed; false also where the system refuses.</returns>
    public static bool TryEnterBatch()
    {
        // The only one that this policy knows; the nice value stays as it is.
        int priority = 0;
        return sched_getscheduler(CallingThread) == Other && sched_setscheduler(CallingThread, Batch, &priority) == 0;
    }

    [DllImport(Libc)]
    private static extern int sched_getscheduler(int thread);

    [DllImport(Libc)]
    private static extern int sched_setscheduler(int thread, int policy, int* priority);
}
