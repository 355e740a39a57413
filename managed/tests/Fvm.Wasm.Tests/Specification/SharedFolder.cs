using NUnit.Framework;

namespace Fvm.Wasm.Tests;

/// <summary>Locates reference material next to the repository, and skips a test if it is absent.</summary>
internal static class SharedFolder
{
    /// <summary>The full path of a file or folder in the shared folder.</summary>
    public static string Require(string name)
    {
        string? path = Find(name);
        Assume.That(path, Is.Not.Null, $"shared/{name} is not there");
        return path!;
    }

    /// <summary>The full path, or null if it does not exist.</summary>
    public static string? Find(string name)
    {
        string? shared = Environment.GetEnvironmentVariable("FVM_SHARED");
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); shared is null && folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Fvm.sln")))
            {
                shared = Path.Combine(folder.Parent!.FullName, "shared");
            }
        }

        string? path = shared is null ? null : Path.Combine(shared, name);
        return File.Exists(path) || Directory.Exists(path) ? path : null;
    }
}
