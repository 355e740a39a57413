namespace Fvm.Ipld;

/// <summary>A KAMT that is malformed, too deep, or has a missing block.</summary>
public sealed class KamtException : FormatException
{
    /// <summary>A structural error.</summary>
    public KamtException(string message)
        : base(message)
    {
    }

    /// <summary>A structural error with its cause.</summary>
    public KamtException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
