using System.Buffers.Binary;

namespace Fvm;

/// <summary>The fixed part of an event's entry, as an actor passes it: 24 bytes, packed.</summary>
internal readonly record struct EventEntryHead(ulong Flags, ulong Codec, uint KeyLength, uint ValueLength)
{
    /// <summary>Bytes of one in the guest's memory.</summary>
    public const int Size = 24;

    /// <summary>Reads one.</summary>
    public static EventEntryHead Read(ReadOnlySpan<byte> packed) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(packed),
        BinaryPrimitives.ReadUInt64LittleEndian(packed[8..]),
        BinaryPrimitives.ReadUInt32LittleEndian(packed[16..]),
        BinaryPrimitives.ReadUInt32LittleEndian(packed[20..]));
}
