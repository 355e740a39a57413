namespace Fvm;

/// <summary>
/// The process ran out of memory, address space, threads or stack. What this ends is the call and never the message: how much a process
/// may have is no matter of consensus, so there is no receipt and the actor sees nothing. A machine that was interrupted this way refuses
/// every later call with the same exception (<see cref="Machine.Broken"/>).
/// </summary>
public sealed class ResourceExhaustedException : Exception
{
    /// <param name="message">What was wanted, and what the process could not give.</param>
    public ResourceExhaustedException(string message)
        : base(message)
    {
    }

    /// <param name="message">What was wanted, and what the process could not give.</param>
    /// <param name="inner">How that was noticed.</param>
    public ResourceExhaustedException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>
    /// Whether an exception means want of memory, address space, threads or stack, itself or in what caused it. A type whose initialisation
    /// failed counts too: no input does that. Allocates nothing.
    /// </summary>
    public static bool IsCauseOf(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is ResourceExhaustedException or OutOfMemoryException or InsufficientExecutionStackException
                or ThreadStartException or TypeInitializationException)
            {
                return true;
            }
        }

        return false;
    }
}
