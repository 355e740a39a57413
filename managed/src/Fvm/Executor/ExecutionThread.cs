using System.Runtime.ExceptionServices;

namespace Fvm;

/// <summary>
/// Threads whose stacks carry the deepest call stack that a message can make: 1,024 actors, each with its engine's and its host's frames.
/// </summary>
public static class ExecutionThread
{
    /// <summary>Bytes of stack. Only what is used is ever backed by memory.</summary>
    public const int StackBytes = 256 << 20;

    /// <summary>Runs work on a thread of its own and waits for it. What it throws is thrown here.</summary>
    public static T Run<T>(Func<T> work)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(
            () =>
            {
                try
                {
                    result = work();
                }
                catch (Exception e)
                {
                    failure = ExceptionDispatchInfo.Capture(e);
                }
            },
            StackBytes);
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }
}
