// The error of broken AMTs.
namespace Fvm.Ipld;

/// <summary>An AMT that is not well-formed or lacks a block.</summary>
public sealed class AmtException : FormatException
{
    /// <summary>An error of the structure.</summary>
    public AmtException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its cause.</summary>
    public AmtException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>The block that is missing, if that is the error; otherwise the default value.</summary>
    public Cid Missing { get; init; }
}
