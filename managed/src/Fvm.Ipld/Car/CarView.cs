using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Fvm.Ipld;

/// <summary>
/// The blocks of an uncompressed CAR file in memory, each copied when it is first read. Digests are not verified: for files from a source that
/// authenticates them.
/// </summary>
public sealed class CarView : CarStore
{
    private readonly ReadOnlyMemory<byte> _file;
    private readonly Dictionary<Cid, Range> _places;
    private readonly ConcurrentDictionary<Cid, byte[]> _blocks = new();

    private CarView(IReadOnlyList<Cid> roots, ReadOnlyMemory<byte> file, Dictionary<Cid, Range> places)
        : base(roots)
    {
        _file = file;
        _places = places;
    }

    /// <inheritdoc/>
    public override long Count => _places.Count;

    /// <inheritdoc/>
    public override long BlockBytes => _places.Values.Sum(place => (long)_file[place].Length);

    /// <summary>Finds the blocks of a file.</summary>
    /// <param name="file">The file, of version 1; it must not be modified afterwards.</param>
    /// <exception cref="CarException">It is not a CAR file, or truncated.</exception>
    public static CarView Open(ReadOnlyMemory<byte> file)
    {
        // Sound: the array is only read, and not beyond the memory's part of it.
        MemoryStream stream = MemoryMarshal.TryGetArray(file, out ArraySegment<byte> segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new MemoryStream(file.ToArray(), writable: false);
        using CarReader reader = new(stream, new CarReadOptions { AllowNoRoots = true });
        Dictionary<Cid, Range> places = [];
        while (reader.TrySkipNext(out Cid cid, out long length))
        {
            places[cid] = (int)(reader.Offset - length)..(int)reader.Offset;
        }

        return new CarView(reader.Roots, file, places);
    }

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<Cid, byte[]>> ReadAll()
    {
        foreach (Cid cid in _places.Keys)
        {
            yield return new KeyValuePair<Cid, byte[]>(cid, Get(in cid)!);
        }
    }

    /// <inheritdoc/>
    public override byte[]? Get(in Cid cid)
    {
        if (_blocks.TryGetValue(cid, out byte[]? known))
        {
            return known;
        }

        return _places.TryGetValue(cid, out Range place) ? _blocks.GetOrAdd(cid, _file[place].ToArray()) : null;
    }

    /// <inheritdoc/>
    public override bool Has(in Cid cid) => _places.ContainsKey(cid);
}
