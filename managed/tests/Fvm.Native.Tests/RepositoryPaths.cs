namespace Fvm.Native.Tests;

/// <summary>Paths in the repository.</summary>
internal static class RepositoryPaths
{
    /// <summary>The folder of Fvm.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The output folder of scripts/publish-native.</summary>
    public static string Native => Path.Combine(Root, "artifacts", "native");

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Fvm.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException("no Fvm.sln above the tests");
    }
}
