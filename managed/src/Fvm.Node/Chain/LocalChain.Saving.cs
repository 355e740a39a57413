using System.IO.Compression;
using Fvm.Chain;
using Fvm.Files;
using Fvm.Ipld;

namespace Fvm.Node;

/// <content>The chain in a folder, and its copies in files.</content>
internal sealed partial class LocalChain
{
    /// <summary>The longest copy that is given out or taken in as one answer, in bytes before compression.</summary>
    public const long MaxCopyBytes = 64L << 20;

    private const long MaxCopyFileBytes = 16L << 30;

    // Blocks with changes are about as long.
    private const int ChangesBytes = 1 << 20;

    private readonly ChainChanges _changes = new();
    private readonly ChainJournal? _journal;
    private NextBlock? _savedNext;
    private string? _saveProblem;

    private ChainIdentity Identity => new(
        Network.ChainId, (uint)(_upstream?.Version ?? _options.Version), NameWithUpgrades(), _upstream?.Fork.Tipset.ToCid() ?? _options.BundleRoot);

    // A saved chain goes on with the upgrades that it began with.
    private string NameWithUpgrades() => _options.Upgrades is UpgradeSchedule upgrades
        ? $"{Network.Name} {string.Join(',', upgrades.All.Skip(1).Select(static upgrade => $"{upgrade.After}:{upgrade.Version}"))}"
        : Network.Name;

    /// <summary>Writes a copy of the chain: all that is kept, but for snapshots and the operator's settings of mining and senders.</summary>
    /// <param name="stream">Receives it, compressed.</param>
    /// <param name="maxBytes">The most bytes before compression.</param>
    /// <exception cref="RefusedException">It is longer.</exception>
    public Task WriteCopyAsync(Stream stream, long maxBytes = long.MaxValue) => WriteAsync(() =>
    {
        Prune();
        long bytes = _written.Bytes + _history.RecordBytes;
        if (bytes > maxBytes)
        {
            throw new RefusedException($"the chain takes about {bytes} bytes, more than {maxBytes}: use --dump-state, which writes a file");
        }

        using GZipStream packed = new(stream, CompressionLevel.Fastest, leaveOpen: true);
        _ = WriteWhole(packed);
        return true;
    });

    /// <summary>Puts a copy in the place of the chain. Snapshots are dropped.</summary>
    /// <param name="stream">The copy.</param>
    /// <param name="maxBytes">The most bytes after decompression; null for those of a file.</param>
    /// <exception cref="RefusedException">It is none, or of another chain.</exception>
    public Task LoadCopyAsync(Stream stream, long? maxBytes = null) => WriteAsync(() =>
    {
        SavedChain copy;
        try
        {
            copy = SavedChain.Read(stream, maxBytes ?? MaxCopyFileBytes, Identity, _options.HistoryBytes, _upstream, mayBeCut: false);
        }
        catch (FormatException exception)
        {
            throw new RefusedException($"the copy cannot be loaded: {exception.Message}");
        }

        List<LocalBlock> removed = [.. _history.Last(ChainHistory.Recent).Where(block => copy.History.Find(block.Hash) is null)];
        Take(copy);
        _snapshots.Clear();
        Prune();
        ReplaceJournal();
        Changed?.Invoke(new ChainChange(removed, [Head]));
        return true;
    });

    // What happens from now on is saved; what is there already, unless it comes from the journal.
    private void BeginSaving(bool isNew)
    {
        if (_journal is null)
        {
            return;
        }

        _written.NoteFresh();
        Pool.NoteChanges();
        _savedNext = _next;
        if (isNew)
        {
            ReplaceJournal();
        }
    }

    private void Take(SavedChain saved)
    {
        _written.PutMany(saved.States.All());
        _history = saved.History;
        _next = saved.Next;
        Pool.Reset(saved.Waiting);
        saved.States.Dispose();
    }

    private void AppendBlock(LocalBlock block)
    {
        _history.Append(block);
        if (_journal is not null)
        {
            _changes.Append(block);
        }
    }

    // Before the writer's caller hears of its success.
    private void Save()
    {
        if (_journal is null)
        {
            return;
        }

        foreach ((PoolMessage message, bool isAdded) in Pool.TakeChanges())
        {
            if (isAdded)
            {
                _changes.AddWaiting(message);
            }
            else
            {
                _changes.RemoveWaiting(message.Hash);
            }
        }

        if (_savedNext != _next)
        {
            _savedNext = _next;
            _changes.SetNext(_next);
        }

        // Blocks without a change, such as those of a block that failed, are saved with the next one.
        if (_changes.Count == 0)
        {
            return;
        }

        Saving(() => _journal.Append(_written.TakeFresh(), _changes));
        if (_journal.IsWasteful)
        {
            Prune();
            ReplaceJournal();
        }
    }

    // What is not saved once would be missing in what is saved later.
    private void Saving(Action save)
    {
        try
        {
            save();
        }
        catch (FileException exception)
        {
            _saveProblem = $"the chain can no longer be saved, start the node again: {exception.Message}";
            throw new RefusedException(_saveProblem);
        }
    }

    private void ReplaceJournal()
    {
        if (_journal is null)
        {
            return;
        }

        _ = _written.TakeFresh();
        _ = Pool.TakeChanges();
        _savedNext = _next;
        Saving(() => _journal.Replace(WriteWhole));
    }

    private Cid WriteWhole(Stream stream)
    {
        byte[] identity = Identity.Encode();
        Cid last = ChainIdentity.CidOf(identity);
        using CarWriter car = new(stream, [last], leaveOpen: true);
        car.Write(last, identity);
        car.WriteMany(_written.All());
        ChainChanges changes = new();
        for (int index = 0; index < _history.Count; index++)
        {
            changes.Append(_history[index]);
            WriteIfLong(ChangesBytes);
        }

        foreach (PoolMessage message in Pool.All())
        {
            changes.AddWaiting(message);
            WriteIfLong(ChangesBytes);
        }

        changes.SetNext(_next);
        changes.End();
        WriteIfLong(0);
        return last;

        void WriteIfLong(int length)
        {
            if (changes.Length >= length)
            {
                byte[] block = changes.Take(last);
                last = ChainIdentity.CidOf(block);
                car.Write(last, block);
            }
        }
    }
}
