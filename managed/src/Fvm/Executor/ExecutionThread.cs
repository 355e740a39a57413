using Fvm.Wasm;

namespace Fvm;

/// <summary>
/// Threads whose stacks carry the deepest call stack that a message can make: 1,024 actors, each with all the stack that its code may use,
/// and its host's frames. So no message ends because of the thread that runs it.
/// </summary>
public sealed class ExecutionThread
{
    // The calls that nest, and one for what is below the first and above the last.
    private const int Calls = 1_024 + 1;

    /// <summary>Bytes of addresses of each stack. Only what is used is ever backed by memory, or promised.</summary>
    public const long StackBytes = (long)Calls * (NativeStack.PerInstance + NativeStack.PerCall);

    private readonly DeepThread _thread;

    private ExecutionThread(Action work, string name) => _thread = DeepThread.Start(work, StackBytes, name);

    /// <summary>Starts a thread.</summary>
    /// <param name="work">What it does.</param>
    /// <param name="name">Its name, where threads of the system have names.</param>
    /// <exception cref="OutOfMemoryException">The system has no addresses, memory or threads left.</exception>
    public static ExecutionThread Start(Action work, string name) => new(work, name);

    /// <summary>Runs work on a thread of its own and waits for it. What it throws is thrown here.</summary>
    public static T Run<T>(Func<T> work)
    {
        T result = default!;
        Start(() => result = work(), "message").Join();
        return result;
    }

    /// <summary>Waits for the end of the thread's work. What it threw is thrown here.</summary>
    public void Join() => _thread.Join();
}
