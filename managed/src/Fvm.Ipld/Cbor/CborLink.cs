using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Fvm.Crypto;

namespace Fvm.Ipld;

/// <summary>
/// The encoding that nearly every link has: the shortest form of tag 42 around a CIDv1 with a codec below 128 and a whole BLAKE2b-256 digest.
/// It is valid under all <see cref="CborRules"/>, and written back as it was read.
/// </summary>
public static class CborLink
{
    /// <summary>Bytes of such a link.</summary>
    public const int Length = CidAt + 6 + Blake2b.Size256;

    /// <summary>Bytes of its digest, at its end.</summary>
    internal const int DigestLength = Blake2b.Size256;

    /// <summary>Bytes of such a link behind the tag.</summary>
    internal const int LengthAfterTag = Length - TagLength;

    private const int TagLength = 2;

    // Where the CID begins: behind tag 42 (d8 2a), a head for 39 bytes (58 27) and the zero byte of a binary CID.
    private const int CidAt = 5;
    private const int CodecAt = CidAt + 1;

    // The first eight bytes, with the CID's version and the start of its hash code, and a codec below 128; read little-endian.
    private const ulong Start = 0xa0_00_01_00_27_58_2a_d8;
    private const ulong StartMask = 0xff_80_ff_ff_ff_ff_ff_ff;

    // The same without the tag.
    private const uint StartAfterTag = unchecked((uint)(Start >> (8 * TagLength)));

    /// <summary>Whether some bytes start with a link of this form.</summary>
    // Inlined: a node of a large state has dozens, and all are checked when it is read.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool StartsWith(ReadOnlySpan<byte> bytes, out byte codec)
    {
        codec = 0;
        if (bytes.Length < Length
            || (BinaryPrimitives.ReadUInt64LittleEndian(bytes) & StartMask) != Start
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[(CodecAt + 1)..]) != Cid.Blake2b256Prefix)
        {
            return false;
        }

        codec = bytes[CodecAt];
        return true;
    }

    /// <summary>Whether some bytes behind a tag 42 complete a link of this form.</summary>
    internal static bool ContinuesTag(ReadOnlySpan<byte> bytes, out byte codec)
    {
        codec = 0;
        if (bytes.Length < LengthAfterTag
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != StartAfterTag
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[(CodecAt + 1 - TagLength)..]) != Cid.Blake2b256Prefix)
        {
            return false;
        }

        codec = bytes[CodecAt - TagLength];
        return codec < 0x80;
    }

    /// <summary>The CID of a link of this form.</summary>
    internal static Cid CidOf(ReadOnlySpan<byte> link)
    {
        _ = Cid.TryRead(link[CidAt..], out Cid cid, out _);
        return cid;
    }
}
