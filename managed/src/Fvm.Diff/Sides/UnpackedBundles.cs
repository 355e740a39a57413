using Fvm.Files;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Diff;

/// <summary>
/// A temporary folder with the bundles that commands need, unpacked under their names: the reference's command reads a bundle once per vector,
/// and takes ten times as long to unpack it as for the vector's messages. Thread-safe.
/// </summary>
/// <param name="directory">The bundles' folder.</param>
internal sealed class UnpackedBundles(string directory) : IDisposable
{
    private const long MaxBytes = 256 << 20;

    private readonly Lock _gate = new();
    private readonly BundleCatalog _bundles = new(directory);
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);
    private string? _folder;
    private bool _failed;

    /// <summary>The folder, with the bundles of some vectors; the given one where no temporary one can be made.</summary>
    public string FolderFor(IEnumerable<VectorCase> cases)
    {
        lock (_gate)
        {
            if (_failed)
            {
                return directory;
            }

            try
            {
                _folder ??= Directory.CreateTempSubdirectory("fvm-bundles-").FullName;
                foreach (string path in cases.Select(PathOf).OfType<string>().Where(_done.Add))
                {
                    Unpack(path, _folder);
                }

                return _folder;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FileException)
            {
                // A full disk, for example.
                _failed = true;
                return directory;
            }
        }
    }

    public void Dispose()
    {
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
            _folder = null;
        }
    }

    // A bundle that is missing or malformed is so in this folder, too: the command says so, with each vector of it.
    private string? PathOf(VectorCase item)
    {
        try
        {
            return _bundles.PathOf(item.Vector, item.Variant) is string path && File.Exists(path) ? path : null;
        }
        catch (InputException)
        {
            return null;
        }
    }

    private static void Unpack(string path, string folder)
    {
        string target = Path.Combine(folder, Path.GetFileName(path));
        try
        {
            using BoundedStream content = new(new UnpackingStream(InputFile.Open(path)), MaxBytes);
            AtomicFile.Write(target, content.CopyTo, durable: false);
        }
        catch (Exception exception) when (exception is IOException or InputException)
        {
            byte[] packed = InputFile.ReadAllBytes(path);
            AtomicFile.Write(target, stream => stream.Write(packed), durable: false);
        }
    }
}
