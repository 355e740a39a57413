// What a store of blocks can do.
namespace Fvm.Ipld;

/// <summary>
/// Blocks by CID. Arrays that go in or come out are shared and must not be changed by anyone. A block that is not there is null, never
/// an exception; a store that cannot be read or written throws <see cref="BlockstoreException"/>. No store checks that a block has the
/// digest of its CID: who brings blocks in from outside does.
/// </summary>
public interface IBlockstore
{
    /// <summary>The block, or null when it is not there.</summary>
    byte[]? Get(in Cid cid);

    /// <summary>Whether the block is there.</summary>
    bool Has(in Cid cid);

    /// <summary>Stores a block, or stores it again.</summary>
    void Put(in Cid cid, byte[] block);

    /// <summary>Stores blocks, in any order.</summary>
    void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks);
}
