namespace Fvm;

/// <summary>Paths of the repository that the tests were built in, and of the reference material. Linked into every test project.</summary>
internal static class Repository
{
    /// <summary>The folder of Fvm.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The folder of the reference material, whether it exists or not: FVM_SHARED, or `shared` beside the repository.</summary>
    public static string SharedFolder => Environment.GetEnvironmentVariable("FVM_SHARED") is { Length: > 0 } given
        ? given
        : Path.GetFullPath(Path.Combine(Root, "..", "shared"));

    /// <summary>The path of a file or folder of the repository.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The path of a file or folder of the reference material; null if it does not exist.</summary>
    public static string? FindShared(params string[] parts)
    {
        string path = Path.Combine([SharedFolder, .. parts]);
        return File.Exists(path) || Directory.Exists(path) ? path : null;
    }

    /// <summary>The path of a file or folder of the reference material; ignores the test if it does not exist.</summary>
    // Thrown, and not by Assert.Ignore, which fails the test within Assert.Multiple.
    public static string Shared(params string[] parts) => FindShared(parts)
        ?? throw new NUnit.Framework.IgnoreException($"there is no {string.Join('/', parts)} in the reference material (../shared, or FVM_SHARED)");

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
