using System.Runtime.CompilerServices;

namespace Fvm.Native;

/// <summary>
/// The runtime's thread for finalizers. What a finalizer throws ends the process, and the first one to take a lock throws if there is no
/// memory for the thread's own data. So one of ours is the first, and bears it.
/// </summary>
internal static class FinalizerThread
{
    /// <summary>Lets the thread allocate what it keeps.</summary>
    /// <exception cref="OutOfMemoryException">There was no memory for that.</exception>
    public static void Prepare()
    {
        Outcome outcome = new();
        Drop(outcome);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        if (!outcome.IsPrepared)
        {
            throw new OutOfMemoryException("the runtime's thread for finalizers has no memory for data of its own");
        }
    }

    // In a frame of its own, so that no register keeps the object alive.
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
                // Said by the outcome.
            }
        }
    }
}
