// The error of a store that fails.
namespace Fvm.Ipld;

/// <summary>A store failed to read or write, or was asked to flush blocks that it must not: never that a block is missing.</summary>
public sealed class BlockstoreException : IOException
{
    /// <summary>An error of the store itself.</summary>
    public BlockstoreException(string message)
        : base(message)
    {
    }

    /// <summary>An error with its cause.</summary>
    public BlockstoreException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
