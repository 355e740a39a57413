using System.IO.Compression;
using System.Text.Json;

namespace Fvm.Ipld.Tests;

/// <summary>Reads the IPLD parts of vectors recorded on the reference.</summary>
internal static class RecordedVectors
{
    /// <summary>The vectors of a set, as JSON; ignores the test if they are absent.</summary>
    public static IEnumerable<JsonElement> Read(string networkVersion, string set)
    {
        string path = Repository.Shared("vectors", "recorded", networkVersion, set + ".ndjson.gz");
        using StreamReader lines = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (lines.ReadLine() is string line)
        {
            using JsonDocument document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }

    public static string Id(JsonElement vector) => vector.GetProperty("_meta").GetProperty("id").GetString()!;

    public static CarBlockstore Car(JsonElement vector) => CarBlockstore.Load(
        vector.GetProperty("car").GetBytesFromBase64(),
        new CarReadOptions { AllowNoRoots = true });

    public static Cid Root(JsonElement vector) =>
        Link(vector.GetProperty("preconditions").GetProperty("state_tree").GetProperty("root_cid"));

    public static Cid Link(JsonElement link) => Cid.Parse(link.GetProperty("/").GetString()!);
}
