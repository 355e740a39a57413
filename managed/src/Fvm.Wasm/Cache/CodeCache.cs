using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Fvm.Wasm.Cache;

/// <summary>
/// Machine code on disk, for later runs and other processes. An entry is a file whose name is its key (see <see cref="CacheKey"/>), and
/// which carries a hash made with a secret of the folder's owner: what is broken, foreign or from elsewhere is ignored and replaced.
/// Entries appear whole or not at all, so several processes may share a folder. Never throws for what is wrong with the folder or a file:
/// the cache then holds nothing.
/// </summary>
public sealed class CodeCache
{
    /// <summary>What all entries may have together where nobody says otherwise: the actors of several network versions.</summary>
    public const long DefaultBytes = 1L << 30;

    private const ulong Magic = 0x31_45_44_4f_43_4d_56_46;
    private const string Extension = ".code";
    private const int HashSize = 32;
    private const int HeaderSize = sizeof(ulong) + HashSize;

    /// <summary>A file that no process finished within this time is left from one that died.</summary>
    private static readonly TimeSpan MaxWriteTime = TimeSpan.FromMinutes(10);

    private readonly string _folder;
    private readonly long _maxBytes;
    private readonly byte[]? _secret;

    /// <param name="folder">The folder, which is made if it is not there.</param>
    /// <param name="maxBytes">Bytes that all entries may have together. The oldest used go first.</param>
    public CodeCache(string folder, long maxBytes = DefaultBytes)
    {
        _folder = folder;
        _maxBytes = maxBytes;
        _secret = CacheSecret.Open(folder);
    }

    /// <summary>The folder.</summary>
    public string Folder => _folder;

    /// <summary>Whether entries are written and read: not where the folder cannot be used, or others than its owner can write to it.</summary>
    public bool IsUsable => _secret is not null;

    /// <summary>Bytes that all entries may have together.</summary>
    public long MaxBytes => _maxBytes;

    /// <summary>The entries, those used last first.</summary>
    public IReadOnlyList<CacheEntry> List()
    {
        try
        {
            List<CacheEntry> entries = [];
            foreach (FileInfo file in new DirectoryInfo(_folder).EnumerateFiles("*" + Extension))
            {
                entries.Add(new CacheEntry(Path.GetFileNameWithoutExtension(file.Name), file.Length, file.LastWriteTimeUtc));
            }

            entries.Sort(static (left, right) => right.LastUsed.CompareTo(left.LastUsed));
            return entries;
        }
        catch (Exception e) when (IsFolderTrouble(e))
        {
            return [];
        }
    }

    /// <summary>Removes all entries. Returns how many there were.</summary>
    public int Clear()
    {
        int count = 0;
        foreach (CacheEntry entry in List())
        {
            count += TryDelete(PathOf(entry.Key)) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Reads an entry; null if there is none that can be trusted.</summary>
    internal byte[]? Read(string key)
    {
        if (_secret is null)
        {
            return null;
        }

        string path = PathOf(key);
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            byte[] file = File.ReadAllBytes(path);
            if (file.Length < HeaderSize || BinaryPrimitives.ReadUInt64LittleEndian(file) != Magic ||
                !CryptographicOperations.FixedTimeEquals(HashOf(key, file.AsSpan(HeaderSize)), file.AsSpan(sizeof(ulong), HashSize)))
            {
                TryDelete(path);
                return null;
            }

            // The time of the last use decides what goes first.
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
            return file[HeaderSize..];
        }
        catch (Exception e) when (IsFolderTrouble(e))
        {
            return null;
        }
    }

    /// <summary>
    /// Writes an entry, or replaces it. One that is larger stays: another process called more of the same code's functions.
    /// </summary>
    internal void Write(string key, ReadOnlySpan<byte> content)
    {
        FileInfo known = new(PathOf(key));
        if (_secret is null || content.Length > _maxBytes || (known.Exists && known.Length > HeaderSize + content.Length))
        {
            return;
        }

        string temporary = Path.Combine(_folder, $"{key}.{Guid.NewGuid():n}.tmp");
        try
        {
            byte[] header = new byte[HeaderSize];
            BinaryPrimitives.WriteUInt64LittleEndian(header, Magic);
            HashOf(key, content).CopyTo(header, sizeof(ulong));
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(header);
                stream.Write(content);
            }

            File.Move(temporary, PathOf(key), overwrite: true);
            Shrink();
        }
        catch (Exception e) when (IsFolderTrouble(e))
        {
            TryDelete(temporary);
        }
    }

    private static bool IsFolderTrouble(Exception e) => e is IOException or UnauthorizedAccessException or NotSupportedException;

    private static bool TryDelete(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception e) when (IsFolderTrouble(e))
        {
            return false;
        }
    }

    private string PathOf(string key) => Path.Combine(_folder, key + Extension);

    private byte[] HashOf(string key, ReadOnlySpan<byte> content)
    {
        using IncrementalHash hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _secret!);
        hash.AppendData(Convert.FromHexString(key));
        hash.AppendData(content);
        return hash.GetHashAndReset();
    }

    private void Shrink()
    {
        long total = 0;
        foreach (CacheEntry entry in List())
        {
            total += entry.Size;
            if (total > _maxBytes)
            {
                TryDelete(PathOf(entry.Key));
            }
        }

        foreach (string path in Directory.EnumerateFiles(_folder, "*.tmp"))
        {
            if (DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > MaxWriteTime)
            {
                TryDelete(path);
            }
        }
    }
}
