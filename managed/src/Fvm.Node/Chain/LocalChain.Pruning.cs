using Fvm.Ipld;

namespace Fvm.Node;

/// <content>The bound on memory: states of old blocks are dropped.</content>
internal sealed partial class LocalChain
{
    // Written by the writer's thread.
    private long _pruneAt;

    /// <summary>The memory of states, in bytes.</summary>
    public long StateBytes => _written.Bytes;

    /// <summary>The memory of blocks that are kept as bytes.</summary>
    public long HistoryBytes => _history.RecordBytes;

    /// <summary>Drops the states of old blocks, but for those of snapshots and of the genesis.</summary>
    public Task PruneAsync() => WriteAsync(() =>
    {
        Prune();
        return true;
    });

    private void PruneIfLarge()
    {
        if (_written.Bytes > _pruneAt)
        {
            Prune();
        }
    }

    private void Prune()
    {
        List<Cid> roots = [];
        foreach (LocalBlock block in _history.Last(_options.KeepStates).Append(Genesis).Concat(_snapshots.Values.Select(static kept => kept.Head)))
        {
            roots.AddRange([block.State, block.Receipts]);
            // Its messages, and the state before them.
            roots.AddRange(block.Tipset.Blocks.Select(static header => header.Messages));
            roots.Add(block.Tipset.First.ParentState);
        }

        // Randomness is drawn from old headers: without what they link to, which are all states.
        _written.Keep(roots, _history.Headers());
        _pruneAt = Math.Max(_options.StateBytes, 2 * _written.Bytes);
    }

    private void RequireState(LocalBlock block)
    {
        if (!Store.Has(block.State))
        {
            throw StateIsGone(block);
        }
    }

    private RefusedException StateIsGone(LocalBlock block) => new(
        $"required historical state unavailable: that of block {block.Number} is no longer kept; the states of the last {_options.KeepStates} blocks "
        + "are (--keep-states)");

    // What is read may be dropped meanwhile.
    private Task<T> ReadStateAsync<T>(LocalBlock block, Func<T> work) => ReadAsync(() =>
    {
        RequireState(block);
        try
        {
            return work();
        }
        catch (FatalException) when (!Store.Has(block.State))
        {
            throw StateIsGone(block);
        }
    });
}
