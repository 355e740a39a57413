namespace Fvm.Node;

/// <summary>
/// The blocks of a chain in the order of their numbers: the last ones as they are, older ones as bytes, the oldest not at all. The first block stays.
/// Thread-safe; one thread writes.
/// </summary>
/// <param name="first">The first block.</param>
/// <param name="chainId">The chain ID.</param>
/// <param name="maxBytes">The most memory of blocks that are kept as bytes.</param>
internal sealed class ChainHistory(LocalBlock first, ulong chainId, long maxBytes)
{
    /// <summary>The number of blocks that are kept as they are.</summary>
    public const int Recent = 1_024;

    // An entry, the hash of its block and that of a message, with their places in the look-ups.
    private const int EntryBytes = 240;
    private const int MessageBytes = 80;

    // Blocks are dropped by shares of what is kept, so that each costs a constant.
    private const int Shares = 16;

    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [new Entry(first)];
    private readonly Dictionary<EthHash, ulong> _byHash = new() { [first.Hash] = first.Number };
    private readonly Dictionary<EthHash, (ulong Number, int Index)> _messages = [];
    private long _recordBytes;
    private ulong _droppedBelow;
    private volatile LocalBlock _head = first;

    /// <summary>The first block.</summary>
    public LocalBlock First { get; } = first;

    /// <summary>The last block.</summary>
    public LocalBlock Head => _head;

    /// <summary>The number of blocks.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>The memory of blocks that are kept as bytes.</summary>
    public long RecordBytes
    {
        get
        {
            lock (_gate)
            {
                return _recordBytes;
            }
        }
    }

    /// <summary>A block by its position.</summary>
    public LocalBlock this[int index]
    {
        get
        {
            lock (_gate)
            {
                return BlockOf(_entries[index]);
            }
        }
    }

    /// <summary>The last block at or before a number; the first one if there is none.</summary>
    /// <exception cref="RefusedException">It is no longer kept.</exception>
    public LocalBlock AtOrBefore(ulong number)
    {
        lock (_gate)
        {
            RequireKept(number);
            return BlockOf(_entries[IndexOf(number)]);
        }
    }

    /// <summary>The first block at or behind a number; null beyond the head.</summary>
    /// <exception cref="RefusedException">It is no longer kept.</exception>
    public LocalBlock? AtOrAfter(ulong number)
    {
        lock (_gate)
        {
            RequireKept(number);
            int index = IndexOf(number);
            index += _entries[index].Number < number ? 1 : 0;
            return index < _entries.Count ? BlockOf(_entries[index]) : null;
        }
    }

    /// <summary>The block of a hash; null if it is not part of the chain.</summary>
    public LocalBlock? Find(EthHash hash)
    {
        lock (_gate)
        {
            return _byHash.TryGetValue(hash, out ulong number) ? BlockOf(_entries[IndexOf(number)]) : null;
        }
    }

    /// <summary>A mined message by its hash; null if there is none.</summary>
    public (LocalBlock Block, LocalMessage Message)? FindMessage(EthHash hash)
    {
        lock (_gate)
        {
            if (!_messages.TryGetValue(hash, out (ulong Number, int Index) place))
            {
                return null;
            }

            LocalBlock block = BlockOf(_entries[IndexOf(place.Number)]);
            return (block, block.Messages[place.Index]);
        }
    }

    /// <summary>The last blocks, the latest first.</summary>
    /// <param name="count">How many at most.</param>
    public IReadOnlyList<LocalBlock> Last(int count)
    {
        lock (_gate)
        {
            return [.. Enumerable.Range(0, Math.Min(count, _entries.Count)).Select(back => BlockOf(_entries[_entries.Count - 1 - back]))];
        }
    }

    /// <summary>The headers' blocks of all tipsets.</summary>
    public IReadOnlyList<Ipld.Cid> Headers()
    {
        lock (_gate)
        {
            return [.. _entries.SelectMany(static entry => entry.Headers)];
        }
    }

    /// <summary>Adds a block behind the head.</summary>
    public void Append(LocalBlock block)
    {
        lock (_gate)
        {
            if (_entries.Count == 1 && block.ParentHash != First.Hash)
            {
                // The rest of a chain of which the oldest blocks are no longer kept.
                _droppedBelow = block.Number;
            }

            _entries.Add(new Entry(block));
            Index(block);
            _head = block;
            if (_entries.Count > Recent + 1)
            {
                Pack(_entries[_entries.Count - 1 - Recent]);
            }

            if (_recordBytes > maxBytes)
            {
                DropOldest();
            }
        }
    }

    /// <summary>Takes off the blocks behind another one, which becomes the head.</summary>
    /// <param name="head">A block of this chain, possibly with another state behind it.</param>
    /// <returns>Those taken off, the latest first; null if the new head is no longer kept.</returns>
    public List<LocalBlock>? Truncate(LocalBlock head)
    {
        List<LocalBlock> removed = [];
        lock (_gate)
        {
            if (!_byHash.ContainsKey(head.Hash))
            {
                return null;
            }

            while (_entries[^1].Number > head.Number)
            {
                LocalBlock block = BlockOf(_entries[^1]);
                removed.Add(block);
                Forget(_entries[^1], block);
                _entries.RemoveAt(_entries.Count - 1);
            }

            // Of a chain that begins anew nothing has been dropped.
            _droppedBelow = _entries.Count == 1 ? 0 : _droppedBelow;
            ReplaceHead(head);
        }

        return removed;
    }

    /// <summary>Puts the head's block with another state behind it in its place.</summary>
    public void ReplaceHead(LocalBlock head)
    {
        lock (_gate)
        {
            _recordBytes -= _entries[^1].Record is null ? 0 : BytesOf(_entries[^1]);
            _entries[^1] = new Entry(head);
            _head = head;
        }
    }

    private void RequireKept(ulong number)
    {
        if (number > First.Number && number < _droppedBelow)
        {
            throw new RefusedException($"block {number} is no longer kept: the oldest is {_droppedBelow}");
        }
    }

    private void Index(LocalBlock block)
    {
        _byHash[block.Hash] = block.Number;
        foreach (LocalMessage message in block.Messages)
        {
            _messages[message.Hash] = (block.Number, message.Index);
        }
    }

    private void Forget(Entry entry, LocalBlock block)
    {
        _recordBytes -= entry.Record is null ? 0 : BytesOf(entry);
        _ = _byHash.Remove(block.Hash);
        foreach (LocalMessage message in block.Messages)
        {
            _ = _messages.Remove(message.Hash);
        }
    }

    // The entry of the last block at or before a number.
    private int IndexOf(ulong number)
    {
        int low = 0;
        int high = _entries.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = _entries[middle].Number <= number ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    private LocalBlock BlockOf(Entry entry) => entry.Block ?? BlockRecord.Decode(entry.Record!, chainId);

    private static long BytesOf(Entry entry) => (entry.Record?.Length ?? 0) + EntryBytes + (entry.MessageCount * MessageBytes);

    private void Pack(Entry entry)
    {
        if (entry.Block is LocalBlock block)
        {
            entry.Record = BlockRecord.Encode(block);
            entry.Block = null;
            _recordBytes += BytesOf(entry);
        }
    }

    private void DropOldest()
    {
        int count = 0;
        for (long excess = maxBytes / Shares; excess > 0 && _entries[count + 1].Record is not null; count++)
        {
            Entry entry = _entries[count + 1];
            excess -= BytesOf(entry);
            Forget(entry, BlockOf(entry));
        }

        _entries.RemoveRange(1, count);
        _droppedBelow = _entries.Count > 1 ? _entries[1].Number : _head.Number;
    }

    /// <summary>A block in one of its two forms.</summary>
    private sealed class Entry(LocalBlock block)
    {
        public ulong Number { get; } = block.Number;

        public IReadOnlyList<Ipld.Cid> Headers { get; } = block.Tipset.Cids;

        public int MessageCount { get; } = block.Messages.Count;

        public LocalBlock? Block { get; set; } = block;

        public byte[]? Record { get; set; }
    }
}
