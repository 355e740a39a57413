namespace Fvm.Ipld;

/// <summary>Sorts entries of any number in bounded memory: sorted runs go to a scratch file, and are merged.</summary>
/// <param name="openScratch">Opens an empty file; called if there is more than one run.</param>
internal sealed class CarEntrySorter(Func<FileStream> openScratch) : IDisposable
{
    // 64 MiB.
    private const int RunEntries = 4 << 20;
    private const int FirstCapacity = 64 << 10;
    private const int BufferEntries = 4 << 10;

    private readonly List<(long Start, int Count)> _runs = [];
    private CarEntry[] _current = new CarEntry[FirstCapacity];
    private int _used;
    private FileStream? _scratch;

    /// <summary>The most entries per run.</summary>
    public int RunLength { get; init; } = RunEntries;

    /// <summary>The number of entries.</summary>
    public long Count { get; private set; }

    /// <summary>Adds an entry.</summary>
    public void Add(CarEntry entry)
    {
        if (_used == RunLength)
        {
            Spill();
        }
        else if (_used == _current.Length)
        {
            Array.Resize(ref _current, Math.Min(RunLength, 2 * _used));
        }

        _current[_used++] = entry;
        Count++;
    }

    /// <summary>The entries in ascending order; nothing is added afterwards.</summary>
    public IEnumerable<CarEntry> Sorted()
    {
        if (_scratch is null)
        {
            Array.Sort(_current, 0, _used);
            return _current.Take(_used);
        }

        Spill();
        _scratch.Flush();
        _current = [];
        return Merge();
    }

    /// <inheritdoc/>
    public void Dispose() => _scratch?.Dispose();

    private void Spill()
    {
        _scratch ??= openScratch();
        Array.Sort(_current, 0, _used);
        _runs.Add((_scratch.Position, _used));
        byte[] bytes = new byte[BufferEntries * CarEntry.Size];
        for (int from = 0; from < _used; from += BufferEntries)
        {
            int count = Math.Min(BufferEntries, _used - from);
            for (int index = 0; index < count; index++)
            {
                _current[from + index].Write(bytes.AsSpan(index * CarEntry.Size));
            }

            _scratch.Write(bytes, 0, count * CarEntry.Size);
        }

        _used = 0;
    }

    private IEnumerable<CarEntry> Merge()
    {
        PriorityQueue<IEnumerator<CarEntry>, CarEntry> heads = new(_runs.Count);
        foreach ((long start, int count) in _runs)
        {
            IEnumerator<CarEntry> run = Read(start, count).GetEnumerator();
            if (run.MoveNext())
            {
                heads.Enqueue(run, run.Current);
            }
        }

        while (heads.TryPeek(out IEnumerator<CarEntry>? least, out CarEntry entry))
        {
            yield return entry;
            if (least.MoveNext())
            {
                heads.DequeueEnqueue(least, least.Current);
            }
            else
            {
                heads.Dequeue();
            }
        }
    }

    private IEnumerable<CarEntry> Read(long start, int count)
    {
        byte[] bytes = new byte[BufferEntries * CarEntry.Size];
        for (int from = 0; from < count; from += BufferEntries)
        {
            int part = Math.Min(BufferEntries, count - from);
            Span<byte> wanted = bytes.AsSpan(0, part * CarEntry.Size);
            if (FileBytes.Read(_scratch!.SafeFileHandle, wanted, start + ((long)from * CarEntry.Size)) < wanted.Length)
            {
                throw new EndOfStreamException();
            }

            for (int index = 0; index < part; index++)
            {
                yield return CarEntry.Read(bytes.AsSpan(index * CarEntry.Size));
            }
        }
    }
}
