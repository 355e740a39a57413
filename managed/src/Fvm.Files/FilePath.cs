namespace Fvm.Files;

/// <summary>Path checks, so that errors are worded by this library rather than by the system or .NET.</summary>
internal static class FilePath
{
    /// <summary>Rejects invalid paths.</summary>
    /// <exception cref="FileException">The path is empty, or holds a NUL.</exception>
    public static void Check(string path)
    {
        if (path.Length == 0)
        {
            throw new FileException(path, "the path is empty");
        }

        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new FileException(path, "the path contains a NUL character");
        }
    }
}
