using System.Buffers.Binary;
using Fvm.Crypto;

namespace Fvm.Ipld;

/// <summary>The end of an index file: what it is, and which CAR file it belongs to.</summary>
/// <param name="Bits">The number of a key's leading bits that choose its bucket.</param>
/// <param name="Count">The number of entries.</param>
/// <param name="Blocks">The number of blocks; more than entries if one is there many times.</param>
/// <param name="BlockBytes">The total length of the blocks.</param>
/// <param name="Salt">What keys are hashed with.</param>
internal sealed record CarIndexFooter(int Bits, long Count, long Blocks, long BlockBytes, byte[] Salt)
{
    /// <summary>The length in bytes.</summary>
    public const int Length = 160;

    /// <summary>The length of <see cref="Salt"/> in bytes.</summary>
    public const int SaltLength = 32;

    /// <summary>The most of <see cref="Bits"/>: 512 MiB of buckets.</summary>
    public const int MaxBits = 26;

    // Entries per bucket, in the mean: two KiB.
    private const int PerBucketLog2 = 7;

    private const int SealedLength = Length - Blake2b.Size256;
    private const int IdentityLength = SealedLength - 72;
    private const int SampleLength = 4 << 10;

    private static ReadOnlySpan<byte> Magic => "FVMCARI\u0001"u8;

    /// <summary>The number of buckets.</summary>
    public int Buckets => 1 << Bits;

    /// <summary>The length in bytes of the table of buckets.</summary>
    public long TableLength => (Buckets + 1L) * sizeof(long);

    /// <summary>The bits for a number of entries.</summary>
    public static int BitsFor(long count) => Math.Clamp(64 - PerBucketLog2 - (int)long.LeadingZeroCount(count), 0, MaxBits);

    /// <summary>What tells a CAR file from others: its length, the time of its last change, and a digest of its first and last bytes.</summary>
    public static byte[] IdentityOf(FileStream car)
    {
        long length = car.Length;
        byte[] sample = new byte[2 * SampleLength];
        int first = FileBytes.Read(car.SafeFileHandle, sample.AsSpan(0, SampleLength), 0);
        _ = FileBytes.Read(car.SafeFileHandle, sample.AsSpan(first, SampleLength), Math.Max(0, length - SampleLength));
        byte[] identity = new byte[IdentityLength];
        BinaryPrimitives.WriteInt64LittleEndian(identity, length);
        BinaryPrimitives.WriteInt64LittleEndian(identity.AsSpan(8), File.GetLastWriteTimeUtc(car.SafeFileHandle).Ticks);
        Blake2b.Hash256(sample, identity.AsSpan(16, Blake2b.Size256));
        return identity;
    }

    /// <summary>The bytes, sealed with a digest over the table of buckets, too.</summary>
    /// <param name="identity">That of the CAR file.</param>
    /// <param name="table">The table of buckets.</param>
    public byte[] Encode(ReadOnlySpan<byte> identity, ReadOnlySpan<byte> table)
    {
        byte[] bytes = new byte[Length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), Bits);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), Count);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), Blocks);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(32), BlockBytes);
        Salt.CopyTo(bytes, 40);
        identity.CopyTo(bytes.AsSpan(72));
        Seal(bytes.AsSpan(0, SealedLength), table, bytes.AsSpan(SealedLength));
        return bytes;
    }

    /// <summary>Decodes a footer.</summary>
    /// <returns>Null if it is not that of an index, or of the index of another file.</returns>
    public static CarIndexFooter? TryDecode(ReadOnlySpan<byte> bytes, FileStream car)
    {
        long bits = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        long count = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        return bytes.StartsWith(Magic) && bits is >= 0 and <= MaxBits && count is >= 0 and < long.MaxValue / CarEntry.Size / 2
            && bytes[72..SealedLength].SequenceEqual(IdentityOf(car))
            ? new CarIndexFooter(
                (int)bits,
                count,
                BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
                BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
                bytes[40..72].ToArray())
            : null;
    }

    /// <summary>Whether a footer's digest is right.</summary>
    public static bool IsSealed(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> table)
    {
        Span<byte> digest = stackalloc byte[Blake2b.Size256];
        Seal(bytes[..SealedLength], table, digest);
        return bytes[SealedLength..].SequenceEqual(digest);
    }

    private static void Seal(ReadOnlySpan<byte> head, ReadOnlySpan<byte> table, Span<byte> digest)
    {
        Span<byte> both = stackalloc byte[SealedLength + Blake2b.Size256];
        head.CopyTo(both);
        Blake2b.Hash256(table, both[SealedLength..]);
        Blake2b.Hash256(both, digest);
    }
}
