namespace Fvm.Ipld;

/// <summary>An index in memory, of 16 bytes per block, for this process.</summary>
internal sealed class MemoryCarPlaces : CarPlaces
{
    private const int FirstCapacity = 1024;

    private readonly CarEntry[] _entries;
    private readonly int _count;

    private MemoryCarPlaces(CarEntry[] entries, int count, long blockBytes)
    {
        _entries = entries;
        _count = count;
        BlockBytes = blockBytes;
    }

    /// <inheritdoc/>
    public override long Count => _count;

    /// <inheritdoc/>
    public override long BlockBytes { get; }

    /// <summary>Reads the CIDs of a file.</summary>
    /// <exception cref="CarException">As <see cref="CarReader"/>, or the index would exceed its limit.</exception>
    public static MemoryCarPlaces Of(IEnumerable<CarSection> sections, CarReadOptions options)
    {
        long maxEntries = Math.Min(Array.MaxLength, options.MaxIndexBytes / CarEntry.Size);
        CarEntry[] entries = new CarEntry[FirstCapacity];
        int count = 0;
        long blockBytes = 0;
        foreach (CarSection section in sections)
        {
            if (count >= maxEntries)
            {
                throw new CarException(section.Place, $"the file has more than {maxEntries} blocks, the most whose index may be held in memory");
            }

            if (count == entries.Length)
            {
                Array.Resize(ref entries, (int)Math.Min(Array.MaxLength, 2L * count));
            }

            Cid cid = section.Cid;
            entries[count++] = new CarEntry(KeyOf(in cid), section.Place);
            blockBytes += section.Length;
        }

        Array.Sort(entries, 0, count);
        return new MemoryCarPlaces(entries, count, blockBytes);
    }

    /// <inheritdoc/>
    public override int Find(in Cid cid, Span<long> places)
    {
        ulong key = KeyOf(in cid);
        int found = 0;
        for (int index = FirstOf(key); index < _count && _entries[index].Key == key && found < MaxPerKey; index++)
        {
            places[found++] = _entries[index].Offset;
        }

        return found;
    }

    // HashCode is seeded per process, so that no file can be built whose blocks all collide.
    private static ulong KeyOf(in Cid cid)
    {
        Span<byte> bytes = stackalloc byte[Cid.MaxByteLength];
        bytes = bytes[..cid.WriteTo(bytes)];
        HashCode low = default;
        low.AddBytes(bytes);
        HashCode high = default;
        high.Add(1);
        high.AddBytes(bytes);
        return ((ulong)(uint)high.ToHashCode() << 32) | (uint)low.ToHashCode();
    }

    private int FirstOf(ulong key)
    {
        int low = 0;
        int high = _count;
        while (low < high)
        {
            int middle = (int)(((uint)low + (uint)high) / 2);
            if (_entries[middle].Key < key)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
