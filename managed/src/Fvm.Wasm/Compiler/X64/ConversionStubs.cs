namespace Fvm.Wasm;

/// <summary>
/// Slow paths of conversions between floats and integers, for values outside the range of the processor's instructions. Operand and result
/// are in xmm0; only xmm1, xmm2 and the flags are clobbered. Out of line, to limit the machine code per byte of Wasm.
/// </summary>
internal sealed class ConversionStubs(Emitter asm, SegmentLayout layout)
{
    private const ulong Sign64 = 1ul << 63;
    private const ulong Sign32 = 1ul << 31;
    private const ulong TwoTo63AsF32 = 0x5f00_0000;
    private const ulong TwoTo63AsF64 = 0x43e0_0000_0000_0000;

    // The largest values below -2^31 and -2^63 whose truncation is out of range.
    private const ulong BelowMinus2To31AsF32 = 0xcf00_0001;
    private const ulong BelowMinus2To31AsF64 = 0xc1e0_0000_0020_0000;
    private const ulong BelowMinus2To63AsF32 = 0xdf00_0001;
    private const ulong BelowMinus2To63AsF64 = 0xc3e0_0000_0000_0001;

    private const Xmm Value = Xmm.Xmm0;
    private const Xmm Other = Xmm.Xmm1;
    private const Xmm Third = Xmm.Xmm2;
    private const Register Result = Register.Rax;
    private const Register Scratch = Register.Rcx;

    /// <summary>Writes all stubs and records their offsets in the layout.</summary>
    public void Write()
    {
        foreach (Width width in (ReadOnlySpan<Width>)[Width.W32, Width.W64])
        {
            Bad(width);
            Lowest(Conversion.Lowest32, width, width == Width.W64 ? BelowMinus2To31AsF64 : BelowMinus2To31AsF32, Sign32);
            Lowest(Conversion.Lowest64, width, width == Width.W64 ? BelowMinus2To63AsF64 : BelowMinus2To63AsF32, Sign64);
            High(width);
        }
    }

    private void Begin(Conversion conversion, Width width)
    {
        asm.Reserve();
        layout.SetConversion(conversion, width, asm.Position);
        if (conversion != Conversion.Bad)
        {
            asm.Push(Result);
            asm.Push(Scratch);
        }
    }

    private void End()
    {
        asm.Move(Width.W64, Value, Result);
        asm.Pop(Scratch);
        asm.Pop(Result);
        asm.Return();
    }

    private void Bad(Width width)
    {
        Begin(Conversion.Bad, width);
        asm.Compare(width, Value, Value);
        asm.JumpToSegmentIf(Condition.Parity, layout.Trap(TrapCode.BadConversionToInteger));
        asm.JumpToSegment(layout.Trap(TrapCode.IntegerOverflow));
    }

    /// <summary>Accepts the minimum integer if it is the correct truncation: the float is negative and above the largest too low value.</summary>
    private void Lowest(Conversion conversion, Width width, ulong tooLow, ulong lowest)
    {
        Begin(conversion, width);
        asm.Constant(Result, tooLow);
        asm.Move(width, Other, Result);
        asm.Compare(width, Value, Other);
        asm.JumpToSegmentIf(Condition.BelowOrEqual, layout.Conversion(Conversion.Bad, width));
        asm.Xor(Other, Other);
        asm.Compare(width, Other, Value);
        asm.JumpToSegmentIf(Condition.BelowOrEqual, layout.Conversion(Conversion.Bad, width));
        asm.Constant(Result, lowest);
        End();
    }

    /// <summary>Unsigned values from 2^63 on: converts the value less 2^63, then sets the highest bit.</summary>
    private void High(Width width)
    {
        Begin(Conversion.Unsigned64, width);
        asm.Constant(Scratch, width == Width.W64 ? TwoTo63AsF64 : TwoTo63AsF32);
        asm.Move(width, Third, Scratch);
        asm.Move(Other, Value);
        asm.Arithmetic(FloatOp.Sub, width, Other, Third);
        asm.Truncate(width, Width.W64, Result, Other);
        asm.Constant(Scratch, Sign64);
        asm.Xor(Width.W64, Result, Scratch);
        asm.JumpToSegmentIf(Condition.NotSign, layout.Conversion(Conversion.Bad, width));
        End();
    }
}
