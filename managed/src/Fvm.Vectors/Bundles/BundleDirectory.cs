using Fvm.Wasm;

namespace Fvm.Vectors;

/// <summary>Locates the folder of the actors' bundles.</summary>
public static class BundleDirectory
{
    /// <summary>The environment variable with the folder's path.</summary>
    public const string BundlesVariable = "FVM_BUNDLES";

    /// <summary>The environment variable with the path of a reference folder that contains <c>bundles</c>.</summary>
    public const string SharedVariable = "FVM_SHARED";

    /// <summary>
    /// The first that exists of: the given folder; <c>$FVM_BUNDLES</c>; <c>$FVM_SHARED/bundles</c>; <c>../shared/bundles</c> beside the current
    /// folder or beside the project that contains the program. Null if none does.
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

    /// <summary>The folder to which <c>fvm bundle get</c> downloads; null if the user has no cache.</summary>
    public static string? Downloads() => CacheEnvironment.Beside("bundles");

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
