namespace Fvm.Ipld;

/// <summary>The blocks of a CAR file: read-only and thread-safe.</summary>
public abstract class CarStore : IBlockstore, IDisposable
{
    private protected CarStore(IReadOnlyList<Cid> roots) => Roots = roots;

    /// <summary>The header's roots.</summary>
    public IReadOnlyList<Cid> Roots { get; }

    /// <summary>The number of blocks.</summary>
    public abstract long Count { get; }

    /// <summary>The total length of all blocks, in bytes.</summary>
    public abstract long BlockBytes { get; }

    /// <summary>
    /// Opens a file: an uncompressed file of at least <see cref="CarReadOptions.IndexedFrom"/> bytes is indexed (<see cref="IndexedCar"/>),
    /// any other is loaded into memory (<see cref="CarBlockstore"/>).
    /// </summary>
    /// <exception cref="CarException">As <see cref="CarReader"/>.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CarStore Open(FileStream file, CarReadOptions? options = null)
    {
        options ??= CarReadOptions.Default;
        try
        {
            return IsIndexed(file, options) ? IndexedCar.Open(file, options) : CarBlockstore.Load(file, options);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether <see cref="Open"/> indexes a file instead of loading it.</summary>
    public static bool IsIndexed(FileStream file, CarReadOptions options)
    {
        Span<byte> magic = stackalloc byte[Packings.MagicLength];
        return file.CanSeek && file.Length >= options.IndexedFrom
            && Packings.Of(magic[..RandomAccess.Read(file.SafeFileHandle, magic, 0)]) == PackingFormat.None;
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
