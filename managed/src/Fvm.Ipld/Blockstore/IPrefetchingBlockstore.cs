namespace Fvm.Ipld;

/// <summary>
/// A store with blocks in memory, or above such a store. Memory that is asked for before a block is needed arrives while something else is
/// done.
/// </summary>
/// <remarks>
/// Nothing of this can be observed but by a clock: no host is asked, no read is counted, and no block counts as used more recently. Safe beside
/// writers, whatever the store itself is.
/// </remarks>
public interface IPrefetchingBlockstore : IBlockstore
{
    /// <summary>Asks the memory for where the search for a block begins, and does not wait.</summary>
    void PrefetchPlace(in Cid cid);

    /// <summary>
    /// The block that a search for a CID finds first, most likely the right one: good for being asked for, not for being read. Waits for what
    /// <see cref="PrefetchPlace"/> asks for.
    /// </summary>
    /// <param name="cid">The CID.</param>
    /// <param name="shared">The block as a cache has it, an object that may still have to come from memory; null if it is in none.</param>
    /// <returns>The block, if it is in memory and in no cache.</returns>
    byte[]? Glance(in Cid cid, out CachedBlock? shared);
}
