namespace Fvm.Ipld;

/// <summary>The blocks of a CAR file in memory. Digests are verified on loading.</summary>
public sealed class CarBlockstore : CarStore
{
    private readonly Dictionary<Cid, byte[]> _blocks;

    private CarBlockstore(IReadOnlyList<Cid> roots, Dictionary<Cid, byte[]> blocks)
        : base(roots)
    {
        _blocks = blocks;
    }

    /// <inheritdoc/>
    public override long Count => _blocks.Count;

    /// <inheritdoc/>
    public override long BlockBytes => _blocks.Values.Sum(static block => (long)block.Length);

    /// <summary>The blocks, unordered.</summary>
    public IReadOnlyDictionary<Cid, byte[]> Blocks => _blocks;

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="CarException">As <see cref="CarReader"/>.</exception>
    public static CarBlockstore Load(Stream stream, CarReadOptions? options = null)
    {
        using CarReader reader = new(stream, options);
        Dictionary<Cid, byte[]> blocks = [];
        while (reader.TryReadNext(out Cid cid, out byte[] block))
        {
            blocks[cid] = block;
        }

        return new CarBlockstore(reader.Roots, blocks);
    }

    /// <summary>Reads a whole file from memory.</summary>
    /// <exception cref="CarException">As <see cref="CarReader"/>.</exception>
    public static CarBlockstore Load(byte[] file, CarReadOptions? options = null) => Load(new MemoryStream(file, writable: false), options);

    /// <summary>Reads a whole file from disk.</summary>
    /// <exception cref="CarException">As <see cref="CarReader"/>.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CarBlockstore LoadFile(string path, CarReadOptions? options = null) => Load(File.OpenRead(path), options);

    /// <summary>Reads a whole file into a store, in batches of about a thousand blocks.</summary>
    /// <returns>The header's roots.</returns>
    /// <exception cref="CarException">As <see cref="CarReader"/>; blocks before the error may have been stored.</exception>
    public static IReadOnlyList<Cid> LoadInto(Stream stream, IBlockstore store, CarReadOptions? options = null)
    {
        const int PartLength = 1000;
        using CarReader reader = new(stream, options);
        List<KeyValuePair<Cid, byte[]>> part = new(PartLength);
        while (reader.TryReadNext(out Cid cid, out byte[] block))
        {
            part.Add(new KeyValuePair<Cid, byte[]>(cid, block));
            if (part.Count == PartLength)
            {
                store.PutMany(part);
                part.Clear();
            }
        }

        store.PutMany(part);
        return reader.Roots;
    }

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<Cid, byte[]>> ReadAll() => _blocks;

    /// <inheritdoc/>
    public override byte[]? Get(in Cid cid) => _blocks.GetValueOrDefault(cid);

    /// <inheritdoc/>
    public override bool Has(in Cid cid) => _blocks.ContainsKey(cid);
}
