using System.Collections.Concurrent;
using Fvm.Files;
using Fvm.Ipld;
using Fvm.Wasm;

namespace Fvm.Vectors;

/// <summary>
/// The blocks of a packed bundle, kept between runs by a <see cref="CodeCache"/>: an index under the hash of the packed file, with the small
/// blocks in it, and an entry per large block, which is read when it is asked for. All were verified before they were written. Read-only and
/// thread-safe.
/// </summary>
internal sealed class KeptBundle : IBlockstore
{
    private const string IndexKind = "index of a packed bundle, version 2";
    private const string BlockKind = "verified block of a bundle, version 1";

    // Larger blocks, which are the actors' code, have entries of their own.
    private const int MaxInlineBytes = 16 << 10;

    private readonly CodeCache _cache;

    // Null for a block with an entry of its own.
    private readonly Dictionary<Cid, byte[]?> _index;
    private readonly ConcurrentDictionary<Cid, byte[]> _read = new();
    private readonly Lazy<IBlockstore> _unpacked;

    private KeptBundle(CodeCache cache, IReadOnlyList<Cid> roots, Dictionary<Cid, byte[]?> index, Func<IBlockstore> unpack)
    {
        _cache = cache;
        Roots = roots;
        _index = index;
        _unpacked = new Lazy<IBlockstore>(unpack);
    }

    /// <summary>The roots of the packed file.</summary>
    public IReadOnlyList<Cid> Roots { get; }

    /// <summary>Opens what an earlier run has kept; null if there is nothing.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="packed">The packed file, read to its end.</param>
    /// <param name="unpack">Unpacks and keeps it, if a block's entry has been evicted.</param>
    /// <exception cref="FileException">The file cannot be read.</exception>
    public static KeptBundle? TryOpen(CodeCache cache, FileStream packed, Func<IBlockstore> unpack)
    {
        ReadOnlyMemory<byte>? index;
        try
        {
            index = cache.ReadDerived(IndexKind, packed);
        }
        catch (Exception exception) when (FileException.IsAboutFiles(exception))
        {
            throw new FileException(packed.Name, FileException.CauseOf(exception), exception);
        }

        return index is not null && TryDecode(index.Value.Span, out Cid[] roots) is Dictionary<Cid, byte[]?> blocks
            ? new KeptBundle(cache, roots, blocks, unpack)
            : null;
    }

    /// <summary>Keeps a bundle for later runs.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="packed">The packed file.</param>
    /// <param name="bundle">Its blocks, with verified digests.</param>
    public static void Keep(CodeCache cache, byte[] packed, CarBlockstore bundle)
    {
        CborWriter index = new();
        index.WriteArrayHeader(bundle.Roots.Count);
        foreach (Cid root in bundle.Roots)
        {
            index.WriteCid(root);
        }

        index.WriteArrayHeader(bundle.Blocks.Count);
        foreach ((Cid cid, byte[] block) in bundle.Blocks)
        {
            index.WriteArrayHeader(2);
            index.WriteCid(in cid);
            if (block.Length <= MaxInlineBytes)
            {
                index.WriteBytes(block);
            }
            else
            {
                index.WriteNull();
                cache.WriteDerived(BlockKind, cid.ToBytes(), block);
            }
        }

        cache.WriteDerived(IndexKind, packed, index.WrittenSpan);
    }

    /// <inheritdoc/>
    public byte[]? Get(in Cid cid)
    {
        if (!_index.TryGetValue(cid, out byte[]? inline) || inline is not null) return inline;
        if (_read.TryGetValue(cid, out byte[]? known)) return known;

        byte[] block = _cache.ReadDerived(BlockKind, cid.ToBytes())?.ToArray()
            ?? _unpacked.Value.Get(in cid)
            ?? throw new BlockstoreException($"the bundle has no block {cid}");
        return _read.GetOrAdd(cid, block);
    }

    /// <inheritdoc/>
    public bool Has(in Cid cid) => _index.ContainsKey(cid);

    /// <summary>Always fails.</summary>
    /// <exception cref="BlockstoreException">Always.</exception>
    public void Put(in Cid cid, byte[] block) => throw ReadOnly();

    /// <summary>Always fails.</summary>
    /// <exception cref="BlockstoreException">Always.</exception>
    public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks) => throw ReadOnly();

    private static Dictionary<Cid, byte[]?>? TryDecode(ReadOnlySpan<byte> index, out Cid[] roots)
    {
        roots = [];
        try
        {
            CborReader reader = new(index);
            roots = new Cid[reader.ReadArrayHeader()];
            for (int i = 0; i < roots.Length; i++)
            {
                roots[i] = reader.ReadCid();
            }

            int count = reader.ReadArrayHeader();
            Dictionary<Cid, byte[]?> blocks = new(count);
            for (int i = 0; i < count; i++)
            {
                reader.ReadArrayHeader(2);
                Cid cid = reader.ReadCid();
                blocks[cid] = reader.TryReadNull() ? null : reader.ReadBytes().ToArray();
            }

            reader.EnsureEnd();
            return blocks;
        }
        catch (CborException)
        {
            return null;
        }
    }

    private static BlockstoreException ReadOnly() => new("the blocks of a bundle are only read");
}
