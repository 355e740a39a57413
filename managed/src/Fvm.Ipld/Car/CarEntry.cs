using System.Buffers.Binary;

namespace Fvm.Ipld;

/// <summary>An entry of an index: the key of a CID, and the offset of its section.</summary>
internal readonly record struct CarEntry(ulong Key, long Offset) : IComparable<CarEntry>
{
    /// <summary>The length in bytes.</summary>
    public const int Size = sizeof(ulong) + sizeof(long);

    public static CarEntry Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadInt64LittleEndian(bytes[sizeof(ulong)..]));

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Key);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[sizeof(ulong)..], Offset);
    }

    public int CompareTo(CarEntry other)
    {
        int order = Key.CompareTo(other.Key);
        return order != 0 ? order : Offset.CompareTo(other.Offset);
    }
}
