using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Fvm.Crypto;
using Fvm.Ipld;

namespace Fvm.Node;

/// <summary>
/// A hash of 32 bytes: of a transaction, a block, a topic or a storage slot. The hashes of blocks and of native messages are the digests of
/// their CIDs.
/// </summary>
internal readonly struct EthHash : IEquatable<EthHash>
{
    public const int Length = 32;

    private const int TextLength = 2 + (2 * Length);

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;

    /// <param name="bytes">32 bytes.</param>
    /// <exception cref="ArgumentException">The length is different.</exception>
    public EthHash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
        {
            throw new ArgumentException($"a hash has {Length} bytes", nameof(bytes));
        }

        _first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _second = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _third = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _fourth = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    public static bool operator ==(EthHash left, EthHash right) => left.Equals(right);

    public static bool operator !=(EthHash left, EthHash right) => !left.Equals(right);

    /// <summary>The digest of a CID with one of 32 bytes.</summary>
    public static EthHash OfCid(in Cid cid) => new(cid.Digest);

    /// <summary>A number as a word, big-endian.</summary>
    /// <exception cref="ArgumentException">It is negative, or longer.</exception>
    public static EthHash OfNumber(in BigInteger number)
    {
        int length = number.Sign < 0 ? int.MaxValue : number.GetByteCount(isUnsigned: true);
        if (length > Length)
        {
            throw new ArgumentException($"a word has {Length} bytes, and no sign", nameof(number));
        }

        Span<byte> word = stackalloc byte[Length];
        word.Clear();
        _ = number.TryWriteBytes(word[(Length - length)..], out _, isUnsigned: true, isBigEndian: true);
        return new EthHash(word);
    }

    /// <summary>Parses 0x and 64 hexadecimal digits.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out EthHash hash)
    {
        hash = default;
        Span<byte> bytes = stackalloc byte[Length];
        if (text is null || text.Length != TextLength || text[0] != '0' || text[1] is not ('x' or 'X')
            || Convert.FromHexString(text.AsSpan(2), bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        hash = new EthHash(bytes);
        return true;
    }

    /// <summary>The CID of DAG-CBOR with this digest (BLAKE2b-256).</summary>
    public Cid ToCid() => Cid.CreateV1(Multicodec.DagCbor, MultihashCode.Blake2b256, ToBytes());

    public void WriteTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _first);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _second);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _third);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _fourth);
    }

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Length];
        WriteTo(bytes);
        return bytes;
    }

    public bool Equals(EthHash other) =>
        _first == other._first && _second == other._second && _third == other._third && _fourth == other._fourth;

    public override bool Equals(object? obj) => obj is EthHash other && Equals(other);

    /// <summary>A keyed hash: clients choose topics.</summary>
    public override int GetHashCode()
    {
        ulong hash = KeyedHash.Combine(KeyedHash.Of(_first), _second);
        return KeyedHash.ToHashCode(KeyedHash.Combine(KeyedHash.Combine(hash, _third), _fourth));
    }

    /// <summary>0x and 64 lower-case digits.</summary>
    public override string ToString() => "0x" + Convert.ToHexStringLower(ToBytes());
}
