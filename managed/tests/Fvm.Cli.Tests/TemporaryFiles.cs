using System.IO.Compression;
using System.Text.Json;

namespace Fvm.Cli.Tests;

/// <summary>A temporary folder, deleted at the end of the test, and the paths of examples and reference material.</summary>
internal sealed class TemporaryFiles : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fvm-test-").FullName;

    public static string Root { get; } = FindRoot();

    public static string Example(string name) => Path.Combine(Root, "examples", "vectors", name);

    /// <summary>A path in the reference material; ignores the test if it does not exist.</summary>
    public static string Shared(string path)
    {
        string folder = Environment.GetEnvironmentVariable("FVM_SHARED") is { Length: > 0 } given ? given : Path.Combine(Root, "..", "shared");
        string full = Path.Combine(folder, path);
        if (!File.Exists(full) && !Directory.Exists(full))
        {
            NUnit.Framework.Assert.Ignore($"there is no {full}");
        }

        return full;
    }

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

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Fvm.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("the tests must lie below the folder of Fvm.sln");
    }
}
