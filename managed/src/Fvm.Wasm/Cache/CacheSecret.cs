using Fvm.Files;

namespace Fvm.Wasm;

/// <summary>
/// The secret of a cache folder: random bytes in a file that only its owner may read. Whoever cannot read it cannot make entries that are
/// believed.
/// </summary>
internal static class CacheSecret
{
    // Two GUIDs of version 4, each with 122 bits of the system's random numbers: the runtime's own class for those goes through OpenSSL, which
    // ends the process where it lacks memory or is not installed.
    private const int Size = 32;

    /// <summary>
    /// Reads the secret of a folder that can be used, or makes it; null where others know it, or what has its name is no regular file.
    /// </summary>
    public static byte[]? Open(string folder)
    {
        string path = Path.Combine(folder, CacheFolder.SecretName);
        try
        {
            if (FileStatus.Of(path, followLink: false).Kind == FileKind.Missing)
            {
                // Unless another process is first.
                AtomicFile.TryCreate(path, [.. Guid.NewGuid().ToByteArray(), .. Guid.NewGuid().ToByteArray()]);
            }

            return OwnFile.TryRead(path, Size, privately: true) is { Length: Size } secret ? secret : null;
        }
        catch (Exception e) when (CacheFolder.IsTrouble(e))
        {
            return null;
        }
    }
}
