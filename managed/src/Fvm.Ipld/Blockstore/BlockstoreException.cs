namespace Fvm.Ipld;

/// <summary>A store failed to read or write, or was asked to flush a block that it must not store. Never thrown for a missing block.</summary>
public sealed class BlockstoreException : IOException
{
    /// <summary>A failure of the store itself.</summary>
    public BlockstoreException(string message)
        : base(message)
    {
    }

    /// <summary>A failure with its cause.</summary>
    public BlockstoreException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
