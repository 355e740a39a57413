namespace Fvm.Ipld.Tests;

/// <summary>An in-memory store that counts reads and writes as the reference's tests do.</summary>
internal sealed class TrackingBlockstore : IBlockstore
{
    private readonly MemoryBlockstore _blocks = new();

    public int Reads { get; private set; }

    public int Writes { get; private set; }

    public int BytesRead { get; private set; }

    public int BytesWritten { get; private set; }

    public (int Reads, int Writes, int BytesRead, int BytesWritten) Statistics => (Reads, Writes, BytesRead, BytesWritten);

    public byte[]? Get(in Cid cid)
    {
        byte[]? block = _blocks.Get(in cid);
        Reads++;
        BytesRead += block?.Length ?? 0;
        return block;
    }

    public bool Has(in Cid cid) => _blocks.Has(in cid);

    public void Put(in Cid cid, byte[] block)
    {
        Writes++;
        BytesWritten += block.Length;
        _blocks.Put(in cid, block);
    }

    public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks)
    {
        foreach (KeyValuePair<Cid, byte[]> block in blocks)
        {
            Cid cid = block.Key;
            Put(in cid, block.Value);
        }
    }
}
