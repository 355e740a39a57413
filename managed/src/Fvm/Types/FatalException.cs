namespace Fvm;

/// <summary>
/// The machine or its host is broken: unreadable state, or a missing block that must exist. The running message ends with
/// SYS_ASSERTION_FAILED and consumes its whole gas limit; actors never see this error.
/// </summary>
public class FatalException : Exception
{
    public FatalException(string message)
        : base(message)
    {
    }

    /// <param name="message">What failed.</param>
    /// <param name="inner">The cause; its message is appended, unless already included.</param>
    public FatalException(string message, Exception inner)
        : base(message.EndsWith(inner.Message, StringComparison.Ordinal) ? message : $"{message}: {inner.Message}", inner)
    {
    }
}
