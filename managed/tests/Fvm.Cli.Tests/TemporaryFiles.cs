using System.IO.Compression;
using System.Text.Json;

namespace Fvm.Cli.Tests;

/// <summary>A temporary folder, deleted at the end of the test, and the paths of examples.</summary>
internal sealed class TemporaryFiles : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fvm-test-").FullName;

    public static string Example(string name) => Repository.PathOf("examples", "vectors", name);

    public string PathOf(string name) => Path.Combine(_folder, name);

    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(PathOf(name), bytes);
        return PathOf(name);
    }

    /// <summary>A copy of a text file with the first occurrence of a string replaced.</summary>
    public string Change(string file, string text, string by)
    {
        string content = File.ReadAllText(file);
        int at = content.IndexOf(text, StringComparison.Ordinal);
        File.WriteAllText(PathOf(Path.GetFileName(file)), $"{content.AsSpan(0, at)}{by}{content.AsSpan(at + text.Length)}");
        return PathOf(Path.GetFileName(file));
    }

    /// <summary>The state of an example vector as an uncompressed CAR file.</summary>
    public string Genesis()
    {
        using JsonDocument vector = JsonDocument.Parse(File.ReadAllBytes(Example("counter-nv21.json")));
        using GZipStream packed = new(new MemoryStream(vector.RootElement.GetProperty("car").GetBytesFromBase64()), CompressionMode.Decompress);
        using MemoryStream car = new();
        packed.CopyTo(car);
        return Write("genesis.car", car.ToArray());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
