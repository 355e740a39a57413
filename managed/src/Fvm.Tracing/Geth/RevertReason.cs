using System.Buffers.Binary;
using System.Text;

namespace Fvm.Tracing;

/// <summary>What Solidity's contracts return when they revert: Error(string), or Panic(uint256).</summary>
internal static class RevertReason
{
    private const uint ErrorSelector = 0x08c379a0;
    private const uint PanicSelector = 0x4e487b71;
    private const int Selector = 4;

    /// <summary>The reason as text; null if the data has another form.</summary>
    public static string? Of(ReadOnlySpan<byte> data)
    {
        if (data.Length < Selector + EthWord.Length) return null;

        uint selector = BinaryPrimitives.ReadUInt32BigEndian(data);
        data = data[Selector..];
        return selector switch
        {
            ErrorSelector => TextIn(data),
            PanicSelector => PanicText(EthWord.Of(data[..EthWord.Length])),
            _ => null,
        };
    }

    // The offset of the text, then at it the length and the text.
    private static string? TextIn(ReadOnlySpan<byte> data)
    {
        if (!TryRead(data, 0, out int offset) || !TryRead(data, offset, out int length)) return null;

        ReadOnlySpan<byte> text = data[(offset + EthWord.Length)..];
        return length <= text.Length ? Encoding.UTF8.GetString(text[..length]) : null;
    }

    private static bool TryRead(ReadOnlySpan<byte> data, int at, out int number)
    {
        number = 0;
        if (at > data.Length - EthWord.Length) return false;

        EthWord word = EthWord.Of(data.Slice(at, EthWord.Length));
        bool fits = word.High == 0 && word.Low <= (UInt128)(uint)data.Length;
        number = fits ? (int)word.Low : 0;
        return fits;
    }

    // Geth's texts.
    private static string PanicText(EthWord code) => (code.High == 0 ? (ulong)code.Low : ulong.MaxValue) switch
    {
        0x00 => "generic panic",
        0x01 => "assert(false)",
        0x11 => "arithmetic underflow or overflow",
        0x12 => "division or modulo by zero",
        0x21 => "enum overflow",
        0x22 => "invalid encoded storage byte array accessed",
        0x31 => "out-of-bounds array access; popping on an empty array",
        0x32 => "out-of-bounds access of an array or bytesN",
        0x41 => "out of memory",
        0x51 => "uninitialized function",
        _ => $"unknown panic code: {code}",
    };
}
