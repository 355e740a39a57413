using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>A store that reads several blocks faster together than one after the other.</summary>
internal interface IBulkBlockstore : IBlockstore
{
    /// <summary>The blocks, in the order of their CIDs; null for each that is missing.</summary>
    /// <exception cref="BlockstoreException">The store failed.</exception>
    IReadOnlyList<byte[]?> GetMany(IReadOnlyList<Cid> cids);
}
