using NUnit.Framework;

namespace Fvm.Vectors.Tests;

/// <summary>Paths of the project's own files, and of the reference material if present.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = FindRoot();

    public static string Example(string name) => Path.Combine(Root, "examples", "vectors", name);

    /// <summary>A path in the reference material; ignores the test if it does not exist.</summary>
    public static string Shared(string path)
    {
        string folder = Environment.GetEnvironmentVariable("FVM_SHARED") is { Length: > 0 } given ? given : Path.Combine(Root, "..", "shared");
        string full = Path.Combine(folder, path);
        if (!File.Exists(full) && !Directory.Exists(full))
        {
            Assert.Ignore($"there is no {full}");
        }

        return full;
    }

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
