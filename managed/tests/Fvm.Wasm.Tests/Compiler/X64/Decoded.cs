using Iced.Intel;

namespace Fvm.Wasm.Tests;

/// <summary>Disassembles machine code by Iced's decoder: all numbers decimal, all memory operands with their sizes.</summary>
internal static class Decoded
{
    private static readonly string[] Names32 =
        ["eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "r8d", "r9d", "r10d", "r11d", "r12d", "r13d", "r14d", "r15d"];

    private static readonly string[] Names16 =
        ["ax", "cx", "dx", "bx", "sp", "bp", "si", "di", "r8w", "r9w", "r10w", "r11w", "r12w", "r13w", "r14w", "r15w"];

    private static readonly string[] Names8 =
        ["al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil", "r8b", "r9b", "r10b", "r11b", "r12b", "r13b", "r14b", "r15b"];

    public static MasmFormatter Formatter()
    {
        MasmFormatter formatter = new();
        formatter.Options.NumberBase = NumberBase.Decimal;
        formatter.Options.SignedImmediateOperands = true;
        formatter.Options.SignedMemoryDisplacements = true;
        formatter.Options.SpaceAfterOperandSeparator = true;
        formatter.Options.MemorySizeOptions = MemorySizeOptions.Always;
        formatter.Options.RipRelativeAddresses = false;
        formatter.Options.ShowBranchSize = false;
        return formatter;
    }

    /// <summary>The instruction at a position of code with start address 0.</summary>
    public static string At(ReadOnlySpan<byte> code, int position)
    {
        Decoder decoder = Decoder.Create(64, code[position..].ToArray());
        decoder.IP = (ulong)position;
        StringOutput output = new();
        Formatter().Format(decoder.Decode(), output);
        return output.ToStringAndReset();
    }

    /// <summary>All instructions of code that begins at address 0.</summary>
    public static IEnumerable<string> All(byte[] code)
    {
        MasmFormatter formatter = Formatter();
        StringOutput output = new();
        Decoder decoder = Decoder.Create(64, code);
        while (decoder.IP < (ulong)code.Length)
        {
            formatter.Format(decoder.Decode(), output);
            yield return output.ToStringAndReset();
        }
    }

    public static string Name(Register register, int bits) => bits switch
    {
        64 => register.ToString().ToLowerInvariant(),
        32 => Names32[(int)register],
        16 => Names16[(int)register],
        _ => Names8[(int)register],
    };

    public static string Name(Xmm register, int bytes = 16) =>
        (bytes switch { 64 => "zmm", 32 => "ymm", _ => "xmm" }) + (int)register;

    /// <summary>A memory operand, without a size for 0 bits.</summary>
    public static string Name(in Address address, int bits, int late = 0)
    {
        string size = bits switch
        {
            0 => "",
            8 => "byte ptr ",
            16 => "word ptr ",
            32 => "dword ptr ",
            64 => "qword ptr ",
            128 => "xmmword ptr ",
            256 => "ymmword ptr ",
            _ => "zmmword ptr ",
        };
        string text = Name(address.Base, 64);
        if (address.Index != Register.None)
        {
            text += "+" + Name(address.Index, 64) + (address.Scale == 0 ? "" : $"*{1 << address.Scale}");
        }

        int displacement = address.Displacement + (address.NeedsFixUp ? late : 0);
        return $"{size}[{text}{(displacement == 0 ? "" : displacement.ToString("+0;-0"))}]";
    }
}
