using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Sidecar.Bench;

/// <summary>
/// A session's node: the blocks of all vectors, which sessions share, and those that machines wrote. One thread at a time uses it.
/// </summary>
internal sealed class Node(IBlockstore state)
{
    private readonly MemoryBlockstore _written = new();

    /// <summary>The chain that the current vector knows.</summary>
    public VectorExterns? Externs { get; set; }

    /// <summary>Questions so far: a get of several blocks is one.</summary>
    public long Callbacks { get; set; }

    /// <summary>Blocks asked for so far.</summary>
    public long Gets { get; private set; }

    public byte[]? Get(ReadOnlySpan<byte> bytes)
    {
        Gets++;
        Cid cid = Read(bytes);
        return _written.Get(in cid) ?? state.Get(in cid);
    }

    public bool Has(ReadOnlySpan<byte> bytes)
    {
        Cid cid = Read(bytes);
        return _written.Has(in cid) || state.Has(in cid);
    }

    /// <summary>Keeps a block.</summary>
    /// <param name="bytes">Its CID.</param>
    /// <param name="block">The block, which is the node's from now on.</param>
    public void Put(ReadOnlySpan<byte> bytes, byte[] block)
    {
        Cid cid = Read(bytes);
        _written.Put(in cid, block);
    }

    /// <summary>A CID with a block after it.</summary>
    public void PutJoined(ReadOnlySpan<byte> both)
    {
        if (!Cid.TryRead(both, out Cid cid, out int length))
        {
            throw new InvalidDataException("the machine put a block without a CID");
        }

        _written.Put(in cid, both[length..].ToArray());
    }

    private static Cid Read(ReadOnlySpan<byte> bytes) => Cid.TryRead(bytes, out Cid cid, out _) ? cid : throw new InvalidDataException("no CID");
}
