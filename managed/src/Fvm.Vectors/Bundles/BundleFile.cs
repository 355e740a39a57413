using Fvm.Files;
using Fvm.Ipld;
using Fvm.Wasm;

namespace Fvm.Vectors;

/// <summary>The file of a bundle of builtin actors: a CAR file, packed or not. Its blocks are read-only and thread-safe.</summary>
public sealed class BundleFile : IDisposable
{
    private const string PackedSuffix = ".gz";

    // Longer files are unpacked each time.
    private const long MaxPackedBytes = 64 << 20;

    private BundleFile(CarStore file)
        : this(file, file.Roots)
    {
    }

    private BundleFile(IBlockstore blocks, IReadOnlyList<Cid> roots)
    {
        Blocks = blocks;
        Roots = roots;
    }

    /// <summary>The blocks.</summary>
    public IBlockstore Blocks { get; }

    /// <summary>The roots of the CAR file; of a bundle there is one, its manifest.</summary>
    public IReadOnlyList<Cid> Roots { get; }

    /// <summary>
    /// Opens a file. Unpacking and verifying it takes longer than a message; so what an earlier run has unpacked from the same bytes is used.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="cache">Keeps what was unpacked between runs; null for nowhere.</param>
    /// <param name="where">The file's name in errors about its content.</param>
    /// <exception cref="InputException">It is truncated, corrupt, not a CAR file, or too large once decompressed; the error names it.</exception>
    /// <exception cref="FileException">The file cannot be opened or read.</exception>
    public static BundleFile Open(string path, CodeCache? cache, string where)
    {
        bool keeps = cache is { IsUsable: true } && path.EndsWith(PackedSuffix, StringComparison.Ordinal)
            && new FileInfo(path) is { Exists: true, Length: > 0 and <= MaxPackedBytes };
        if (!keeps)
        {
            return new BundleFile(CarBlocks.Open(path, where));
        }

        using FileStream file = InputFile.Open(path);
        return KeptBundle.TryOpen(cache!, file, Unpack) is KeptBundle kept ? new BundleFile(kept, kept.Roots) : new BundleFile(Unpack());

        CarBlockstore Unpack()
        {
            byte[] packed = InputFile.ReadAllBytes(path);
            CarBlockstore blocks = CarBlocks.ReadWhole(packed, where);
            KeptBundle.Keep(cache!, packed, blocks);
            return blocks;
        }
    }

    /// <summary>Closes the file, if it is open.</summary>
    public void Dispose() => (Blocks as IDisposable)?.Dispose();
}
