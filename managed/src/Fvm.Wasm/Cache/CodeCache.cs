using System.Buffers.Binary;
using System.Security.Cryptography;
using Fvm.Crypto;
using Fvm.Files;

namespace Fvm.Wasm;

/// <summary>
/// Machine code on disk, for later runs and other processes. An entry is a file named by its key (see <see cref="CacheKey"/>) and
/// authenticated by a hash keyed with the folder owner's secret: corrupt or foreign entries are ignored and replaced. Entries are written
/// atomically, so several processes may share a folder. Never throws for a faulty folder or file: the cache is then empty.
/// </summary>
public sealed class CodeCache
{
    /// <summary>Default bound on the total size of all entries, in bytes: room for the actors of several network versions.</summary>
    public const long DefaultBytes = 1L << 30;

    private const ulong Magic = 0x31_45_44_4f_43_4d_56_46;
    private const int HashSize = Sha256.Size;
    private const int HeaderSize = sizeof(ulong) + HashSize;

    private readonly string _folder;
    private readonly long _maxBytes;
    private readonly byte[]? _secret;

    /// <param name="folder">The folder, created if missing.</param>
    /// <param name="maxBytes">Maximum total size of all entries in bytes. The least recently used are evicted first.</param>
    public CodeCache(string folder, long maxBytes = DefaultBytes)
    {
        _folder = folder;
        _maxBytes = maxBytes;
        _secret = CacheFolder.TryOpen(folder, out string? foreign) ? CacheSecret.Open(folder) : null;
        Foreign = foreign;
    }

    /// <summary>The folder.</summary>
    public string Folder => _folder;

    /// <summary>Whether entries are written and read: false if the folder is unusable, or writable by others than its owner.</summary>
    public bool IsUsable => _secret is not null;

    /// <summary>Why a folder with foreign files is left alone; null if it has none.</summary>
    public string? Foreign { get; }

    /// <summary>Maximum total size of all entries in bytes.</summary>
    public long MaxBytes => _maxBytes;

    /// <summary>The entries, the most recently used first.</summary>
    public IReadOnlyList<CacheEntry> List()
    {
        if (_secret is null)
        {
            return [];
        }

        try
        {
            List<CacheEntry> entries = [];
            foreach (FileInfo file in new DirectoryInfo(_folder).EnumerateFiles("*" + CacheFolder.EntrySuffix))
            {
                if (CacheFolder.IsEntryName(file.Name) && FileStatus.Of(file.FullName, followLink: false).Kind == FileKind.Regular)
                {
                    entries.Add(new CacheEntry(Path.GetFileNameWithoutExtension(file.Name), file.Length, file.LastWriteTimeUtc));
                }
            }

            entries.Sort(static (left, right) => right.LastUsed.CompareTo(left.LastUsed));
            return entries;
        }
        catch (Exception e) when (CacheFolder.IsTrouble(e))
        {
            return [];
        }
    }

    /// <summary>Removes all entries, and temporary files of killed processes. Returns the number of entries.</summary>
    public int Clear()
    {
        if (_secret is not null)
        {
            AtomicFile.RemoveLeftovers(_folder);
        }

        int count = 0;
        foreach (CacheEntry entry in List())
        {
            count += TryDelete(PathOf(entry.Key)) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Reads what was derived from a file; null if it is missing or fails authentication.</summary>
    /// <param name="kind">The derivation and its version: different kinds never get each other's content.</param>
    /// <param name="source">The content of the file.</param>
    public ReadOnlyMemory<byte>? ReadDerived(string kind, ReadOnlySpan<byte> source) => Read(CacheKey.OfDerived(kind, source));

    /// <summary>
    /// The same for a file that is read piece by piece: in an array of its own, a large one would start a collection in the middle of a process's
    /// first message.
    /// </summary>
    /// <param name="kind">The derivation and its version.</param>
    /// <param name="source">The file, read to its end.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public ReadOnlyMemory<byte>? ReadDerived(string kind, Stream source) => Read(CacheKey.OfDerived(kind, source));

    /// <summary>Writes what was derived from a file, under the same rules as machine code.</summary>
    /// <param name="kind">As in <see cref="ReadDerived(string, ReadOnlySpan{byte})"/>.</param>
    /// <param name="source">The content of the file.</param>
    /// <param name="content">What was derived from it.</param>
    public void WriteDerived(string kind, ReadOnlySpan<byte> source, ReadOnlySpan<byte> content) =>
        Write(CacheKey.OfDerived(kind, source), content);

    /// <summary>Reads an entry; null if it is missing or fails authentication.</summary>
    internal ReadOnlyMemory<byte>? Read(string key)
    {
        if (_secret is null)
        {
            return null;
        }

        string path = PathOf(key);
        try
        {
            if (OwnFile.TryRead(path, HeaderSize + _maxBytes) is not byte[] file)
            {
                return null;
            }

            if (file.Length < HeaderSize || BinaryPrimitives.ReadUInt64LittleEndian(file) != Magic ||
                !CryptographicOperations.FixedTimeEquals(HashOf(key, file.AsSpan(HeaderSize)), file.AsSpan(sizeof(ulong), HashSize)))
            {
                TryDelete(path);
                return null;
            }

            // The time of the last use decides the order of eviction.
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
            return file.AsMemory(HeaderSize);
        }
        catch (Exception e) when (CacheFolder.IsTrouble(e))
        {
            return null;
        }
    }

    /// <summary>
    /// Writes or replaces an entry. A larger entry stays: another process has compiled more functions of the same code.
    /// </summary>
    internal void Write(string key, ReadOnlySpan<byte> content)
    {
        if (_secret is null || content.Length > _maxBytes)
        {
            return;
        }

        string path = PathOf(key);
        try
        {
            FileKind known = FileStatus.Of(path, followLink: false).Kind;
            if (known is not (FileKind.Missing or FileKind.Regular) ||
                (known == FileKind.Regular && new FileInfo(path).Length > HeaderSize + content.Length))
            {
                return;
            }

            byte[] file = new byte[HeaderSize + content.Length];
            BinaryPrimitives.WriteUInt64LittleEndian(file, Magic);
            HashOf(key, content).CopyTo(file, sizeof(ulong));
            content.CopyTo(file.AsSpan(HeaderSize));

            // An entry truncated by a power failure fails its hash.
            AtomicFile.Write(path, stream => stream.Write(file), durable: false, privately: true);
            Shrink();
        }
        catch (Exception e) when (CacheFolder.IsTrouble(e))
        {
            // The next process that needs the entry compiles it again.
        }
    }

    private static bool TryDelete(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (Exception e) when (CacheFolder.IsTrouble(e))
        {
            return false;
        }
    }

    private string PathOf(string key) => Path.Combine(_folder, key + CacheFolder.EntrySuffix);

    private byte[] HashOf(string key, ReadOnlySpan<byte> content)
    {
        HmacSha256 code = new(_secret!);
        code.Update(Convert.FromHexString(key));
        code.Update(content);
        byte[] hash = new byte[HashSize];
        code.Finish(hash);
        return hash;
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

        AtomicFile.RemoveLeftovers(_folder);
    }
}
