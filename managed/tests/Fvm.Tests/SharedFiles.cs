using System.IO.Compression;
using System.Text.Json;
using NUnit.Framework;

namespace Fvm.Tests;

/// <summary>Locates reference material next to the repository, or at FVM_SHARED.</summary>
internal static class SharedFiles
{
    /// <summary>The path of a file or folder; ignores the test if it does not exist.</summary>
    public static string Path(params string[] parts)
    {
        string? root = Environment.GetEnvironmentVariable("FVM_SHARED") ?? BesideRepository();
        string path = root is null ? string.Empty : System.IO.Path.Combine([root, .. parts]);
        if (root is null || (!File.Exists(path) && !Directory.Exists(path)))
        {
            Assert.Ignore($"there is no {string.Join('/', parts)} beside the repository, nor where FVM_SHARED says");
        }

        return path;
    }

    /// <summary>The vectors of a recorded set, one per line.</summary>
    public static IEnumerable<JsonElement> Vectors(string network, string set)
    {
        using FileStream file = File.OpenRead(Path("vectors", "recorded", network, set + ".ndjson.gz"));
        using StreamReader lines = new(new GZipStream(file, CompressionMode.Decompress));
        while (lines.ReadLine() is string line)
        {
            using JsonDocument vector = JsonDocument.Parse(line);
            yield return vector.RootElement;
        }
    }

    private static string? BesideRepository()
    {
        DirectoryInfo? folder = new(TestContext.CurrentContext.TestDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Fvm.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.Parent is null ? null : System.IO.Path.Combine(folder.Parent.FullName, "shared");
    }
}
