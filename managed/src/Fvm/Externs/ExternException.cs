namespace Fvm;

/// <summary>The host did not answer: the question was fine and the host failed.</summary>
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
