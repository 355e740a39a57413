using System.Buffers.Binary;
using System.Globalization;
using Fvm.Files;
using Fvm.Ipld;
using Microsoft.Win32.SafeHandles;

namespace Fvm.Chain;

/// <summary>
/// Blocks in a folder, which several processes may use at the same time, up to a number of bytes. Thread-safe. It never fails: what cannot be
/// read is missing, what cannot be written is not kept.
/// </summary>
/// <remarks>
/// Each process appends to a segment of its own; beyond the bound the oldest segments are deleted. A record is the length of what follows in
/// four bytes, the CID and the block. A block is verified against its CID when it is read, so that nothing that a crash leaves behind, or somebody
/// writes there, is taken for a block. The index is in memory and made when the folder is opened.
/// </remarks>
public sealed class BlockFolder : IBlockstore, IDisposable
{
    private const string Prefix = "blocks-";
    private const string Suffix = ".segment";
    private const int LengthBytes = sizeof(int);
    private const int MaxRecordBytes = 64 << 20;
    private const int Shares = 16;
    private const long LeastSegment = 1L << 20;
    private const long LargestSegment = 1L << 30;
    private const int MaxSegments = 1 << 16;
    private const int ScanBuffer = 256 << 10;
    private const int OffsetBits = 48;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder;
    private readonly long _maxBytes;
    private readonly Lock _gate = new();
    private readonly List<SafeFileHandle?> _segments = [];
    private readonly List<string> _names = [];
    private readonly Dictionary<ulong, ulong> _places = [];
    private int _own = -1;
    private long _end;

    private BlockFolder(string folder, long maxBytes)
    {
        _folder = folder;
        _maxBytes = maxBytes;
    }

    /// <summary>The number of blocks.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _places.Count;
            }
        }
    }

    /// <summary>Why nothing is written any more; null while all is well.</summary>
    public string? Problem { get; private set; }

    private long SegmentBytes => Math.Clamp(_maxBytes / Shares, LeastSegment, LargestSegment);

    /// <summary>Opens a folder, which is created if it does not exist.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="maxBytes">The most bytes of all files.</param>
    /// <exception cref="FileException">The folder can neither be read nor created.</exception>
    public static BlockFolder Open(string folder, long maxBytes)
    {
        BlockFolder opened = new(folder, maxBytes);
        try
        {
            OwnFolder.Create(folder);
            foreach (string path in Segments(folder).Take(MaxSegments / 2))
            {
                opened.Scan(path);
            }
        }
        catch (Exception exception) when (FileException.IsAboutFiles(exception))
        {
            opened.Dispose();
            throw new FileException(folder, FileException.CauseOf(exception), exception);
        }

        return opened;
    }

    /// <inheritdoc/>
    public byte[]? Get(in Cid cid)
    {
        ulong key = KeyOf(in cid);
        lock (_gate)
        {
            if (!_places.TryGetValue(key, out ulong place))
            {
                return null;
            }

            // Files are closed under the lock, too.
            byte[]? block = _segments[(int)(place >> OffsetBits)] is SafeFileHandle file
                ? Read(file, (long)(place & ((1UL << OffsetBits) - 1)), in cid)
                : null;
            if (block is null)
            {
                _places.Remove(key);
            }

            return block;
        }
    }

    /// <inheritdoc/>
    public bool Has(in Cid cid) => Get(in cid) is not null;

    /// <inheritdoc/>
    public void Put(in Cid cid, byte[] block)
    {
        byte[] record = new byte[LengthBytes + Cid.MaxByteLength + block.Length];
        int cidLength = cid.WriteTo(record.AsSpan(LengthBytes));
        int length = LengthBytes + cidLength + block.Length;
        if (length > MaxRecordBytes)
        {
            return;
        }

        BinaryPrimitives.WriteInt32LittleEndian(record, length - LengthBytes);
        block.CopyTo(record, LengthBytes + cidLength);
        ulong key = KeyOf(in cid);
        lock (_gate)
        {
            if (Problem is not null || _places.ContainsKey(key))
            {
                return;
            }

            try
            {
                SafeFileHandle file = OwnSegment();
                RandomAccess.Write(file, record.AsSpan(0, length), _end);
                _places[key] = ((ulong)_own << OffsetBits) | (ulong)_end;
                _end += length;
            }
            catch (Exception exception) when (FileException.IsAboutFiles(exception))
            {
                // What was written of the record is cut off by its length, or does not have the CID's digest.
                Problem = $"{_folder}: {FileException.CauseOf(exception)}";
            }
        }
    }

    /// <inheritdoc/>
    public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> blocks)
    {
        foreach ((Cid cid, byte[] block) in blocks)
        {
            Put(in cid, block);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _places.Clear();
            Problem ??= $"{_folder}: it is closed";
            foreach (SafeFileHandle? file in _segments)
            {
                file?.Dispose();
            }
        }
    }

    // The names begin with the time: the oldest first.
    private static IEnumerable<string> Segments(string folder) =>
        Directory.EnumerateFiles(folder, $"{Prefix}*{Suffix}").Where(static path => FileStatus.Of(path, followLink: false).Kind == FileKind.Regular)
            .Order(StringComparer.Ordinal);

    // Both halves are keyed, so that nobody can choose blocks whose keys collide.
    private static ulong KeyOf(in Cid cid)
    {
        Span<byte> bytes = stackalloc byte[Cid.MaxByteLength];
        HashCode hash = default;
        hash.AddBytes(bytes[..cid.WriteTo(bytes)]);
        return ((ulong)(uint)cid.GetHashCode() << 32) | (uint)hash.ToHashCode();
    }

    private static byte[]? Read(SafeFileHandle file, long offset, in Cid cid)
    {
        try
        {
            Span<byte> head = stackalloc byte[LengthBytes];
            if (RandomAccess.Read(file, head, offset) < LengthBytes)
            {
                return null;
            }

            int length = BinaryPrimitives.ReadInt32LittleEndian(head);
            if (length is <= 0 or > MaxRecordBytes || offset + LengthBytes + length > RandomAccess.GetLength(file))
            {
                return null;
            }

            byte[] record = new byte[length];
            if (RandomAccess.Read(file, record, offset + LengthBytes) < length || !Cid.TryRead(record, out Cid found, out int cidLength)
                || found != cid)
            {
                return null;
            }

            byte[] block = record[cidLength..];
            return BlockDigest.Matches(in cid, block) == true ? block : null;
        }
        catch (Exception exception) when (FileException.IsAboutFiles(exception))
        {
            return null;
        }
    }

    private void Scan(string path)
    {
        SafeFileHandle handle;
        try
        {
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception exception) when (FileException.IsAboutFiles(exception))
        {
            // Another process has just deleted it.
            return;
        }

        int number = Add(handle, path);
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, ScanBuffer);
        Span<byte> head = stackalloc byte[LengthBytes + Cid.MaxByteLength];
        long length = file.Length;
        for (long offset = 0; offset + LengthBytes < length;)
        {
            file.Position = offset;
            int read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            int record = read < LengthBytes ? 0 : BinaryPrimitives.ReadInt32LittleEndian(head);
            if (record is <= 0 or > MaxRecordBytes || offset + LengthBytes + record > length
                || !Cid.TryRead(head[LengthBytes..read], out Cid cid, out _))
            {
                // The end of what a process wrote before it was killed.
                return;
            }

            _places[KeyOf(in cid)] = ((ulong)number << OffsetBits) | (ulong)offset;
            offset += LengthBytes + record;
        }
    }

    private int Add(SafeFileHandle handle, string path)
    {
        _segments.Add(handle);
        _names.Add(path);
        return _segments.Count - 1;
    }

    private SafeFileHandle OwnSegment()
    {
        if (_own >= 0 && _end < SegmentBytes && _segments[_own] is SafeFileHandle current)
        {
            return current;
        }

        if (_segments.Count == MaxSegments)
        {
            throw new IOException("it has too many files");
        }

        string name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{DateTime.UtcNow.Ticks:x16}-{Guid.NewGuid():N}{Suffix}");
        string path = Path.Combine(_folder, name);
        SafeFileHandle created = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(created, OwnerOnly);
        }

        _own = Add(created, path);
        _end = 0;
        DeleteOldest();
        return created;
    }

    // A process whose own segment is deleted keeps it open, and goes on.
    private void DeleteOldest()
    {
        string[] paths = [.. Segments(_folder)];
        long total = paths.Sum(static path => LengthOf(path)) + SegmentBytes;
        foreach (string path in paths)
        {
            if (total <= _maxBytes || path == _names[_own])
            {
                break;
            }

            total -= LengthOf(path);
            File.Delete(path);
            int number = _names.IndexOf(path);
            if (number >= 0)
            {
                _segments[number]?.Dispose();
                _segments[number] = null;
            }
        }
    }

    private static long LengthOf(string path)
    {
        FileInfo file = new(path);
        return file.Exists ? file.Length : 0;
    }
}
