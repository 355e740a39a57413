using Fvm.Crypto;
using Fvm.Files;
using Fvm.Ipld;

namespace Fvm.Vectors;

/// <summary>The indexes of large CAR files: beside the file, or in a folder for those whose folder cannot be written to.</summary>
/// <param name="folder">The other folder; null for none.</param>
/// <param name="report">Receives a line when a file is indexed, and about an index that cannot be kept.</param>
internal sealed class CarIndexFiles(string? folder, Action<string> report)
{
    private const string Extension = ".fvmidx";
    private const int NameBytes = 8;

    /// <summary>The index of a file: kept, or made and kept.</summary>
    /// <returns>Null if it can be kept nowhere.</returns>
    /// <exception cref="CarException">The file is malformed.</exception>
    public CarIndex? Open(FileStream car, string path, CarReadOptions options)
    {
        string[] places = [path + Extension, .. folder is null ? (string[])[] : [Path.Combine(folder, NameFor(path))]];
        foreach (string place in places)
        {
            if (CarIndex.TryOpen(place, car) is CarIndex kept)
            {
                return kept;
            }
        }

        foreach (string place in places)
        {
            try
            {
                Write(car, path, place, options);
                if (CarIndex.TryOpen(place, car) is CarIndex made)
                {
                    return made;
                }

                report($"{place}: the index does not fit: has {path} changed meanwhile?");
            }
            catch (Exception exception) when (FileException.IsAboutFiles(exception))
            {
                report($"{place}: the index cannot be kept there: {FileException.CauseOf(exception)}");
            }
        }

        return null;
    }

    private void Write(FileStream car, string path, string place, CarReadOptions options)
    {
        string parent = Path.GetDirectoryName(Path.GetFullPath(place))!;
        if (parent == folder)
        {
            Directory.CreateDirectory(parent);
        }

        AtomicFile.Write(place, output =>
        {
            report($"{path}: making its index, once: {place}");
            CarIndex.Write(car, output, () => ScratchFile.Open(parent), options);
        });
    }

    private static string NameFor(string path)
    {
        byte[] digest = Blake2b.Hash256(System.Text.Encoding.UTF8.GetBytes(Path.GetFullPath(path)));
        return $"{Convert.ToHexStringLower(digest, 0, NameBytes)}{Extension}";
    }
}
