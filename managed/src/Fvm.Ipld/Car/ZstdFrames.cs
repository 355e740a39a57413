using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;
using ZstdSharp;

namespace Fvm.Ipld;

/// <summary>
/// Reads single frames of a Zstandard file (RFC 8878, section 3.1.1), such as Forest's snapshots have: small ones, with some whole blocks in each.
/// Thread-safe.
/// </summary>
internal sealed class ZstdFrames(SafeFileHandle file) : IDisposable
{
    /// <summary>The most bytes of a frame, decompressed; Forest's have 8,000, or one block.</summary>
    public const int MaxContent = 4 << 20;

    // With what compression may add: block headers, a frame header and a checksum.
    private const int MaxLength = MaxContent + (64 << 10);
    private const int FirstRead = 16 << 10;
    private const int ReadGrowth = 4;
    private const int MagicLength = 4;
    private const int SkippableHead = 8;
    private const int BlockHead = 3;
    private const int ChecksumLength = 4;
    private const uint Magic = 0xfd2f_b528;
    private const uint SkippableMagic = 0x184d_2a50;
    private const uint SkippableMask = 0xffff_fff0;

    private readonly ConcurrentBag<Decompressor> _decompressors = [];

    /// <summary>Reads the frame at an offset.</summary>
    /// <param name="offset">Its offset.</param>
    /// <param name="next">The offset behind it.</param>
    /// <returns>Its content, empty for a skippable frame; null at the end of the file.</returns>
    /// <exception cref="CarException">It is no frame, cut off, corrupt, or too large.</exception>
    public byte[]? ReadAt(long offset, out long next)
    {
        for (int most = FirstRead; ; most = Math.Min(MaxLength, most * ReadGrowth))
        {
            byte[]? content = TryReadAt(offset, most, out next, out bool isLonger);
            if (!isLonger)
            {
                return content;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Decompressor decompressor in _decompressors)
        {
            decompressor.Dispose();
        }
    }

    private static string TooLarge => $"a frame of Zstandard has more than {MaxContent} bytes, unpacked: unpack the file on disk first (zstd -d)";

    // At most so many bytes are read; if the frame is longer, nothing is returned, or thrown if it is too large.
    private byte[]? TryReadAt(long offset, int most, out long next, out bool isLonger)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(most);
        try
        {
            ReadOnlySpan<byte> bytes = buffer.AsSpan(0, FileBytes.Read(file, buffer.AsSpan(0, most), offset));
            (next, isLonger) = (offset, false);
            if (bytes.IsEmpty)
            {
                return null;
            }

            if (IsSkippable(bytes))
            {
                next = EndOfSkippable(bytes, offset);
                return [];
            }

            int length = LengthOf(bytes, offset);
            isLonger = length < 0 && bytes.Length == most;
            if (length < 0)
            {
                return !isLonger ? throw CutOff(offset) : most < MaxLength ? null : throw new CarException(offset, TooLarge);
            }

            next = offset + length;
            return Unpack(bytes[..length], offset);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool IsSkippable(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= MagicLength && (BinaryPrimitives.ReadUInt32LittleEndian(bytes) & SkippableMask) == SkippableMagic;

    // Nothing but the length tells where it ends, so the file may end before.
    private long EndOfSkippable(ReadOnlySpan<byte> bytes, long offset)
    {
        if (bytes.Length < SkippableHead)
        {
            throw CutOff(offset);
        }

        long end = offset + SkippableHead + BinaryPrimitives.ReadUInt32LittleEndian(bytes[MagicLength..]);
        return end <= RandomAccess.GetLength(file) ? end : throw CutOff(offset);
    }

    private static CarException CutOff(long offset) => new(offset, "the file is cut off within a frame of Zstandard");

    // The length of the frame that bytes begin with; negative if it reaches beyond them.
    private static int LengthOf(ReadOnlySpan<byte> bytes, long offset)
    {
        if (bytes.Length <= MagicLength)
        {
            return -1;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
        {
            throw new CarException(offset, "there is no frame of Zstandard");
        }

        // The descriptor tells which fields the header has.
        int descriptor = bytes[MagicLength];
        bool isSingle = (descriptor & 0x20) != 0;
        int dictionary = (descriptor & 3) switch { 3 => 4, int size => size };
        int contentSize = (descriptor >> 6) switch { 0 => isSingle ? 1 : 0, int power => 1 << power };
        int at = MagicLength + 1 + (isSingle ? 0 : 1) + dictionary + contentSize;
        while (at + BlockHead <= bytes.Length)
        {
            int head = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
            int kind = (head >> 1) & 3;
            if (kind == 3)
            {
                throw new CarException(offset, "a frame of Zstandard is corrupt");
            }

            // A run has one byte.
            at += BlockHead + (kind == 1 ? 1 : head >> 3);
            if ((head & 1) != 0)
            {
                at += (descriptor & 4) != 0 ? ChecksumLength : 0;
                return at <= bytes.Length ? at : -1;
            }
        }

        return -1;
    }

    private byte[] Unpack(ReadOnlySpan<byte> frame, long offset)
    {
        Decompressor decompressor = _decompressors.TryTake(out Decompressor? idle) ? idle : new Decompressor();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(MaxContent);
        try
        {
            return decompressor.TryUnwrap(frame, buffer.AsSpan(0, MaxContent), out int written)
                ? buffer.AsSpan(0, written).ToArray()
                : throw new CarException(offset, TooLarge);
        }
        catch (ZstdException exception)
        {
            throw new CarException(offset, $"a frame of Zstandard is corrupt: {exception.Message}", exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _decompressors.Add(decompressor);
        }
    }
}
