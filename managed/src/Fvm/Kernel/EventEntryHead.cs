using System.Buffers.Binary;

namespace Fvm;

/// <summary>The fixed-size part of an event entry, as passed by an actor: 24 bytes, packed.</summary>
internal readonly record struct EventEntryHead(ulong Flags, ulong Codec, uint KeyLength, uint ValueLength)
{
    /// <summary>The size in guest memory, in bytes.</summary>
    public const int Size = 24;

    /// <summary>Decodes an entry head.</summary>
    public static EventEntryHead Read(ReadOnlySpan<byte> packed) => new(
        BinaryPrimitives.ReadUInt64LittleEndian(packed),
        BinaryPrimitives.ReadUInt64LittleEndian(packed[8..]),
        BinaryPrimitives.ReadUInt32LittleEndian(packed[16..]),
        BinaryPrimitives.ReadUInt32LittleEndian(packed[20..]));
}
