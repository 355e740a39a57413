namespace Fvm.Ipld;

/// <summary>A malformed AMT, or one with a missing block.</summary>
internal sealed class AmtException : FormatException
{
    /// <summary>A structural error.</summary>
    public AmtException(string message)
        : base(message)
    {
    }

    /// <summary>A structural error with its cause.</summary>
    public AmtException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>The missing block, if that is the error; otherwise the default value.</summary>
    public Cid Missing { get; init; }
}
