using Fvm.Wasm;

namespace Fvm;

/// <summary>
/// Threads with stacks for a message's deepest call stack: 1,024 actors, each with the maximum stack of its code, and the host frames between
/// them. So no message fails because of its thread.
/// </summary>
public sealed class ExecutionThread
{
    // The maximum number of nested calls, plus one for the frames below the first and above the last.
    private const int Calls = 1_024 + 1;

    /// <summary>Address space per stack, in bytes. Only used pages are committed.</summary>
    public const long StackBytes = (long)Calls * (NativeStack.PerInstance + NativeStack.PerCall);

    private readonly DeepThread _thread;

    private ExecutionThread(Action work, string name) => _thread = DeepThread.Start(work, StackBytes, name);

    /// <summary>Starts a thread.</summary>
    /// <param name="work">The work.</param>
    /// <param name="name">The thread's name, if the system supports names.</param>
    /// <exception cref="OutOfMemoryException">The system has no address space, memory or threads left.</exception>
    public static ExecutionThread Start(Action work, string name) => new(work, name);

    /// <summary>Runs work on a new thread and waits for it. Its exception is rethrown here.</summary>
    public static T Run<T>(Func<T> work)
    {
        T result = default!;
        Start(() => result = work(), "message").Join();
        return result;
    }

    /// <summary>Waits for the thread to end. The work's exception is rethrown here.</summary>
    public void Join() => _thread.Join();
}
