using System.Text;
using Fvm.Crypto;
using Fvm.Files;

namespace Fvm.Wasm;

/// <summary>
/// The folder of a cache, marked by a <c>CACHEDIR.TAG</c> (https://bford.info/cachedir/) that names its owner: only files with the cache's
/// own names are ever touched, and a folder with foreign files is not used at all.
/// </summary>
internal static class CacheFolder
{
    /// <summary>File-name suffix of entries, after the digits of the key.</summary>
    public const string EntrySuffix = ".code";

    /// <summary>File name of the secret.</summary>
    public const string SecretName = "secret";

    /// <summary>File name of the tag that marks the folder.</summary>
    public const string TagName = "CACHEDIR.TAG";

    private const string Tag =
        "Signature: 8a477f597d28d172789f06886806bc55\n# Machine code that fvm keeps between runs; 'fvm cache clear' removes it.\n";
    private const int MaxTagBytes = 64 * 1024;
    private const int KeyDigits = 2 * Sha256.Size;

    // Temporary files of versions before the tag: a key and a number of 32 digits.
    private const int OldTemporaryLength = KeyDigits + 1 + 32 + 4;

    /// <summary>Creates the folder, or opens an existing one that belongs to the cache.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="foreign">Why an existing, accessible folder is left alone; null otherwise.</param>
    /// <returns>Whether the folder can be used.</returns>
    public static bool TryOpen(string folder, out string? foreign)
    {
        foreign = null;
        try
        {
            OwnFolder.Create(folder);

            // Another user with write access could inject code into this process.
            FileStatus status = FileStatus.Of(folder);
            if (status.Kind != FileKind.Folder || !status.IsOwnersAlone)
            {
                return false;
            }

            if (IsMarked(folder))
            {
                return true;
            }

            if (Directory.EnumerateFileSystemEntries(folder).FirstOrDefault(static path => !IsOwnName(Path.GetFileName(path))) is string other)
            {
                foreign = $"{folder}: no machine code is kept there: it holds files of others ({Path.GetFileName(other)}) and no {TagName} of fvm's";
                return false;
            }

            // Of two processes that create the tag at once, the second finds it there.
            return AtomicFile.TryCreate(Path.Combine(folder, TagName), Encoding.UTF8.GetBytes(Tag)) || IsMarked(folder);
        }
        catch (Exception e) when (IsTrouble(e))
        {
            return false;
        }
    }

    /// <summary>Whether a file name has the form of an entry's.</summary>
    public static bool IsEntryName(ReadOnlySpan<char> name) =>
        name.Length == KeyDigits + EntrySuffix.Length && name.EndsWith(EntrySuffix, StringComparison.Ordinal) && IsHexadecimal(name[..KeyDigits]);

    /// <summary>Whether an exception means an unusable folder or file.</summary>
    public static bool IsTrouble(Exception e) => FileException.IsAboutFiles(e) || e is NotSupportedException or ArgumentException;

    private static bool IsMarked(string folder) =>
        OwnFile.TryRead(Path.Combine(folder, TagName), MaxTagBytes) is byte[] tag && tag.AsSpan().StartsWith(Encoding.UTF8.GetBytes(Tag));

    // Folders of versions before the tag hold no other names.
    private static bool IsOwnName(string name) =>
        name is SecretName or TagName || IsEntryName(name) || AtomicFile.IsTemporaryName(name) || IsOldTemporaryName(name);

    private static bool IsOldTemporaryName(ReadOnlySpan<char> name) =>
        name.Length == OldTemporaryLength && name.EndsWith(".tmp", StringComparison.Ordinal) && IsHexadecimal(name[..KeyDigits]);

    private static bool IsHexadecimal(ReadOnlySpan<char> text) => !text.ContainsAnyExcept("0123456789abcdef");
}
