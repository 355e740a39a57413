using System.Text;

namespace Fvm.Fuzz;

/// <summary>Writes the binary form of a WebAssembly module, section by section.</summary>
internal sealed class WasmWriter
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public void Raw(params ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);

    public void Unsigned(uint value)
    {
        while (value >= 0x80)
        {
            _bytes.Add((byte)(value | 0x80));
            value >>= 7;
        }

        _bytes.Add((byte)value);
    }

    public void Signed(long value)
    {
        while (value is < -64 or > 63)
        {
            _bytes.Add((byte)(((byte)value & 0x7f) | 0x80));
            value >>= 7;
        }

        _bytes.Add((byte)(value & 0x7f));
    }

    public void Name(string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        Sized(bytes);
    }

    public void Sized(ReadOnlySpan<byte> bytes)
    {
        Unsigned((uint)bytes.Length);
        _bytes.AddRange(bytes);
    }

    public void Section(byte id, WasmWriter content)
    {
        _bytes.Add(id);
        Sized(content.ToArray());
    }

    public void ConstantI32(int value)
    {
        _bytes.Add(0x41);
        Signed(value);
    }

    public void ConstantI64(long value)
    {
        _bytes.Add(0x42);
        Signed(value);
    }
}
