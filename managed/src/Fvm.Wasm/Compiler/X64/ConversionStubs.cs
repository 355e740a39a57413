namespace Fvm.Wasm;

/// <summary>
/// What conversions between floating point and integers call for numbers that the processor's own instructions do not convert. Operand and
/// result are in xmm0; nothing else changes but xmm1, xmm2 and the flags. It keeps the code short that one byte of Wasm becomes.
/// </summary>
internal sealed class ConversionStubs(Emitter asm, SegmentLayout layout)
{
    private const ulong Sign64 = 1ul << 63;
    private const ulong Sign32 = 1ul << 31;
    private const ulong TwoTo63AsF32 = 0x5f00_0000;
    private const ulong TwoTo63AsF64 = 0x43e0_0000_0000_0000;

    private const Xmm Value = Xmm.Xmm0;
    private const Xmm Other = Xmm.Xmm1;
    private const Xmm Third = Xmm.Xmm2;
    private const Register Result = Register.Rax;
    private const Register Scratch = Register.Rcx;

    /// <summary>Writes all and notes their places in the layout.</summary>
    public void Write()
    {
        foreach (bool wide in (ReadOnlySpan<bool>)[false, true])
        {
            Bad(wide);
            Lowest(wide);
            High(wide);
        }
    }

    private void Begin(Conversion conversion, bool wide)
    {
        asm.Reserve();
        layout.SetConversion(conversion, wide, asm.Position);
        if (conversion != Conversion.Bad)
        {
            asm.Push(Result);
            asm.Push(Scratch);
        }
    }

    private void End()
    {
        asm.Move(true, Value, Result);
        asm.Pop(Scratch);
        asm.Pop(Result);
        asm.Return();
    }

    private void Bad(bool wide)
    {
        Begin(Conversion.Bad, wide);
        asm.Compare(wide, Value, Value);
        asm.JumpOutsideIf(Condition.Parity, layout.Trap(TrapCode.BadConversionToInteger));
        asm.JumpOutside(layout.Trap(TrapCode.IntegerOverflow));
    }

    private void Lowest(bool wide)
    {
        Begin(Conversion.Lowest64, wide);
        asm.Constant(Result, wide ? TwoTo63AsF64 | Sign64 : TwoTo63AsF32 | Sign32);
        asm.Move(wide, Other, Result);
        asm.Compare(wide, Value, Other);
        asm.JumpOutsideIf(Condition.Parity, layout.Conversion(Conversion.Bad, wide));
        asm.JumpOutsideIf(Condition.NotEqual, layout.Conversion(Conversion.Bad, wide));
        asm.Constant(Result, Sign64);
        End();
    }

    /// <summary>Unsigned numbers from 2^63 on: the rest of them fits, and the highest bit is put back.</summary>
    private void High(bool wide)
    {
        Begin(Conversion.Unsigned64, wide);
        asm.Constant(Scratch, wide ? TwoTo63AsF64 : TwoTo63AsF32);
        asm.Move(wide, Third, Scratch);
        asm.Move(Other, Value);
        asm.Arithmetic(0x5c, wide, Other, Third);
        asm.Truncate(wide, true, Result, Other);
        asm.Constant(Scratch, Sign64);
        asm.Op(Alu.Xor, true, Result, Scratch);
        asm.JumpOutsideIf(Condition.NotSign, layout.Conversion(Conversion.Bad, wide));
        End();
    }
}
