namespace Fvm.Wasm;

/// <summary>
/// Floating-point operations. A NaN result of arithmetic, rounding, promotion or demotion is the canonical positive quiet NaN, as the
/// reference configures its compiler; abs, neg and copysign change only the sign bit and preserve NaN payloads.
/// </summary>
// Sound: the slots that an instruction names lie in the current frame: the translator counts the frame's slots, and SlowOperations.Enter
// checks that they fit into the stack.
internal static unsafe partial class FloatOperations
{
    private const uint CanonicalNan32 = 0x7fc0_0000;
    private const ulong CanonicalNan64 = 0x7ff8_0000_0000_0000;
    private const uint Sign32 = 0x8000_0000;
    private const ulong Sign64 = 0x8000_0000_0000_0000;

    public static void F32Abs(ulong* fp, Instruction* ip) => fp[ip->A] = (uint)fp[ip->B] & ~Sign32;

    public static void F32Neg(ulong* fp, Instruction* ip) => fp[ip->A] = (uint)fp[ip->B] ^ Sign32;

    public static void F32Copysign(ulong* fp, Instruction* ip) =>
        fp[ip->A] = ((uint)fp[ip->B] & ~Sign32) | ((uint)fp[ip->C] & Sign32);

    public static void F32Ceil(ulong* fp, Instruction* ip) => Set(fp, ip, MathF.Ceiling(Get32(fp, ip->B)));

    public static void F32Floor(ulong* fp, Instruction* ip) => Set(fp, ip, MathF.Floor(Get32(fp, ip->B)));

    public static void F32Trunc(ulong* fp, Instruction* ip) => Set(fp, ip, MathF.Truncate(Get32(fp, ip->B)));

    public static void F32Nearest(ulong* fp, Instruction* ip) => Set(fp, ip, MathF.Round(Get32(fp, ip->B), MidpointRounding.ToEven));

    public static void F32Sqrt(ulong* fp, Instruction* ip) => Set(fp, ip, MathF.Sqrt(Get32(fp, ip->B)));

    public static void F32Add(ulong* fp, Instruction* ip) => Set(fp, ip, Get32(fp, ip->B) + Get32(fp, ip->C));

    public static void F32Sub(ulong* fp, Instruction* ip) => Set(fp, ip, Get32(fp, ip->B) - Get32(fp, ip->C));

    public static void F32Mul(ulong* fp, Instruction* ip) => Set(fp, ip, Get32(fp, ip->B) * Get32(fp, ip->C));

    public static void F32Div(ulong* fp, Instruction* ip) => Set(fp, ip, Get32(fp, ip->B) / Get32(fp, ip->C));

    public static void F32Min(ulong* fp, Instruction* ip) => Set(fp, ip, MathF.Min(Get32(fp, ip->B), Get32(fp, ip->C)));

    public static void F32Max(ulong* fp, Instruction* ip) => Set(fp, ip, MathF.Max(Get32(fp, ip->B), Get32(fp, ip->C)));

    public static void F64Abs(ulong* fp, Instruction* ip) => fp[ip->A] = fp[ip->B] & ~Sign64;

    public static void F64Neg(ulong* fp, Instruction* ip) => fp[ip->A] = fp[ip->B] ^ Sign64;

    public static void F64Copysign(ulong* fp, Instruction* ip) =>
        fp[ip->A] = (fp[ip->B] & ~Sign64) | (fp[ip->C] & Sign64);

    public static void F64Ceil(ulong* fp, Instruction* ip) => Set(fp, ip, Math.Ceiling(Get64(fp, ip->B)));

    public static void F64Floor(ulong* fp, Instruction* ip) => Set(fp, ip, Math.Floor(Get64(fp, ip->B)));

    public static void F64Trunc(ulong* fp, Instruction* ip) => Set(fp, ip, Math.Truncate(Get64(fp, ip->B)));

    public static void F64Nearest(ulong* fp, Instruction* ip) => Set(fp, ip, Math.Round(Get64(fp, ip->B), MidpointRounding.ToEven));

    public static void F64Sqrt(ulong* fp, Instruction* ip) => Set(fp, ip, Math.Sqrt(Get64(fp, ip->B)));

    public static void F64Add(ulong* fp, Instruction* ip) => Set(fp, ip, Get64(fp, ip->B) + Get64(fp, ip->C));

    public static void F64Sub(ulong* fp, Instruction* ip) => Set(fp, ip, Get64(fp, ip->B) - Get64(fp, ip->C));

    public static void F64Mul(ulong* fp, Instruction* ip) => Set(fp, ip, Get64(fp, ip->B) * Get64(fp, ip->C));

    public static void F64Div(ulong* fp, Instruction* ip) => Set(fp, ip, Get64(fp, ip->B) / Get64(fp, ip->C));

    public static void F64Min(ulong* fp, Instruction* ip) => Set(fp, ip, Math.Min(Get64(fp, ip->B), Get64(fp, ip->C)));

    public static void F64Max(ulong* fp, Instruction* ip) => Set(fp, ip, Math.Max(Get64(fp, ip->B), Get64(fp, ip->C)));

    public static void F32DemoteF64(ulong* fp, Instruction* ip) => Set(fp, ip, (float)Get64(fp, ip->B));

    public static void F64PromoteF32(ulong* fp, Instruction* ip) => Set(fp, ip, (double)Get32(fp, ip->B));

    private static float Get32(ulong* fp, int slot) => *(float*)(fp + slot);

    private static double Get64(ulong* fp, int slot) => *(double*)(fp + slot);

    private static void Set(ulong* fp, Instruction* ip, float value) =>
        fp[ip->A] = float.IsNaN(value) ? CanonicalNan32 : BitConverter.SingleToUInt32Bits(value);

    private static void Set(ulong* fp, Instruction* ip, double value) =>
        fp[ip->A] = double.IsNaN(value) ? CanonicalNan64 : BitConverter.DoubleToUInt64Bits(value);
}
