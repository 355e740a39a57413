using NUnit.Framework;

namespace Fvm.Ipld.Tests;

/// <summary>
/// The folder with vectors and bundles: FVM_SHARED, or `shared` next to the repository. Tests are skipped if it is absent.
/// </summary>
internal static class SharedFolder
{
    public static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("FVM_SHARED");
        if (named is not null)
        {
            return Directory.Exists(named) ? named : null;
        }

        DirectoryInfo? folder = new(TestContext.CurrentContext.TestDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Fvm.sln")))
        {
            folder = folder.Parent;
        }

        string? beside = folder?.Parent is null ? null : Path.Combine(folder.Parent.FullName, "shared");
        return Directory.Exists(beside) ? beside : null;
    }

    public static string Require()
    {
        string? folder = Find();
        if (folder is null)
        {
            Assert.Ignore("needs the shared folder (FVM_SHARED, or `shared` beside the repository)");
        }

        return folder!;
    }
}
