using System.Text.Json;

namespace Fvm.Crypto.Tests;

/// <summary>Reads vectors of the reference material.</summary>
internal static class SharedVectors
{
    /// <summary>The JSON objects of a file in the shared folder, one per line; ignores the test if the file is absent.</summary>
    public static JsonElement[] Lines(string relativePath) =>
        [.. File.ReadLines(Repository.Shared(relativePath)).Where(static line => line.Length > 0).Select(static line => JsonDocument.Parse(line).RootElement)];

    public static byte[] Bytes(this JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);
}
