using System.Collections.Concurrent;
using Fvm.Files;
using Fvm.Ipld;
using Fvm.Wasm;

namespace Fvm.Vectors;

/// <summary>The bundles of a folder, each read on first use and shared by all threads.</summary>
/// <param name="directory">The folder; null if there is none.</param>
/// <param name="cache">Keeps packed bundles unpacked between runs; null for none.</param>
public sealed class BundleCatalog(string? directory, CodeCache? cache = null)
{
    private static readonly MemoryBlockstore Nothing = new();

    private readonly ConcurrentDictionary<string, Lazy<IBlockstore>> _bundles = new(StringComparer.Ordinal);

    /// <summary>The blocks of a bundle, read-only; an empty store for null.</summary>
    /// <param name="name">A file name without folder.</param>
    /// <exception cref="InputException">The bundle does not exist or cannot be read.</exception>
    public IBlockstore Open(string? name)
    {
        if (name is null)
        {
            return Nothing;
        }

        string folder = FolderOf(name);
        return _bundles.GetOrAdd(name, key => new Lazy<IBlockstore>(() => Read(folder, key, cache))).Value;
    }

    /// <summary>
    /// The blocks of the mainnet bundle that a network version starts with, for vectors that name no bundle; an empty store if there is no such
    /// version or file. A vector with the actors' code in its CAR needs none.
    /// </summary>
    public IBlockstore OpenDefault(uint networkVersion)
    {
        if (directory is null || !Enum.IsDefined((NetworkVersion)networkVersion))
        {
            return Nothing;
        }

        string name = DefaultName(networkVersion);
        return File.Exists(Path.Combine(directory, name)) ? Open(name) : Nothing;
    }

    /// <summary>The blocks of the bundle that a vector names, else of that which its network version starts with.</summary>
    /// <exception cref="InputException">As <see cref="Open"/>.</exception>
    public IBlockstore Of(Vector vector, VectorVariant variant) =>
        vector.Bundle is string name ? Open(name) : OpenDefault(variant.NetworkVersion);

    /// <summary>The file of the bundle that a vector names, else of that which its network version starts with; null if there is none.</summary>
    /// <exception cref="InputException">The vector names a bundle that cannot be found.</exception>
    public string? PathOf(Vector vector, VectorVariant variant)
    {
        if (vector.Bundle is string name)
        {
            return Path.Combine(FolderOf(name), name);
        }

        string? path = directory is null || !Enum.IsDefined((NetworkVersion)variant.NetworkVersion)
            ? null
            : Path.Combine(directory, DefaultName(variant.NetworkVersion));
        return File.Exists(path) ? path : null;
    }

    /// <summary>The file name of the mainnet bundle that a network version starts with.</summary>
    /// <exception cref="NotSupportedException">The network version is unknown.</exception>
    public static string DefaultName(uint networkVersion) =>
        $"builtin-actors-v{NetworkRules.For(networkVersion).ActorsVersion}-mainnet.car.gz";

    private string FolderOf(string name)
    {
        if (name.Length == 0 || name != Path.GetFileName(name))
        {
            throw new InputException($"_meta.bundle: '{name}' is not a file name");
        }

        return directory ?? throw new InputException(
            $"its bundle {name} is unknown: name the bundles' folder with --bundles or {BundleDirectory.BundlesVariable}");
    }

    private static IBlockstore Read(string directory, string name, CodeCache? cache)
    {
        string path = Path.Combine(directory, name);
        try
        {
            return BundleFile.Open(path, cache, $"bundle {path}").Blocks;
        }
        catch (FileException exception)
        {
            string help = exception.InnerException is FileNotFoundException or DirectoryNotFoundException
                ? "; name the bundles' folder with --bundles"
                : string.Empty;
            throw new InputException($"bundle {exception.Message}{help}", exception);
        }
    }
}
