namespace Fvm.Wasm;

/// <summary>Conversions between integers and floating-point numbers.</summary>
// Sound: the slots that an instruction names lie in the current frame: the translator counts the frame's slots, and SlowOperations.Enter
// checks that they fit into the stack.
internal static unsafe partial class FloatOperations
{
    private const double TwoTo31 = 2147483648.0;
    private const double TwoTo32 = 4294967296.0;
    private const double TwoTo63 = 9223372036854775808.0;
    private const double TwoTo64 = 18446744073709551616.0;

    public static TrapCode I32TruncF32S(ulong* fp, Instruction* ip)
    {
        double value = Get32(fp, ip->B);
        if (double.IsNaN(value))
        {
            return TrapCode.BadConversionToInteger;
        }

        if (value <= -TwoTo31 - 1 || value >= TwoTo31)
        {
            return TrapCode.IntegerOverflow;
        }

        fp[ip->A] = (uint)(int)value;
        return TrapCode.None;
    }

    public static void I32TruncSatF32S(ulong* fp, Instruction* ip)
    {
        double value = Get32(fp, ip->B);
        fp[ip->A] = double.IsNaN(value) ? 0 : value <= -TwoTo31 - 1 ? 0x8000_0000 : value >= TwoTo31 ? int.MaxValue : (uint)(int)value;
    }

    public static TrapCode I32TruncF32U(ulong* fp, Instruction* ip)
    {
        double value = Get32(fp, ip->B);
        if (double.IsNaN(value))
        {
            return TrapCode.BadConversionToInteger;
        }

        if (value <= -1 || value >= TwoTo32)
        {
            return TrapCode.IntegerOverflow;
        }

        fp[ip->A] = (uint)value;
        return TrapCode.None;
    }

    public static void I32TruncSatF32U(ulong* fp, Instruction* ip)
    {
        double value = Get32(fp, ip->B);
        fp[ip->A] = double.IsNaN(value) ? 0 : value <= -1 ? 0 : value >= TwoTo32 ? uint.MaxValue : (uint)value;
    }

    public static TrapCode I32TruncF64S(ulong* fp, Instruction* ip)
    {
        double value = Get64(fp, ip->B);
        if (double.IsNaN(value))
        {
            return TrapCode.BadConversionToInteger;
        }

        if (value <= -TwoTo31 - 1 || value >= TwoTo31)
        {
            return TrapCode.IntegerOverflow;
        }

        fp[ip->A] = (uint)(int)value;
        return TrapCode.None;
    }

    public static void I32TruncSatF64S(ulong* fp, Instruction* ip)
    {
        double value = Get64(fp, ip->B);
        fp[ip->A] = double.IsNaN(value) ? 0 : value <= -TwoTo31 - 1 ? 0x8000_0000 : value >= TwoTo31 ? int.MaxValue : (uint)(int)value;
    }

    public static TrapCode I32TruncF64U(ulong* fp, Instruction* ip)
    {
        double value = Get64(fp, ip->B);
        if (double.IsNaN(value))
        {
            return TrapCode.BadConversionToInteger;
        }

        if (value <= -1 || value >= TwoTo32)
        {
            return TrapCode.IntegerOverflow;
        }

        fp[ip->A] = (uint)value;
        return TrapCode.None;
    }

    public static void I32TruncSatF64U(ulong* fp, Instruction* ip)
    {
        double value = Get64(fp, ip->B);
        fp[ip->A] = double.IsNaN(value) ? 0 : value <= -1 ? 0 : value >= TwoTo32 ? uint.MaxValue : (uint)value;
    }

    public static TrapCode I64TruncF32S(ulong* fp, Instruction* ip)
    {
        double value = Get32(fp, ip->B);
        if (double.IsNaN(value))
        {
            return TrapCode.BadConversionToInteger;
        }

        if (value < -TwoTo63 || value >= TwoTo63)
        {
            return TrapCode.IntegerOverflow;
        }

        fp[ip->A] = (ulong)(long)value;
        return TrapCode.None;
    }

    public static void I64TruncSatF32S(ulong* fp, Instruction* ip)
    {
        double value = Get32(fp, ip->B);
        fp[ip->A] = double.IsNaN(value) ? 0 : value < -TwoTo63 ? 0x8000_0000_0000_0000 : value >= TwoTo63 ? long.MaxValue : (ulong)(long)value;
    }

    public static TrapCode I64TruncF32U(ulong* fp, Instruction* ip)
    {
        double value = Get32(fp, ip->B);
        if (double.IsNaN(value))
        {
            return TrapCode.BadConversionToInteger;
        }

        if (value <= -1 || value >= TwoTo64)
        {
            return TrapCode.IntegerOverflow;
        }

        fp[ip->A] = ToUnsigned(value);
        return TrapCode.None;
    }

    public static void I64TruncSatF32U(ulong* fp, Instruction* ip)
    {
        double value = Get32(fp, ip->B);
        fp[ip->A] = double.IsNaN(value) ? 0 : value <= -1 ? 0 : value >= TwoTo64 ? ulong.MaxValue : ToUnsigned(value);
    }

    public static TrapCode I64TruncF64S(ulong* fp, Instruction* ip)
    {
        double value = Get64(fp, ip->B);
        if (double.IsNaN(value))
        {
            return TrapCode.BadConversionToInteger;
        }

        if (value < -TwoTo63 || value >= TwoTo63)
        {
            return TrapCode.IntegerOverflow;
        }

        fp[ip->A] = (ulong)(long)value;
        return TrapCode.None;
    }

    public static void I64TruncSatF64S(ulong* fp, Instruction* ip)
    {
        double value = Get64(fp, ip->B);
        fp[ip->A] = double.IsNaN(value) ? 0 : value < -TwoTo63 ? 0x8000_0000_0000_0000 : value >= TwoTo63 ? long.MaxValue : (ulong)(long)value;
    }

    public static TrapCode I64TruncF64U(ulong* fp, Instruction* ip)
    {
        double value = Get64(fp, ip->B);
        if (double.IsNaN(value))
        {
            return TrapCode.BadConversionToInteger;
        }

        if (value <= -1 || value >= TwoTo64)
        {
            return TrapCode.IntegerOverflow;
        }

        fp[ip->A] = ToUnsigned(value);
        return TrapCode.None;
    }

    public static void I64TruncSatF64U(ulong* fp, Instruction* ip)
    {
        double value = Get64(fp, ip->B);
        fp[ip->A] = double.IsNaN(value) ? 0 : value <= -1 ? 0 : value >= TwoTo64 ? ulong.MaxValue : ToUnsigned(value);
    }

    public static void F32ConvertI32S(ulong* fp, Instruction* ip) => Set(fp, ip, (float)(int)fp[ip->B]);

    public static void F32ConvertI32U(ulong* fp, Instruction* ip) => Set(fp, ip, (float)(long)(uint)fp[ip->B]);

    public static void F32ConvertI64S(ulong* fp, Instruction* ip) => Set(fp, ip, (float)(long)fp[ip->B]);

    public static void F32ConvertI64U(ulong* fp, Instruction* ip)
    {
        ulong value = fp[ip->B];
        if ((long)value >= 0)
        {
            Set(fp, ip, (float)(long)value);
            return;
        }

        // Half the value, with the lost bit as a sticky bit, rounds like the whole.
        float half = (long)((value >> 1) | (value & 1));
        Set(fp, ip, half + half);
    }

    public static void F64ConvertI32S(ulong* fp, Instruction* ip) => Set(fp, ip, (double)(int)fp[ip->B]);

    public static void F64ConvertI32U(ulong* fp, Instruction* ip) => Set(fp, ip, (double)(long)(uint)fp[ip->B]);

    public static void F64ConvertI64S(ulong* fp, Instruction* ip) => Set(fp, ip, (double)(long)fp[ip->B]);

    public static void F64ConvertI64U(ulong* fp, Instruction* ip)
    {
        ulong value = fp[ip->B];
        if ((long)value >= 0)
        {
            Set(fp, ip, (double)(long)value);
            return;
        }

        // Half the value, with the lost bit as a sticky bit, rounds like the whole.
        double half = (long)((value >> 1) | (value & 1));
        Set(fp, ip, half + half);
    }

    private static ulong ToUnsigned(double value) =>
        value < TwoTo63 ? (ulong)(long)value : (ulong)(long)(value - TwoTo63) | Sign64;
}
