// Where the tests find the project's own files, and the reference material when it is there.
using NUnit.Framework;

namespace Fvm.Vectors.Tests;

internal static class RepositoryFiles
{
    public static string Root { get; } = FindRoot();

    public static string Example(string name) => Path.Combine(Root, "examples", "vectors", name);

    /// <summary>A path of the reference material; the test is ignored where it is not there.</summary>
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
