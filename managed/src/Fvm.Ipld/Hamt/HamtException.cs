// The error of broken HAMTs.
namespace Fvm.Ipld;

/// <summary>A HAMT that is not well-formed, too deep, or lacks a block.</summary>
public sealed class HamtException : FormatException
{
    /// <summary>An error of the structure.</summary>
    public HamtException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its cause.</summary>
    public HamtException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>The block that is missing, if that is the error; otherwise the default value.</summary>
    public Cid Missing { get; init; }
}
