using Fvm.Ipld;

namespace Fvm.Hosting.Tests;

/// <summary>A host's store with at most one block, which counts its calls and fails on demand.</summary>
internal sealed class FakeStore : IBlockstore
{
    /// <summary>The block returned by every get; null if missing.</summary>
    public byte[]? Block { get; set; }

    /// <summary>Whether every call fails.</summary>
    public bool Fails { get; set; }

    public int Calls { get; private set; }

    public byte[]? Get(in Cid cid)
    {
        Enter();
        return Block;
    }

    public bool Has(in Cid cid)
    {
        Enter();
        return Block is not null;
    }

    public void Put(in Cid cid, byte[] block) => Enter();

    public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks) => Enter();

    private void Enter()
    {
        Calls++;
        if (Fails)
        {
            throw new BlockstoreException("the store fails");
        }
    }
}
