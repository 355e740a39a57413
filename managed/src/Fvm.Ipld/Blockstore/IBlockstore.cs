namespace Fvm.Ipld;

/// <summary>
/// Blocks by CID. Arrays passed in or out are shared and must not be modified. A missing block is null, never an exception; a store that
/// cannot be read or written throws <see cref="BlockstoreException"/>. No store verifies a block's digest against its CID: whoever imports
/// blocks does.
/// </summary>
public interface IBlockstore
{
    /// <summary>The block; null if missing.</summary>
    byte[]? Get(in Cid cid);

    /// <summary>Whether the store has the block.</summary>
    bool Has(in Cid cid);

    /// <summary>Stores a block; idempotent.</summary>
    void Put(in Cid cid, byte[] block);

    /// <summary>Stores blocks, in any order.</summary>
    void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks);
}
