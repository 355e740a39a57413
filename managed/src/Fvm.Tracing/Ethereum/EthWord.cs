using System.Buffers.Binary;
using Fvm.Crypto;

namespace Fvm.Tracing;

/// <summary>A word of the EVM: 256 bits.</summary>
public readonly record struct EthWord(UInt128 High, UInt128 Low) : IComparable<EthWord>
{
    public const int Length = 32;

    public bool IsZero => High == 0 && Low == 0;

    /// <summary>A number in big-endian bytes, at most 32.</summary>
    /// <exception cref="ArgumentException">There are more.</exception>
    public static EthWord Of(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Length)
        {
            throw new ArgumentException($"a word has {Length} bytes", nameof(bytes));
        }

        Span<byte> word = stackalloc byte[Length];
        word.Clear();
        bytes.CopyTo(word[(Length - bytes.Length)..]);
        return new EthWord(BinaryPrimitives.ReadUInt128BigEndian(word), BinaryPrimitives.ReadUInt128BigEndian(word[16..]));
    }

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Length];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(16), Low);
        return bytes;
    }

    public int CompareTo(EthWord other) => High == other.High ? Low.CompareTo(other.Low) : High.CompareTo(other.High);

    /// <summary>A keyed hash: contracts choose words.</summary>
    public override int GetHashCode() => KeyedHash.ToHashCode(KeyedHash.Combine(
        KeyedHash.Combine(KeyedHash.Of((ulong)(High >> 64)), unchecked((ulong)High)),
        KeyedHash.Combine(KeyedHash.Of((ulong)(Low >> 64)), unchecked((ulong)Low))));

    /// <summary>All 64 digits, with <c>0x</c>.</summary>
    public override string ToString() => EthHex.Of(ToBytes());
}
