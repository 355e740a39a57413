namespace Fvm.Ipld;

/// <summary>A HAMT that is malformed, too deep, or has a missing block.</summary>
public sealed class HamtException : FormatException
{
    /// <summary>A structural error.</summary>
    public HamtException(string message)
        : base(message)
    {
    }

    /// <summary>A structural error with its cause.</summary>
    public HamtException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>The missing block, if that is the error; otherwise the default value.</summary>
    public Cid Missing { get; init; }
}
