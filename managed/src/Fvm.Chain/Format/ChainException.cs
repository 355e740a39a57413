namespace Fvm.Chain;

/// <summary>A block of the chain is missing or malformed, or a tipset cannot be executed; the message names it.</summary>
public sealed class ChainException : FormatException
{
    public ChainException(string message)
        : base(message)
    {
    }

    public ChainException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
