namespace Fvm;

/// <summary>
/// The machine or its host is broken: state that cannot be read, a block that must be there and is not.
/// The message that runs ends with SYS_ASSERTION_FAILED and all its gas; it is never an error that an actor sees.
/// </summary>
public class FatalException : Exception
{
    public FatalException(string message)
        : base(message)
    {
    }

    /// <param name="message">What could not be done.</param>
    /// <param name="inner">Why; its message follows, unless it is there already.</param>
    public FatalException(string message, Exception inner)
        : base(message.EndsWith(inner.Message, StringComparison.Ordinal) ? message : $"{message}: {inner.Message}", inner)
    {
    }
}
