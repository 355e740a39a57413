using Fvm.Files;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Diff;

/// <summary>
/// A temporary folder with the bundles that commands need, unpacked under their names: the reference's command reads a bundle once per vector,
/// and takes ten times as long to unpack it as for the vector's messages. The other files of the bundles' folder are there as links. Thread-safe.
/// </summary>
/// <param name="directory">The bundles' folder.</param>
internal sealed class UnpackedBundles(string directory) : IDisposable
{
    private const string PackedSuffix = ".gz";
    private const long MaxBytes = 256 << 20;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);
    private string? _folder;

    /// <summary>The folder, with the bundles of some vectors; the given one where no folder of links can be made.</summary>
    public string FolderFor(IEnumerable<VectorCase> cases)
    {
        lock (_gate)
        {
            try
            {
                _folder ??= CreateLinks();
                foreach (string name in cases.Select(NameOf).Distinct(StringComparer.Ordinal).Where(_done.Add))
                {
                    Unpack(name, _folder);
                }

                return _folder;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FileException)
            {
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

    private string CreateLinks()
    {
        string folder = Directory.CreateTempSubdirectory("fvm-bundles-").FullName;
        foreach (string file in Directory.EnumerateFiles(directory))
        {
            File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(file)), Path.GetFullPath(file));
        }

        return folder;
    }

    // A bundle that is missing or malformed stays what it is: the command says so, with each vector of it.
    private void Unpack(string name, string folder)
    {
        string path = Path.Combine(directory, name);
        if (!name.EndsWith(PackedSuffix, StringComparison.Ordinal) || name != Path.GetFileName(name) || !File.Exists(path))
        {
            return;
        }

        string target = Path.Combine(folder, name);
        string unpacked = target + ".unpacked";
        try
        {
            using (FileStream file = InputFile.Open(path))
            using (BoundedStream content = new(new UnpackingStream(file), MaxBytes))
            using (FileStream copy = File.Create(unpacked))
            {
                content.CopyTo(copy);
            }

            File.Move(unpacked, target, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or InputException)
        {
            File.Delete(unpacked);
        }
    }
}
