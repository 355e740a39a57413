namespace Fvm;

/// <summary>
/// The process ran out of memory, address space, threads or stack. This ends the call, never the message: a process's resources are not
/// consensus, so there is no receipt and the actor sees nothing. A machine interrupted this way refuses every later call with the same
/// exception (<see cref="Machine.Broken"/>).
/// </summary>
public sealed class ResourceExhaustedException : Exception
{
    /// <param name="message">What was requested, and which resource was lacking.</param>
    public ResourceExhaustedException(string message)
        : base(message)
    {
    }

    /// <param name="message">What was requested, and which resource was lacking.</param>
    /// <param name="inner">The original exception.</param>
    public ResourceExhaustedException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>
    /// Whether an exception, or one that caused it, means that memory, address space, threads or stack ran out. A failed type initialiser
    /// counts, too: no input causes that. Allocates nothing.
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
