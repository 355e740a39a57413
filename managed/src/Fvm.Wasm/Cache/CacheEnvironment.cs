using System.Globalization;

namespace Fvm.Wasm;

/// <summary>The machine-code cache as configured by environment variables.</summary>
public static class CacheEnvironment
{
    /// <summary>Path of the folder; <see cref="Off"/> for no cache.</summary>
    public const string FolderVariable = "FVM_CACHE";

    /// <summary>Maximum total size of all entries in MiB.</summary>
    public const string SizeVariable = "FVM_CACHE_MIB";

    /// <summary>The value of <see cref="FolderVariable"/> that means no cache.</summary>
    public const string Off = "off";

    private const long MaxMebibytes = 1L << 20;

    /// <summary>
    /// The folder that a user's processes share: <c>$FVM_CACHE</c>, else <c>fvm</c> in the user's cache folder. Null where the cache is
    /// switched off, or the user has no home.
    /// </summary>
    public static string? Folder()
    {
        string? chosen = Environment.GetEnvironmentVariable(FolderVariable);
        if (!string.IsNullOrEmpty(chosen))
        {
            return chosen == Off ? null : Path.GetFullPath(chosen);
        }

        string? caches = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(caches) || !Path.IsPathRooted(caches))
        {
            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            if (!Path.IsPathRooted(home))
            {
                return null;
            }

            caches = Path.Combine(home, ".cache");
        }

        return Path.Combine(caches, "fvm");
    }

    /// <summary>A folder for something else that can be had again, beside <see cref="Folder"/>; null where that is null.</summary>
    /// <param name="kind">What is in it, such as <c>blocks</c>: the end of its name.</param>
    public static string? Beside(string kind) => Folder() is string folder ? $"{folder.TrimEnd('/')}-{kind}" : null;

    /// <summary>Opens the cache; null if it is switched off.</summary>
    /// <param name="problem">Description of an invalid, ignored setting; null if all are valid.</param>
    public static CodeCache? Open(out string? problem)
    {
        long size = CodeCache.DefaultBytes;
        problem = null;
        string? text = Environment.GetEnvironmentVariable(SizeVariable);
        if (!string.IsNullOrEmpty(text))
        {
            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long mebibytes) && mebibytes <= MaxMebibytes)
            {
                size = mebibytes << 20;
            }
            else
            {
                problem = $"{SizeVariable}: '{text}' is no number of MiB";
            }
        }

        return Folder() is string folder ? new CodeCache(folder, size) : null;
    }
}
