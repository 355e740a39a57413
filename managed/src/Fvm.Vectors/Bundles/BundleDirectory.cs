// Where actors' bundles lie.
namespace Fvm.Vectors;

/// <summary>Finds the folder of actors' bundles.</summary>
public static class BundleDirectory
{
    /// <summary>The environment variable that names the folder itself.</summary>
    public const string BundlesVariable = "FVM_BUNDLES";

    /// <summary>The environment variable that names a folder of reference material with <c>bundles</c> in it.</summary>
    public const string SharedVariable = "FVM_SHARED";

    /// <summary>
    /// The folder that was given; else that of <c>FVM_BUNDLES</c>; else <c>$FVM_SHARED/bundles</c>; else <c>../shared/bundles</c> beside
    /// the current folder or beside the project that the program lies in. Null when there is none of these.
    /// </summary>
    public static string? Find(string? given)
    {
        if (given is not null)
        {
            return given;
        }

        if (Environment.GetEnvironmentVariable(BundlesVariable) is { Length: > 0 } bundles)
        {
            return bundles;
        }

        if (Environment.GetEnvironmentVariable(SharedVariable) is { Length: > 0 } shared)
        {
            return Path.Combine(shared, "bundles");
        }

        return Beside(Directory.GetCurrentDirectory()) ?? BesideProjectOf(AppContext.BaseDirectory);
    }

    private static string? BesideProjectOf(string start)
    {
        for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Fvm.sln")))
            {
                return Beside(folder.FullName);
            }
        }

        return null;
    }

    private static string? Beside(string folder)
    {
        string candidate = Path.GetFullPath(Path.Combine(folder, "..", "shared", "bundles"));
        return Directory.Exists(candidate) ? candidate : null;
    }
}
