namespace Fvm.Files;

/// <summary>Checks of paths that the system, or .NET, would refuse in words of their own.</summary>
internal static class FilePath
{
    /// <summary>Refuses what cannot be a path.</summary>
    /// <exception cref="FileException">The path is empty, or holds a NUL.</exception>
    public static void Check(string path)
    {
        if (path.Length == 0)
        {
            throw new FileException(path, "an empty path names no file");
        }

        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new FileException(path, "a path cannot hold a NUL");
        }
    }
}
