using System.Security.Cryptography;
using Fvm.Files;

namespace Fvm.Wasm.Cache;

/// <summary>
/// The secret of a cache folder: random bytes in a file that only its owner may read. Whoever cannot read it cannot make entries that are
/// believed.
/// </summary>
internal static class CacheSecret
{
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
                AtomicFile.TryCreate(path, RandomNumberGenerator.GetBytes(Size));
            }

            return OwnFile.TryRead(path, Size, privately: true) is { Length: Size } secret ? secret : null;
        }
        catch (Exception e) when (CacheFolder.IsTrouble(e))
        {
            return null;
        }
    }
}
