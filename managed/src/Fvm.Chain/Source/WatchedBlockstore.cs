using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>
/// Notices what a store could not give during one execution: what follows from a block that was not there is not a result. Thread-safe if the
/// store is.
/// </summary>
internal sealed class WatchedBlockstore(IBlockstore store) : IBulkBlockstore
{
    private BlockstoreException? _failure;
    private Missed? _missing;

    /// <summary>The first failure of the store; null if there was none.</summary>
    public BlockstoreException? Failure => Volatile.Read(ref _failure);

    /// <summary>The first block that was read and is not there; null if there was none.</summary>
    public Cid? Missing => Volatile.Read(ref _missing)?.Cid;

    /// <summary>Whether there was either.</summary>
    public bool HasGap => Failure is not null || Missing is not null;

    /// <inheritdoc/>
    public byte[]? Get(in Cid cid)
    {
        try
        {
            byte[]? block = store.Get(in cid);
            if (block is null)
            {
                Interlocked.CompareExchange(ref _missing, new Missed(cid), null);
            }

            return block;
        }
        catch (BlockstoreException exception)
        {
            Interlocked.CompareExchange(ref _failure, exception, null);
            throw;
        }
    }

    /// <inheritdoc/>
    // What is missing is noticed when it is read.
    public IReadOnlyList<byte[]?> GetMany(IReadOnlyList<Cid> cids)
    {
        try
        {
            return store is IBulkBlockstore bulk ? bulk.GetMany(cids) : [.. cids.Select(cid => store.Get(cid))];
        }
        catch (BlockstoreException exception)
        {
            Interlocked.CompareExchange(ref _failure, exception, null);
            throw;
        }
    }

    /// <inheritdoc/>
    public bool Has(in Cid cid)
    {
        try
        {
            return store.Has(in cid);
        }
        catch (BlockstoreException exception)
        {
            Interlocked.CompareExchange(ref _failure, exception, null);
            throw;
        }
    }

    /// <inheritdoc/>
    public void Put(in Cid cid, byte[] block) => store.Put(in cid, block);

    /// <inheritdoc/>
    public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks) => store.PutMany(blocks);

    private sealed record Missed(Cid Cid);
}
