using Fvm.Ipld;

namespace Fvm.Tests;

/// <summary>A store whose disk breaks for some blocks, or which has lost some.</summary>
internal sealed class FailingBlockstore(IBlockstore store) : IBlockstore
{
    /// <summary>For which blocks reading fails.</summary>
    public Func<Cid, bool> Failing { get; set; } = static _ => false;

    /// <summary>Which blocks are not there.</summary>
    public Func<Cid, bool> Missing { get; set; } = static _ => false;

    /// <summary>Whether writing fails.</summary>
    public bool FailsToWrite { get; set; }

    public byte[]? Get(in Cid cid) => Failing(cid) ? throw new BlockstoreException("the disk is broken") : Missing(cid) ? null : store.Get(cid);

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
