using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Fvm.Crypto;

namespace Fvm.Ipld;

/// <summary>
/// A content identifier: version, codec of the block, and multihash (code and digest of at most 64 bytes).
/// Digests of up to 32 bytes are stored inline; longer ones, and codes that no registered codec or hash function has, in an object.
/// </summary>
/// <remarks>
/// The default value is not a CID (<see cref="IsDefault"/>): it equals only itself and cannot be written.
/// Equality, order and decoding leniency are those of the crates cid 0.11 and multihash 0.19, which the reference uses.
/// </remarks>
public readonly partial struct Cid : IEquatable<Cid>, IComparable<Cid>
{
    /// <summary>The longest digest, in bytes.</summary>
    public const int MaxDigestLength = 64;

    /// <summary>The longest binary form of a CID, in bytes.</summary>
    public const int MaxByteLength = 1 + Varint.MaxLength + Varint.MaxLength + 1 + MaxDigestLength;

    /// <summary>The varints 0xb220 and 32, as four bytes read little-endian: BLAKE2b-256 with its full length.</summary>
    internal const uint Blake2b256Prefix = 0x2002e4a0;

    private const int InlineLength = 32;
    private const byte NoKind = 0;
    private const byte KindV0 = 1;
    private const byte KindV1 = 2;

    // The digest's bytes in memory order, zero-padded; all zero if the digest is longer.
    private readonly ShortDigest _short;

    // What does not fit the fields below, of which the codes are then zero. Dictionaries, nodes and actors are full of CIDs, so they are small.
    private readonly Rare? _rare;
    private readonly uint _codec;
    private readonly ushort _hashCode;
    private readonly byte _digestLength;
    private readonly byte _kind;

    private Cid(byte kind, ulong codec, ulong multihashCode, ReadOnlySpan<byte> digest)
    {
        _kind = kind;
        _digestLength = (byte)digest.Length;
        if (codec <= uint.MaxValue && multihashCode <= ushort.MaxValue && digest.Length <= InlineLength)
        {
            _codec = (uint)codec;
            _hashCode = (ushort)multihashCode;
        }
        else
        {
            _rare = new Rare(codec, multihashCode, digest.Length <= InlineLength ? [] : digest.ToArray());
        }

        if (digest.Length == InlineLength)
        {
            _short = new ShortDigest(digest);
        }
        else if (digest.Length < InlineLength)
        {
            Span<byte> padded = stackalloc byte[InlineLength];
            padded.Clear();
            digest.CopyTo(padded);
            _short = new ShortDigest(padded);
        }
    }

    /// <summary>True for the default value, which identifies no block.</summary>
    public bool IsDefault => _kind == NoKind;

    /// <summary>0 or 1.</summary>
    public ulong Version => _kind == KindV0 ? 0UL : 1UL;

    /// <summary>The codec of the block: see <see cref="Multicodec"/>.</summary>
    public ulong Codec => _rare is null ? _codec : _rare.Codec;

    /// <summary>The hash function: see <see cref="Fvm.Ipld.MultihashCode"/>.</summary>
    public ulong MultihashCode => _rare is null ? _hashCode : _rare.HashCode;

    /// <summary>The digest's length in bytes, 0 to 64.</summary>
    public int DigestLength => _digestLength;

    /// <summary>The digest, 0 to 64 bytes.</summary>
    // Sound: the bytes are those of a field of this value, as which UnscopedRef makes the compiler treat them, and ShortDigest has no
    // references.
    [UnscopedRef]
    public ReadOnlySpan<byte> Digest => _digestLength > InlineLength
        ? _rare!.LongDigest
        : MemoryMarshal.AsBytes(new ReadOnlySpan<ShortDigest>(in _short))[.._digestLength];

    /// <summary>Whether it has version 1 and a whole BLAKE2b-256 digest, and a codec of at most 32 bits: nearly all have.</summary>
    internal bool IsUsual =>
        _kind == KindV1 && _hashCode == Ipld.MultihashCode.Blake2b256 && _digestLength == InlineLength && _rare is null;

    /// <summary>The digest of a CID for which <see cref="IsUsual"/> holds.</summary>
    internal ShortDigest ShortForm => _short;

    /// <summary>The length of the binary form, in bytes.</summary>
    public int ByteLength => _kind switch
    {
        KindV1 => 1 + Varint.LengthOf(Codec) + Varint.LengthOf(MultihashCode) + 1 + _digestLength,
        KindV0 => 2 + _digestLength,
        _ => 0,
    };

    /// <summary>A CID of version 1.</summary>
    /// <exception cref="ArgumentException">The digest is longer than 64 bytes.</exception>
    public static Cid CreateV1(ulong codec, ulong multihashCode, ReadOnlySpan<byte> digest)
    {
        if (digest.Length > MaxDigestLength)
        {
            throw new ArgumentException($"a digest has at most {MaxDigestLength} bytes, not {digest.Length}", nameof(digest));
        }

        return new Cid(KindV1, codec, multihashCode, digest);
    }

    /// <summary>A CID of version 0: SHA-256 of a dag-pb block.</summary>
    /// <exception cref="ArgumentException">The digest is not 32 bytes long.</exception>
    public static Cid CreateV0(ReadOnlySpan<byte> sha256)
    {
        if (sha256.Length != InlineLength)
        {
            throw new ArgumentException($"a CIDv0 has a digest of 32 bytes, not {sha256.Length}", nameof(sha256));
        }

        return new Cid(KindV0, Multicodec.DagPb, Ipld.MultihashCode.Sha2_256, sha256);
    }

    /// <summary>The CID (version 1) of a block hashed with BLAKE2b-256, the hash of the chain's blocks.</summary>
    public static Cid Blake2b256(ulong codec, ReadOnlySpan<byte> block)
    {
        Span<byte> digest = stackalloc byte[InlineLength];
        Blake2b.Hash256(block, digest);
        return new Cid(KindV1, codec, Ipld.MultihashCode.Blake2b256, digest);
    }

    /// <summary>The CIDs of several blocks, as <see cref="Blake2b256(ulong, ReadOnlySpan{byte})"/>, hashed together.</summary>
    /// <param name="codec">The codec of all blocks.</param>
    /// <param name="blocks">The blocks.</param>
    /// <param name="cids">Receives one CID per block.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="cids"/> is too short.</exception>
    public static void Blake2b256(ulong codec, ReadOnlySpan<ReadOnlyMemory<byte>> blocks, Span<Cid> cids)
    {
        const int Batch = 64;
        Span<byte> digests = stackalloc byte[Batch * InlineLength];
        for (int start = 0; start < blocks.Length; start += Batch)
        {
            ReadOnlySpan<ReadOnlyMemory<byte>> batch = blocks.Slice(start, Math.Min(Batch, blocks.Length - start));
            Blake2bBatch.Hash256(batch, digests);
            for (int index = 0; index < batch.Length; index++)
            {
                cids[start + index] = new Cid(
                    KindV1, codec, Ipld.MultihashCode.Blake2b256, digests.Slice(index * InlineLength, InlineLength));
            }
        }
    }

    /// <summary>Reads a CID from the start of <paramref name="bytes"/>; trailing bytes are ignored.</summary>
    /// <param name="bytes">v0: 0x12, 0x20 and 32 bytes; v1: the varints 1, codec, hash code and length, and the digest.</param>
    /// <param name="cid">The CID, or the default value.</param>
    /// <param name="read">The number of bytes read.</param>
    /// <returns>False for an unknown version or an explicit version 0, an invalid varint, a digest over 64 bytes, or truncation.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Cid cid, out int read)
    {
        // Fast path for the form of nearly all links.
        if (bytes.Length >= 6 + InlineLength
            && bytes[0] == 1
            && bytes[1] < 0x80
            && BinaryPrimitives.ReadUInt32LittleEndian(bytes[2..]) == Blake2b256Prefix)
        {
            cid = new Cid(KindV1, bytes[1], Ipld.MultihashCode.Blake2b256, bytes.Slice(6, InlineLength));
            read = 6 + InlineLength;
            return true;
        }

        cid = default;
        read = 0;
        int at = 0;
        if (!TryReadVarint(bytes, ref at, out ulong version) || !TryReadVarint(bytes, ref at, out ulong codec))
        {
            return false;
        }

        if (version == Ipld.MultihashCode.Sha2_256 && codec == InlineLength)
        {
            if (bytes.Length - at < InlineLength)
            {
                return false;
            }

            cid = new Cid(KindV0, Multicodec.DagPb, Ipld.MultihashCode.Sha2_256, bytes.Slice(at, InlineLength));
            read = at + InlineLength;
            return true;
        }

        if (version != 1
            || !TryReadVarint(bytes, ref at, out ulong hashCode)
            || !TryReadVarint(bytes, ref at, out ulong length)
            || length > MaxDigestLength
            || length > (ulong)(bytes.Length - at))
        {
            return false;
        }

        cid = new Cid(KindV1, codec, hashCode, bytes.Slice(at, (int)length));
        read = at + (int)length;
        return true;
    }

    /// <summary>Writes the binary form and returns its length.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="ByteLength"/>.</exception>
    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    public int WriteTo(Span<byte> destination)
    {
        int length = ByteLength;
        if (_kind == NoKind)
        {
            throw new InvalidOperationException("the default value is no CID and has no bytes");
        }

        if (destination.Length < length)
        {
            throw new ArgumentException($"a CID of {length} bytes does not fit {destination.Length}", nameof(destination));
        }

        int at = 0;
        if (_kind == KindV1)
        {
            destination[at++] = 1;
            at += Varint.Write(Codec, destination[at..]);
        }

        at += Varint.Write(MultihashCode, destination[at..]);
        destination[at++] = _digestLength;
        Digest.CopyTo(destination[at..]);
        return length;
    }

    /// <summary>The binary form as a new array.</summary>
    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[ByteLength];
        WriteTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public bool Equals(Cid other) => Equals(in this, in other);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Cid other && Equals(in this, in other);

    /// <summary>The reference's order: version, codec, hash code, digest length, digest.</summary>
    public int CompareTo(Cid other)
    {
        int order = _kind.CompareTo(other._kind);
        order = order != 0 ? order : Codec.CompareTo(other.Codec);
        order = order != 0 ? order : MultihashCode.CompareTo(other.MultihashCode);
        order = order != 0 ? order : _digestLength.CompareTo(other._digestLength);
        return order != 0 ? order : Digest.SequenceCompareTo(other.Digest);
    }

    /// <summary>A keyed hash: collisions cannot be constructed, although the author of a block chooses the digests it links to.</summary>
    public override int GetHashCode()
    {
        // A codec of one byte may share a word with the digest: at most 128 CIDs have the same sum.
        ulong hash = IsUsual && _codec < 0x80 ? _short.Hash(_codec) : HashOfUnusual();
        return (int)(hash ^ (hash >> 32));
    }

    /// <summary>Equality by value.</summary>
    public static bool operator ==(in Cid left, in Cid right) => Equals(in left, in right);

    /// <summary>Inequality by value.</summary>
    public static bool operator !=(in Cid left, in Cid right) => !Equals(in left, in right);

    private static bool Equals(in Cid left, in Cid right) =>
        left._short.Equals(right._short)
        && left._codec == right._codec
        && left._hashCode == right._hashCode
        && left._digestLength == right._digestLength
        && left._kind == right._kind
        && (left._rare is null ? right._rare is null : left._rare.HasSameAs(right._rare));

    // Each part under keys of its own: added to another part, it could be compensated there.
    private ulong HashOfUnusual()
    {
        ulong form = ((ulong)_digestLength << 8) | _kind;
        ulong hash = KeyedHash.Mix(_short.Hash(form) ^ Codec, KeyedHash.Fifth);
        hash = KeyedHash.Mix(hash ^ MultihashCode, KeyedHash.Sixth);
        if (_digestLength <= InlineLength)
        {
            return hash;
        }

        Span<byte> padded = stackalloc byte[MaxDigestLength];
        padded.Clear();
        Digest.CopyTo(padded);
        ulong first = new ShortDigest(padded).Hash(0);
        ulong second = new ShortDigest(padded[InlineLength..]).Hash(0);
        return KeyedHash.Mix(hash ^ first, second ^ KeyedHash.Fifth);
    }

    private static bool TryReadVarint(ReadOnlySpan<byte> bytes, ref int at, out ulong value)
    {
        bool good = Varint.TryRead(bytes[at..], out value, out int read);
        at += read;
        return good;
    }

    // The parts of a CID of which one does not fit; the digest is empty if it is inline.
    private sealed class Rare(ulong codec, ulong hashCode, byte[] longDigest)
    {
        public ulong Codec => codec;

        public ulong HashCode => hashCode;

        public ReadOnlySpan<byte> LongDigest => longDigest;

        public bool HasSameAs(Rare? other) => other is not null
            && codec == other.Codec
            && hashCode == other.HashCode
            && LongDigest.SequenceEqual(other.LongDigest);
    }
}
