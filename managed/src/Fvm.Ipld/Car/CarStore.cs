// CAR files as stores.
namespace Fvm.Ipld;

/// <summary>The blocks of a CAR file, to be read by any number of threads and never written.</summary>
public abstract class CarStore : IBlockstore, IDisposable
{
    private protected CarStore(IReadOnlyList<Cid> roots) => Roots = roots;

    /// <summary>The roots that the header names.</summary>
    public IReadOnlyList<Cid> Roots { get; }

    /// <summary>How many blocks there are.</summary>
    public abstract long Count { get; }

    /// <summary>The length in bytes of all blocks together.</summary>
    public abstract long BlockBytes { get; }

    /// <summary>
    /// Opens a file: one that is not packed and as long as <see cref="CarReadOptions.IndexedFrom"/> is indexed (<see cref="IndexedCar"/>),
    /// any other is held in memory (<see cref="CarBlockstore"/>).
    /// </summary>
    /// <exception cref="CarException">As <see cref="CarReader"/>.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CarStore Open(FileStream file, CarReadOptions? options = null)
    {
        options ??= CarReadOptions.Default;
        try
        {
            Span<byte> magic = stackalloc byte[Packings.MagicLength];
            bool indexed = file.CanSeek && file.Length >= options.IndexedFrom
                && Packings.Of(magic[..RandomAccess.Read(file.SafeFileHandle, magic, 0)]) == PackingFormat.None;
            return indexed ? IndexedCar.Open(file, options) : CarBlockstore.Load(file, options);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>All blocks, in an order that the file alone determines; a block that is in the file twice may come twice.</summary>
    /// <exception cref="CarException">A block that is only read now has another digest.</exception>
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
