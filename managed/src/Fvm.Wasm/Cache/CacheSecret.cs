using Fvm.Files;

namespace Fvm.Wasm;

/// <summary>
/// The secret of a cache folder: random bytes in a file readable by its owner only. An entry cannot be forged without it.
/// </summary>
internal static class CacheSecret
{
    // Two version 4 GUIDs, each with 122 random bits from the system. The runtime's RandomNumberGenerator uses OpenSSL, which aborts the
    // process if it runs out of memory or is not installed.
    private const int Size = 32;

    /// <summary>
    /// Reads the secret of a usable folder, or creates it; null if others can read it, or its name is taken by something other than a file.
    /// </summary>
    public static byte[]? Open(string folder)
    {
        string path = Path.Combine(folder, CacheFolder.SecretName);
        try
        {
            if (FileStatus.Of(path, followLink: false).Kind == FileKind.Missing)
            {
                // No effect if another process was first.
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
