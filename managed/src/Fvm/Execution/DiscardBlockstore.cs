using Fvm.Ipld;
using Fvm.Ipld.Blockstore;

namespace Fvm;

/// <summary>Takes every block and keeps none: for roots that are computed but not stored.</summary>
internal sealed class DiscardBlockstore : IBlockstore
{
    public byte[]? Get(in Cid cid) => null;

    public bool Has(in Cid cid) => false;

    public void Put(in Cid cid, byte[] block)
    {
    }

    public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks)
    {
    }
}
