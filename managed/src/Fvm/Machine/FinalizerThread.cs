using System.Runtime.CompilerServices;

namespace Fvm;

/// <summary>
/// The runtime's finalizer thread. An exception in a finalizer ends the process, and the first finalizer to take a lock throws if there is no
/// memory for the thread's own data. So a finalizer of this class comes first, and handles it. The collection before it also makes the garbage
/// collector allocate its own tables, without which its first collection faults.
/// </summary>
public static class FinalizerThread
{
    /// <summary>Makes the thread allocate its own data. To be called at the start of the process, while there is memory.</summary>
    /// <exception cref="OutOfMemoryException">There is no memory for it.</exception>
    public static void Prepare()
    {
        Outcome outcome = new();
        Drop(outcome);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        if (!outcome.IsPrepared)
        {
            throw new OutOfMemoryException("no memory for the data of the runtime's finalizer thread");
        }
    }

    // In a separate frame, so that no register keeps the object alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(Outcome outcome) => _ = new Finalized(outcome);

    private sealed class Outcome
    {
        public Lock Gate { get; } = new();

        public bool IsPrepared { get; set; }
    }

    private sealed class Finalized(Outcome outcome)
    {
        ~Finalized()
        {
            try
            {
                lock (outcome.Gate)
                {
                    outcome.IsPrepared = true;
                }
            }
            catch (OutOfMemoryException)
            {
                // Reported by the unset outcome.
            }
        }
    }
}
