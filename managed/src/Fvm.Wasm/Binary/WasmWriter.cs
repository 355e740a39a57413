using System.Text;

namespace Fvm.Wasm;

/// <summary>A growing buffer with the primitives of the Wasm binary format.</summary>
internal sealed class WasmWriter
{
    private byte[] _bytes = new byte[256];

    /// <summary>Number of bytes written.</summary>
    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public WasmWriter Byte(int value)
    {
        if (Length == _bytes.Length)
        {
            Array.Resize(ref _bytes, Length * 2);
        }

        _bytes[Length++] = (byte)value;
        return this;
    }

    public WasmWriter Raw(ReadOnlySpan<byte> bytes)
    {
        while (Length + bytes.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }

        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
        return this;
    }

    public WasmWriter U32(uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            Byte((int)value | 0x80);
        }

        return Byte((int)value);
    }

    public WasmWriter Count(int value) => U32((uint)value);

    public WasmWriter Signed(long value)
    {
        while (value is < -64 or > 63)
        {
            Byte((int)(value & 0x7f) | 0x80);
            value >>= 7;
        }

        return Byte((int)value & 0x7f);
    }

    public WasmWriter Fixed(ulong bits, int bytes)
    {
        for (int i = 0; i < bytes; i++)
        {
            Byte((int)(bits >> (8 * i)));
        }

        return this;
    }

    public WasmWriter Name(string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        return Count(bytes.Length).Raw(bytes);
    }

    /// <summary>Writes a section or body: its size, then its content.</summary>
    public WasmWriter Sized(WasmWriter content) => Count(content.Length).Raw(content.Written);
}
