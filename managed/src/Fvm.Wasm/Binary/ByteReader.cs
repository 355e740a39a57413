using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Fvm.Wasm;

/// <summary>Reads the primitives of the binary format and tracks section and position for error messages.</summary>
internal ref struct ByteReader
{
    private const int MaxStringSize = 100_000;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;

    /// <param name="bytes">The module from its first byte to the end of the readable range: positions are offsets in the module.</param>
    /// <param name="position">Start position.</param>
    /// <param name="section">Section name for error messages.</param>
    public ByteReader(ReadOnlySpan<byte> bytes, int position, string section)
    {
        _bytes = bytes;
        _position = position;
        Section = section;
    }

    /// <summary>The section's name for error messages.</summary>
    public string Section { get; }

    /// <summary>Offset in the module of the next byte.</summary>
    public int Position
    {
        readonly get => _position;
        set => _position = value;
    }

    /// <summary>The module up to the end of the readable range.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _bytes;

    public readonly int Remaining => _bytes.Length - _position;

    public readonly bool AtEnd => _position >= _bytes.Length;

    public byte ReadByte()
    {
        if ((uint)_position >= (uint)_bytes.Length)
        {
            throw Error("unexpected end");
        }

        return _bytes[_position++];
    }

    public ReadOnlySpan<byte> ReadBytes(uint count)
    {
        if (count > (uint)Remaining)
        {
            throw Error("unexpected end");
        }

        ReadOnlySpan<byte> read = _bytes.Slice(_position, (int)count);
        _position += (int)count;
        return read;
    }

    public uint ReadFixed32() => BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(4));

    public ulong ReadFixed64() => BinaryPrimitives.ReadUInt64LittleEndian(ReadBytes(8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint ReadU32()
    {
        if ((uint)_position < (uint)_bytes.Length && _bytes[_position] < 0x80)
        {
            return _bytes[_position++];
        }

        return ReadLongU32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadS32()
    {
        if ((uint)_position < (uint)_bytes.Length && _bytes[_position] < 0x80)
        {
            return (_bytes[_position++] << 25) >> 25;
        }

        return (int)ReadSigned(32);
    }

    public long ReadS64() => ReadSigned(64);

    /// <summary>Reads a count or size of at most <paramref name="limit"/>.</summary>
    public int ReadCount(int limit, string what)
    {
        int start = _position;
        uint count = ReadU32();
        if (count > (uint)limit)
        {
            throw new InvalidModuleException($"{count} {what}: more than the limit of {limit}", Section, start);
        }

        return (int)count;
    }

    /// <summary>Reads a name: at most 100,000 bytes of UTF-8.</summary>
    public string ReadName()
    {
        int start = _position;
        uint length = ReadU32();
        if (length > MaxStringSize)
        {
            throw new InvalidModuleException("string too long", Section, start);
        }

        ReadOnlySpan<byte> bytes = ReadBytes(length);
        if (!Utf8.IsValid(bytes))
        {
            throw new InvalidModuleException("malformed UTF-8", Section, start);
        }

        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Reads a value type of an operand, local, global or signature.</summary>
    public ValueKind ReadValueKind()
    {
        ValueKind type = (ValueKind)ReadByte();
        if (type is ValueKind.I32 or ValueKind.I64 or ValueKind.F32 or ValueKind.F64 or ValueKind.FuncRef)
        {
            return type;
        }

        _position--;
        throw Error($"invalid or unsupported value type 0x{(byte)type:x2}");
    }

    public readonly InvalidModuleException Error(string problem) => new(problem, Section, _position);

    private uint ReadLongU32()
    {
        uint result = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = ReadByte();
            result |= (uint)(next & 0x7f) << shift;
            if (shift == 28 && next > 0x0f)
            {
                _position--;
                throw Error((next & 0x80) != 0 ? "integer representation too long" : "integer too large");
            }

            if (next < 0x80)
            {
                return result;
            }
        }
    }

    private long ReadSigned(int bits)
    {
        long result = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = ReadByte();
            result |= (long)(next & 0x7f) << shift;
            if (shift + 7 >= bits)
            {
                // Bits of the last byte beyond the type's width must be a sign extension.
                int spare = (sbyte)(next << 1) >> (bits - shift);
                if (next >= 0x80 || (spare != 0 && spare != -1))
                {
                    _position--;
                    throw Error(next >= 0x80 ? "integer representation too long" : "integer too large");
                }

                return bits == 32 ? (int)result : result;
            }

            if (next < 0x80)
            {
                int unused = 64 - 7 - shift;
                return (result << unused) >> unused;
            }
        }
    }
}
