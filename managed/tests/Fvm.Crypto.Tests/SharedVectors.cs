using System.Text.Json;
using NUnit.Framework;

namespace Fvm.Crypto.Tests;

/// <summary>Locates reference material next to the repository (or at FVM_SHARED).</summary>
internal static class SharedVectors
{
    /// <summary>The JSON objects of a file in the shared folder, one per line; ignores the test if the file is absent.</summary>
    public static JsonElement[] Lines(string relativePath)
    {
        string? path = Locate(relativePath);
        if (path is null)
        {
            Assert.Ignore($"{relativePath} is not on this machine");
        }

        return [.. File.ReadLines(path!).Where(static line => line.Length > 0).Select(static line => JsonDocument.Parse(line).RootElement)];
    }

    public static byte[] Bytes(this JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);

    private static string? Locate(string relativePath)
    {
        string? shared = Environment.GetEnvironmentVariable("FVM_SHARED");
        if (string.IsNullOrEmpty(shared))
        {
            DirectoryInfo? folder = new(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Fvm.sln")))
            {
                folder = folder.Parent;
            }

            shared = folder?.Parent is null ? null : Path.Combine(folder.Parent.FullName, "shared");
        }

        string? path = shared is null ? null : Path.Combine(shared, relativePath);
        return File.Exists(path) ? path : null;
    }
}
