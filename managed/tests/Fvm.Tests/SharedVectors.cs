using System.IO.Compression;
using System.Text.Json;

namespace Fvm.Tests;

/// <summary>Reads vectors of the reference material.</summary>
internal static class SharedVectors
{
    /// <summary>The vectors of a recorded set, one per line.</summary>
    public static IEnumerable<JsonElement> Read(string network, string set)
    {
        using FileStream file = File.OpenRead(Repository.Shared("vectors", "recorded", network, set + ".ndjson.gz"));
        using StreamReader lines = new(new GZipStream(file, CompressionMode.Decompress));
        while (lines.ReadLine() is string line)
        {
            using JsonDocument vector = JsonDocument.Parse(line);
            yield return vector.RootElement;
        }
    }
}
