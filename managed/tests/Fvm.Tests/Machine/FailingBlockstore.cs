using Fvm.Ipld;

namespace Fvm.Tests;

/// <summary>A store with injected I/O errors and missing blocks.</summary>
internal sealed class FailingBlockstore(IBlockstore store) : IBlockstore
{
    /// <summary>Blocks with failing reads.</summary>
    public Func<Cid, bool> Failing { get; set; } = static _ => false;

    /// <summary>Blocks that are there and whose reads fail.</summary>
    public Func<Cid, bool> FailingReads { get; set; } = static _ => false;

    /// <summary>Missing blocks.</summary>
    public Func<Cid, bool> Missing { get; set; } = static _ => false;

    /// <summary>Whether writes fail.</summary>
    public bool FailsToWrite { get; set; }

    public byte[]? Get(in Cid cid) => Failing(cid) || FailingReads(cid) ? throw new BlockstoreException("the disk is broken") : Missing(cid) ? null : store.Get(cid);

    public bool Has(in Cid cid) => Failing(cid) ? throw new BlockstoreException("the disk is broken") : !Missing(cid) && store.Has(cid);

    public void Put(in Cid cid, byte[] block)
    {
        Write();
        store.Put(cid, block);
    }

    public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks)
    {
        Write();
        store.PutMany(blocks);
    }

    private void Write()
    {
        if (FailsToWrite)
        {
            throw new BlockstoreException("the disk is full");
        }
    }
}
