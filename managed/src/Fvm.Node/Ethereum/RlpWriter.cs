using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace Fvm.Node;

/// <summary>Writes the items of a list in Ethereum's Recursive Length Prefix (see <see cref="RlpReader"/>).</summary>
internal sealed class RlpWriter
{
    private const byte StringHead = 0x80;
    private const byte ListHead = 0xc0;
    private const int MaxShort = 55;

    private readonly ArrayBufferWriter<byte> _items = new();

    /// <summary>A byte string.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != 1 || bytes[0] >= StringHead)
        {
            WriteHead(_items, StringHead, bytes.Length);
        }

        _items.Write(bytes);
    }

    /// <summary>A number.</summary>
    public void Write(ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        Write(bytes.TrimStart((byte)0));
    }

    /// <summary>A number that is not negative.</summary>
    public void Write(in BigInteger value) => Write(value.IsZero ? [] : value.ToByteArray(isUnsigned: true, isBigEndian: true));

    /// <summary>A list without items.</summary>
    public void WriteEmptyList() => WriteHead(_items, ListHead, 0);

    /// <summary>The list of all items written.</summary>
    /// <param name="prefix">Bytes before it.</param>
    public byte[] ToList(params ReadOnlySpan<byte> prefix)
    {
        ArrayBufferWriter<byte> list = new(prefix.Length + _items.WrittenCount + 9);
        list.Write(prefix);
        WriteHead(list, ListHead, _items.WrittenCount);
        list.Write(_items.WrittenSpan);
        return list.WrittenSpan.ToArray();
    }

    private static void WriteHead(ArrayBufferWriter<byte> to, byte head, int length)
    {
        if (length <= MaxShort)
        {
            to.Write([(byte)(head + length)]);
            return;
        }

        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        ReadOnlySpan<byte> shortest = bytes.TrimStart((byte)0);
        to.Write([(byte)(head + MaxShort + shortest.Length)]);
        to.Write(shortest);
    }
}
