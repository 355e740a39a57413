using NUnit.Framework;
using static Fvm.Wasm.Tests.Decoded;

namespace Fvm.Wasm.Tests;

internal sealed unsafe partial class InstructionForms
{
    /// <summary>Addresses of a code segment and of a function in it.</summary>
    private const ulong SegmentAt = 1 << 24;
    private const int FunctionAt = 4096;

    private static readonly Xmm[] LowVectors = [Xmm.Xmm0, Xmm.Xmm1, Xmm.Xmm2, Xmm.Xmm3, Xmm.Xmm4, Xmm.Xmm5];
    private static readonly Xmm[] HighVectors = [Xmm.Xmm16, Xmm.Xmm16 + 5, Xmm.Xmm16 + 15];

    // Tables precede the segment's code, stubs are at its start, other functions follow.
    private static readonly int[] Places = [-4096, 0, 64, FunctionAt, 1 << 20];

    public void VectorVector(Action<Xmm, Xmm> method, string name)
    {
        Note(method);
        foreach (Xmm to in LowVectors)
        {
            foreach (Xmm from in LowVectors)
            {
                method(to, from);
                Check($"{name} {Name(to)}, {Name(from)}");
            }
        }
    }

    public void VectorMemory(WidthVectorMemory method, string name)
    {
        Note(method);
        foreach (Width width in Widths)
        {
            foreach (Address from in Addresses())
            {
                method(width, Xmm.Xmm2, in from);
                Check($"{name}{Suffix(width)} xmm2, {Name(in from, Bits(width), Late)}");
            }
        }
    }

    public void MemoryVector(WidthMemoryVector method, string name)
    {
        Note(method);
        foreach (Width width in Widths)
        {
            foreach (Address to in Addresses())
            {
                method(width, in to, Xmm.Xmm3);
                Check($"{name}{Suffix(width)} {Name(in to, Bits(width), Late)}, xmm3");
            }
        }
    }

    public void VectorRegister(Action<Width, Xmm, Register> method)
    {
        Note(method);
        foreach (Width width in Widths)
        {
            foreach (Register from in AllRegisters)
            {
                method(width, Xmm.Xmm1, from);
                Check($"mov{(width == Width.W64 ? "q" : "d")} xmm1, {Name(from, Bits(width))}");
            }
        }
    }

    public void RegisterVector(Action<Width, Register, Xmm> method)
    {
        Note(method);
        foreach (Width width in Widths)
        {
            foreach (Register to in AllRegisters)
            {
                method(width, to, Xmm.Xmm4);
                Check($"mov{(width == Width.W64 ? "q" : "d")} {Name(to, Bits(width))}, xmm4");
            }
        }
    }

    /// <param name="name">The instruction, with {0} for the letter of the width and {1} for that of the other width.</param>
    public void Scalar(Action<Width, Xmm, Xmm> method, string name)
    {
        Note(method);
        foreach (Width width in Widths)
        {
            Width other = width == Width.W64 ? Width.W32 : Width.W64;
            string text = string.Format(System.Globalization.CultureInfo.InvariantCulture, name, Suffix(width), Suffix(other));
            VectorVector((to, from) => method(width, to, from), text);
        }
    }

    public void Floats(Action<FloatOp, Width, Xmm, Xmm> method)
    {
        Note(method);
        foreach (FloatOp op in Enum.GetValues<FloatOp>())
        {
            Scalar((width, to, from) => method(op, width, to, from), op.ToString().ToLowerInvariant() + "s{0}");
        }
    }

    /// <summary>The immediate is the rounding mode, with the bit that suppresses the inexact exception.</summary>
    public void Round(Action<Rounding, Width, Xmm, Xmm> method)
    {
        Note(method);
        foreach ((Rounding mode, int immediate) in new[]
        {
            (Rounding.NearestEven, 8), (Rounding.Down, 9), (Rounding.Up, 10), (Rounding.TowardsZero, 11),
        })
        {
            foreach (Width width in Widths)
            {
                method(mode, width, Xmm.Xmm3, Xmm.Xmm5);
                Check($"rounds{Suffix(width)} xmm3, xmm5, {immediate}");
            }
        }
    }

    /// <param name="name">The instruction, with {0} for the letter of the float's width.</param>
    public void TruncateFloat(Action<Width, Width, Register, Xmm> method, string name)
    {
        Note(method);
        foreach (Width from in Widths)
        {
            foreach (Width width in Widths)
            {
                foreach (Register to in AllRegisters)
                {
                    method(from, width, to, Xmm.Xmm1);
                    string text = string.Format(System.Globalization.CultureInfo.InvariantCulture, name, Suffix(from));
                    Check($"{text} {Name(to, Bits(width))}, xmm1");
                }
            }
        }
    }

    public void ConvertInteger(Action<Width, Width, Xmm, Register> method)
    {
        Note(method);
        foreach (Width to in Widths)
        {
            foreach (Width width in Widths)
            {
                foreach (Register from in AllRegisters)
                {
                    method(to, width, Xmm.Xmm1, from);
                    Check($"cvtsi2s{Suffix(to)} xmm1, {Name(from, Bits(width))}");
                }
            }
        }
    }

    /// <summary>SSE for 16 bytes, AVX for 32, and AVX-512 for all sizes in registers from the 16th on, with scaled displacements.</summary>
    public void Vectors(SizeVectorMemory load, SizeMemoryVector store)
    {
        Note(load);
        Note(store);
        foreach (Address address in Addresses())
        {
            if (address.NeedsFixUp)
            {
                continue;
            }

            foreach (Xmm register in LowVectors)
            {
                Vector(load, store, "movups", 16, register, in address);
                Vector(load, store, "vmovups", 32, register, in address);
            }

            foreach (Xmm register in HighVectors)
            {
                foreach (int size in (ReadOnlySpan<int>)[16, 32, 64])
                {
                    if (address.Displacement % size == 0 && address.Displacement / size is >= sbyte.MinValue and <= sbyte.MaxValue)
                    {
                        Vector(load, store, "vmovups", size, register, in address);
                    }
                    else
                    {
                        Address bad = address;
                        Assert.That(() => load(size, register, in bad), Throws.InstanceOf<ArgumentOutOfRangeException>());
                        Asm.Reset();
                    }
                }
            }
        }
    }

    public void Repeat(Action<Xmm> low8, Action<Xmm> low16, Action<Xmm, Register> general)
    {
        Note(low8);
        Note(low16);
        Note(general);
        foreach (Xmm register in LowVectors)
        {
            low8(register);
            Check($"punpcklqdq {Name(register)}, {Name(register)}");
            low16(register);
            Check($"vinsertf128 {Name(register, 32)}, {Name(register, 32)}, {Name(register)}, 1");
        }

        foreach (Xmm register in HighVectors)
        {
            foreach (Register from in AllRegisters)
            {
                general(register, from);
                Check($"vpbroadcastq {Name(register, 64)}, {Name(from, 64)}");
            }
        }
    }

    private void Vector(SizeVectorMemory load, SizeMemoryVector store, string name, int size, Xmm register, in Address address)
    {
        load(size, register, in address);
        Check($"{name} {Name(register, size)}, {Name(in address, 8 * size)}");
        store(size, in address, register);
        Check($"{name} {Name(in address, 8 * size)}, {Name(register, size)}");
    }

    /// <summary>As <see cref="Check"/>, for the second instruction of a function that is copied to its place in a segment.</summary>
    private void CheckInSegment(string expected)
    {
        byte[] code = new byte[Asm.Position];
        fixed (byte* target = code)
        {
            Asm.CopyTo(target, FunctionAt);
        }

        Asm.Reset();
        Compare(code.AsSpan(1), expected, SegmentAt + FunctionAt + 1);
    }
}
