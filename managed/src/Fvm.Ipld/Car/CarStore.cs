namespace Fvm.Ipld;

/// <summary>The blocks of a CAR file: read-only and thread-safe.</summary>
public abstract class CarStore : IBlockstore, IDisposable
{
    private protected CarStore(IReadOnlyList<Cid> roots) => Roots = roots;

    /// <summary>The header's roots.</summary>
    public IReadOnlyList<Cid> Roots { get; }

    /// <summary>Whether each read unpacks other blocks, too, so that blocks which are read often should be kept.</summary>
    public virtual bool UnpacksReads => false;

    /// <summary>The number of blocks.</summary>
    public abstract long Count { get; }

    /// <summary>The total length of all blocks, in bytes.</summary>
    public abstract long BlockBytes { get; }

    /// <summary>
    /// Opens a file: one for which <see cref="CanHaveIndex"/> is indexed in memory (<see cref="IndexedCar"/>, <see cref="PackedCar"/>), any other
    /// is loaded into memory (<see cref="CarBlockstore"/>).
    /// </summary>
    /// <exception cref="CarException">As <see cref="CarReader"/>.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CarStore Open(FileStream file, CarReadOptions? options = null)
    {
        options ??= CarReadOptions.Default;
        try
        {
            return CanHaveIndex(file, options)
                ? Open(file, MemoryCarPlaces.Of(SectionsOf(file, options), options), options)
                : CarBlockstore.Load(file, options);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file with its index. The store takes ownership of both.</summary>
    /// <exception cref="CarException">The header is malformed.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CarStore Open(FileStream file, CarIndex index, CarReadOptions options) => Open(file, new StoredCarPlaces(index), options);

    /// <summary>
    /// Whether a file is large, and its blocks can be read one by one: if it is not packed, or in small frames of Zstandard, as Forest makes them.
    /// </summary>
    public static bool CanHaveIndex(FileStream file, CarReadOptions options) =>
        IsLarge(file, options) && (IsPlain(file) || (PackingOf(file) == PackingFormat.Zstd && PackedCar.HasSmallFrames(file)));

    /// <summary>All sections of a file for which <see cref="CanHaveIndex"/>, in order.</summary>
    /// <exception cref="CarException">The file is malformed.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static IEnumerable<CarSection> SectionsOf(FileStream file, CarReadOptions options) =>
        IsPlain(file) ? IndexedCar.Sections(file, options) : PackedCar.Sections(file, options);

    private static CarStore Open(FileStream file, CarPlaces places, CarReadOptions options) =>
        IsPlain(file) ? IndexedCar.Open(file, places, options) : PackedCar.Open(file, places, options);

    private static bool IsPlain(FileStream file) => PackingOf(file) == PackingFormat.None;

    private static bool IsLarge(FileStream file, CarReadOptions options) => file.CanSeek && file.Length >= options.IndexedFrom;

    private static PackingFormat PackingOf(FileStream file)
    {
        Span<byte> magic = stackalloc byte[Packings.MagicLength];
        return Packings.Of(magic[..RandomAccess.Read(file.SafeFileHandle, magic, 0)]);
    }

    /// <summary>All blocks, in an order determined by the file alone; duplicates in the file may be returned twice.</summary>
    /// <exception cref="CarException">A block's digest does not match (if verified on reading).</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public abstract IEnumerable<KeyValuePair<Cid, byte[]>> ReadAll();

    /// <inheritdoc/>
    public abstract byte[]? Get(in Cid cid);

    /// <inheritdoc/>
    public abstract bool Has(in Cid cid);

    /// <summary>Always fails.</summary>
    /// <exception cref="BlockstoreException">Always.</exception>
    public void Put(in Cid cid, byte[] block) => throw ReadOnly();

    /// <summary>Always fails.</summary>
    /// <exception cref="BlockstoreException">Always.</exception>
    public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks) => throw ReadOnly();

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    private static BlockstoreException ReadOnly() => new("the blocks of a CAR file are only read");
}
