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
                foreach (string name in cases.Select(NameOf).Distinct(StringComparer.Ordinal).Where(_done.Add))
                {
                    Unpack(name, _folder);
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

    private static string NameOf(VectorCase item) => item.Vector.Bundle
        ?? (Enum.IsDefined((NetworkVersion)item.Variant.NetworkVersion) ? BundleCatalog.DefaultName(item.Variant.NetworkVersion) : string.Empty);

    // A bundle that is missing or malformed is so in this folder, too: the command says so, with each vector of it.
    private void Unpack(string name, string folder)
    {
        string path = Path.Combine(directory, name);
        if (name.Length == 0 || name != Path.GetFileName(name) || !File.Exists(path))
        {
            return;
        }

        string target = Path.Combine(folder, name);
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
