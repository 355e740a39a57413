using System.Reflection;
using Iced.Intel;
using NUnit.Framework;
using static Fvm.Wasm.Tests.Decoded;

namespace Fvm.Wasm.Tests;

internal delegate void WidthRegisterRegister(Width width, Register to, Register from);

internal delegate void WidthRegisterMemory(Width width, Register to, in Address from);

internal delegate void WidthMemoryRegister(Width width, in Address to, Register from);

internal delegate void WidthRegisterImmediate(Width width, Register to, int value);

internal delegate void WidthMemoryImmediate(Width width, in Address to, int value);

internal delegate void PlainRegisterMemory(Register to, in Address from);

internal delegate void PlainMemoryRegister(in Address to, Register from);

internal delegate void PlainMemoryImmediate(in Address to, int value);

internal delegate void MemoryAlone(in Address to);

internal delegate void ConditionMemory(Condition condition, Width width, Register to, in Address from);

internal delegate void AluRegisterMemory(Alu op, Width width, Register to, in Address from);

internal delegate void AluMemoryRegister(Alu op, Width width, in Address to, Register from);

internal delegate void AluMemoryImmediate(Alu op, Width width, in Address to, int value);

internal delegate void WidthVectorMemory(Width width, Xmm to, in Address from);

internal delegate void WidthMemoryVector(Width width, in Address to, Xmm from);

internal delegate void SizeVectorMemory(int size, Xmm to, in Address from);

internal delegate void SizeMemoryVector(int size, in Address to, Xmm from);

/// <summary>
/// Enumerates all variants of each emitter method, and compares the written instruction with the expected text, derived from the method's
/// name and operands. Counts the instructions, and records the methods.
/// </summary>
internal sealed partial class InstructionForms : IDisposable
{
    /// <summary>Added to late displacements, as the frame of a function is.</summary>
    private const int Late = 1000;

    private static readonly Register[] AllRegisters = [.. Enum.GetValues<Register>().Where(static register => register != Register.None)];

    // A low and an extended register, and those whose number denoted another register in legacy byte operands.
    private static readonly Register[] FewRegisters = [Register.Rcx, Register.Rsp, Register.Rdi, Register.R9];
    private static readonly Register[] Indices = [Register.Rax, Register.Rbp, Register.R9, Register.R12, Register.R13];
    private static readonly Width[] Widths = [Width.W32, Width.W64];
    private static readonly int[] Displacements = [0, 8, 127, -128, 128, -129, int.MaxValue, int.MinValue];
    private static readonly int[] Immediates = [0, 1, 127, -128, 128, -129, int.MaxValue, int.MinValue];

    private readonly MasmFormatter _formatter = Formatter();
    private readonly StringOutput _text = new();

    public Emitter Asm { get; } = new();

    public HashSet<MethodInfo> Methods { get; } = [];

    /// <summary>Number of instructions compared.</summary>
    public int Count { get; private set; }

    /// <summary>Whether to skip decoding, to record the methods only.</summary>
    public bool OnlyNotes { get; init; }

    public void Dispose() => Asm.Dispose();

    private static int Bits(Width width) => width == Width.W64 ? 64 : 32;

    private static string Suffix(Width width) => width == Width.W64 ? "d" : "s";

    /// <summary>Every base with every displacement, without and with indices at every scale; and slots above the return address.</summary>
    private static IEnumerable<Address> Addresses()
    {
        foreach (int displacement in Displacements)
        {
            foreach (Register @base in AllRegisters)
            {
                yield return new Address(@base, displacement);
                foreach (Register index in Indices)
                {
                    for (int scale = 0; scale <= 3; scale++)
                    {
                        yield return new Address(@base, index, scale, displacement);
                    }
                }
            }
        }

        yield return Address.Incoming(0);
        yield return Address.Incoming(2000);
    }

    private void Note(Delegate method) => Methods.Add(method.Method);

    /// <summary>Compares the written code with a text, and clears it.</summary>
    private void Check(string expected)
    {
        Asm.CompleteFixUps(Late);
        Compare(Asm.Written, expected, address: 0);
        Asm.Reset();
    }

    /// <summary>Decodes code that consists of exactly one instruction.</summary>
    /// <param name="expected">The text of the instruction.</param>
    /// <param name="address">The address at which the code runs.</param>
    private void Compare(ReadOnlySpan<byte> code, string expected, ulong address)
    {
        if (OnlyNotes)
        {
            return;
        }

        Decoder decoder = Decoder.Create(64, code.ToArray());
        decoder.IP = address;
        Iced.Intel.Instruction instruction = decoder.Decode();
        _formatter.Format(instruction, _text);
        string text = _text.ToStringAndReset();
        if (text != expected || instruction.Length != code.Length)
        {
            Assert.Fail($"{Convert.ToHexString(code)} is \"{text}\" of {instruction.Length} bytes, and \"{expected}\" of {code.Length} was asked for");
        }

        Count++;
    }
}
