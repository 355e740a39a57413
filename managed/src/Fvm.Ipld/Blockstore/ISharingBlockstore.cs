namespace Fvm.Ipld;

/// <summary>A store above a cache whose blocks have many readers, which tell each other what they found out about a block.</summary>
public interface ISharingBlockstore : IBlockstore
{
    /// <summary>The block, as <see cref="IBlockstore.Get"/>, for a reader that keeps what it needs of it and hence does not ask again.</summary>
    /// <param name="cid">The CID.</param>
    /// <param name="shared">The block as the cache has it; null if it is not there.</param>
    byte[]? Get(in Cid cid, out CachedBlock? shared);

    /// <summary>Offers what a reader found out about a block that the cache has. Without effect if it has other bytes, or none any more.</summary>
    void Share(CachedBlock known);
}
