using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Fvm.Crypto;

/// <summary>
/// Permutations of the lanes of one limb of two elements of Fp2: the low slot is lanes 0 and 1 (real, imaginary), the high slot lanes 2 and
/// 3. Names with two slots state the slot taken from each operand: <c>HighLow(a, b)</c> is (high slot of a, low slot of b).
/// </summary>
internal static class Slots
{
    /// <summary>(a.low, b.low).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> LowLow(Vector256<double> a, Vector256<double> b) => Avx.Permute2x128(a, b, 0x20);

    /// <summary>(a.low, b.high).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> LowHigh(Vector256<double> a, Vector256<double> b) => Avx.Blend(a, b, 0b1100);

    /// <summary>(a.high, b.low).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> HighLow(Vector256<double> a, Vector256<double> b) => Avx.Permute2x128(a, b, 0x21);

    /// <summary>(a.high, b.high).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> HighHigh(Vector256<double> a, Vector256<double> b) => Avx.Permute2x128(a, b, 0x31);

    /// <summary>(low, low).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> BroadcastLow(Vector256<double> a) => LowLow(a, a);

    /// <summary>(high, high).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> BroadcastHigh(Vector256<double> a) => HighHigh(a, a);

    /// <summary>(high, low).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Swap(Vector256<double> a) => HighLow(a, a);

    /// <summary>(low, 0).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> ZeroHigh(Vector256<double> a) => LowHigh(a, Vector256<double>.Zero);

    /// <summary>(0, high).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> ZeroLow(Vector256<double> a) => LowHigh(Vector256<double>.Zero, a);

    /// <summary>(0, low).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> ShiftLowToHigh(Vector256<double> a) => Avx.Permute2x128(a, a, 0x08);

    /// <summary>Each slot multiplied by 1 + u: (a0 - a1, a0 + a1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> TimesNonResidue(Vector256<double> a) =>
        Avx.AddSubtract(Avx.DuplicateEvenIndexed(a), Avx.Permute(a, 0b1111));
}
