namespace Fvm;

/// <summary>The host failed to respond to a valid request.</summary>
public sealed class ExternException : Exception
{
    public ExternException(string message)
        : base(message)
    {
    }

    public ExternException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
