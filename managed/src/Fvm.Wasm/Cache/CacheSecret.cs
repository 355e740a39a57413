using System.Security.Cryptography;
using Fvm.Wasm.Platform;

namespace Fvm.Wasm.Cache;

/// <summary>
/// The secret of a cache folder: random bytes in a file that only its owner may read. Whoever cannot read it cannot make entries that are
/// believed.
/// </summary>
internal static class CacheSecret
{
    private const string FileName = "secret";
    private const int Size = 32;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Reads the secret, or makes it; null where the folder cannot be used or others may write to it.</summary>
    public static byte[]? Open(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
            }

            if (!File.Exists(path))
            {
                Create(folder, path);
            }

            // Another user who could write here could put code of his own into this process.
            if (!OperatingSystem.IsWindows() &&
                ((File.GetUnixFileMode(path) & ~OwnerOnly) != 0 || !FileOwner.IsSafe(path) || !FileOwner.IsSafe(folder)))
            {
                return null;
            }

            byte[] secret = File.ReadAllBytes(path);
            return secret.Length == Size ? secret : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Writes a new secret, unless another process is first.</summary>
    private static void Create(string folder, string path)
    {
        string temporary = Path.Combine(folder, $"{FileName}.{Guid.NewGuid():n}.tmp");
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (FileStream stream = new(temporary, options))
        {
            stream.Write(RandomNumberGenerator.GetBytes(Size));
        }

        try
        {
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException)
        {
            File.Delete(temporary);
        }
    }
}
