namespace Fvm.Ipld;

/// <summary>
/// A block as a cache keeps it for many readers; a derived type adds what one of them found out about the bytes, so that the others need not.
/// Immutable.
/// </summary>
public class CachedBlock
{
    // The object itself and the head of the array.
    private const int Overhead = 96;

    /// <summary>Bytes of the object before its CID: its type and the reference to the block.</summary>
    internal const int BytesBeforeCid = 16;

    /// <summary>Bytes of the object from its CID on, with those of a checked node.</summary>
    internal const int BytesFromCid = 48 + 88;

    private readonly Cid _cid;

    /// <param name="cid">The CID under which the block was read or written.</param>
    /// <param name="bytes">The block.</param>
    public CachedBlock(in Cid cid, byte[] bytes)
    {
        _cid = cid;
        Bytes = bytes;
    }

    /// <summary>The CID under which the block was read or written.</summary>
    public ref readonly Cid Cid => ref _cid;

    /// <summary>The block.</summary>
    public byte[] Bytes { get; }

    /// <summary>Its memory, in bytes.</summary>
    public virtual int Cost => Bytes.Length + Overhead;
}
