using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Fvm.Ipld;

/// <summary>
/// Writes canonical DAG-CBOR into a growing, reusable buffer. Heads are minimal and lengths definite by construction; the caller ensures that
/// the number of items matches their header and that a map's keys are sorted (by length, then by bytes).
/// </summary>
public sealed class CborWriter
{
    private const int MaxHeadLength = 9;
    private byte[] _buffer;
    private int _length;

    /// <summary>A writer with an initial capacity, in bytes.</summary>
    public CborWriter(int capacity = 256)
    {
        _buffer = new byte[capacity];
    }

    /// <summary>The number of bytes written.</summary>
    public int Length => _length;

    /// <summary>The bytes written; valid until the next write or <see cref="Reset"/>.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _buffer.AsSpan(0, _length);

    /// <summary>The bytes written; valid until the next write or <see cref="Reset"/>.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, _length);

    /// <summary>Discards the bytes written and keeps the buffer.</summary>
    public void Reset() => _length = 0;

    /// <summary>The bytes written, as a new array.</summary>
    public byte[] ToArray()
    {
        // Nodes of a state are some kilobytes each: clearing the array first would take as long as the copy.
        byte[] copy = GC.AllocateUninitializedArray<byte>(_length);
        WrittenSpan.CopyTo(copy);
        return copy;
    }

    /// <summary>An unsigned integer.</summary>
    public void WriteUInt(ulong value) => WriteHead(CborMajor.Unsigned, value);

    /// <summary>A signed integer.</summary>
    public void WriteInt(long value)
    {
        // -1 - value is the bitwise complement, which cannot overflow.
        if (value < 0)
        {
            WriteHead(CborMajor.Negative, (ulong)~value);
        }
        else
        {
            WriteHead(CborMajor.Unsigned, (ulong)value);
        }
    }

    /// <summary>A byte string.</summary>
    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        WriteHead(CborMajor.Bytes, (ulong)value.Length);
        WriteRaw(value);
    }

    /// <summary>A text.</summary>
    public void WriteText(ReadOnlySpan<char> value)
    {
        int length = Encoding.UTF8.GetByteCount(value);
        WriteHead(CborMajor.Text, (ulong)length);
        Encoding.UTF8.GetBytes(value, Reserve(length));
        _length += length;
    }

    /// <summary>A text already in UTF-8; not validated.</summary>
    public void WriteTextUtf8(ReadOnlySpan<byte> value)
    {
        WriteHead(CborMajor.Text, (ulong)value.Length);
        WriteRaw(value);
    }

    /// <summary>True or false.</summary>
    public void WriteBool(bool value) => WriteByte(value ? CborMajor.True : CborMajor.False);

    /// <summary>Null.</summary>
    public void WriteNull() => WriteByte(CborMajor.Null);

    /// <summary>A floating-point number, always in 64 bits.</summary>
    /// <exception cref="ArgumentException">The value is infinite or NaN: DAG-CBOR excludes both.</exception>
    public void WriteDouble(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentException("DAG-CBOR has only finite numbers", nameof(value));
        }

        WriteByte(CborMajor.Float64);
        BinaryPrimitives.WriteDoubleBigEndian(Reserve(sizeof(double)), value);
        _length += sizeof(double);
    }

    /// <summary>The start of an array; exactly <paramref name="count"/> items must follow.</summary>
    public void WriteArrayHeader(int count) => WriteHead(CborMajor.Array, (ulong)count);

    /// <summary>The start of a map; exactly <paramref name="count"/> key-value pairs must follow.</summary>
    public void WriteMapHeader(int count) => WriteHead(CborMajor.Map, (ulong)count);

    /// <summary>A link: tag 42, a byte string of a zero byte and the binary CID.</summary>
    /// <exception cref="InvalidOperationException">The CID is the default value.</exception>
    public void WriteCid(in Cid cid)
    {
        int length = cid.ByteLength;
        if (length == 0)
        {
            throw new InvalidOperationException("the default value is no CID and cannot be written as a link");
        }

        WriteHead(CborMajor.Tag, CborMajor.LinkTag);
        WriteHead(CborMajor.Bytes, (ulong)length + 1);
        Span<byte> destination = Reserve(length + 1);
        destination[0] = 0;
        cid.WriteTo(destination[1..]);
        _length += length + 1;
    }

    /// <summary>Encoded CBOR, verbatim: one or more items.</summary>
    public void WriteRaw(ReadOnlySpan<byte> encoded)
    {
        encoded.CopyTo(Reserve(encoded.Length));
        _length += encoded.Length;
    }

    private void WriteByte(byte value)
    {
        Reserve(1)[0] = value;
        _length++;
    }

    private void WriteHead(byte major, ulong argument)
    {
        byte type = (byte)(major << 5);
        if (argument < 24)
        {
            WriteByte((byte)(type | (byte)argument));
            return;
        }

        Span<byte> head = Reserve(MaxHeadLength);
        switch (argument)
        {
            case <= byte.MaxValue:
                head[0] = (byte)(type | 24);
                head[1] = (byte)argument;
                _length += 2;
                break;
            case <= ushort.MaxValue:
                head[0] = (byte)(type | 25);
                BinaryPrimitives.WriteUInt16BigEndian(head[1..], (ushort)argument);
                _length += 3;
                break;
            case <= uint.MaxValue:
                head[0] = (byte)(type | 26);
                BinaryPrimitives.WriteUInt32BigEndian(head[1..], (uint)argument);
                _length += 5;
                break;
            default:
                head[0] = (byte)(type | 27);
                BinaryPrimitives.WriteUInt64BigEndian(head[1..], argument);
                _length += 9;
                break;
        }
    }

    /// <summary>Ensures capacity for <paramref name="count"/> more bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _length < count)
        {
            Grow(count);
        }

        return _buffer.AsSpan(_length);
    }

    // A separate method, so that only the check is inlined into each write.
    private void Grow(int count)
    {
        byte[] larger = GC.AllocateUninitializedArray<byte>(checked(Math.Max(_buffer.Length * 2, _length + count)));
        WrittenSpan.CopyTo(larger);
        _buffer = larger;
    }
}
