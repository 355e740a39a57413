using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Fvm.Crypto;

/// <summary>Arithmetic on single 64-bit limbs with carry in and out, for the fields of both curves.</summary>
internal static class Limb
{
    /// <summary>The upper 64 bits of a 128-bit product.</summary>
    /// <remarks>
    /// <see cref="Math.BigMul(ulong, ulong, out ulong)"/> stores the lower half to memory and reloads it, at several times the cost of the
    /// multiplication; two multiplications, one per half, stay in registers.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MultiplyHigh(ulong a, ulong b) =>
        Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(a, b) : Math.BigMul(a, b, out _);

    /// <summary>The lower half of a * b + addend + carry; the upper half becomes the new carry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MultiplyAdd(ulong a, ulong b, ulong addend, ref ulong carry)
    {
        ulong high = MultiplyHigh(a, b);
        ulong low = (a * b) + carry;
        high += low < carry ? 1UL : 0;
        low += addend;
        high += low < addend ? 1UL : 0;
        carry = high;
        return low;
    }

    /// <summary>a + b + carry, with carry 0 or 1 in and out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Add(ulong a, ulong b, ref ulong carry)
    {
        ulong sum = a + b;
        ulong overflow = sum < a ? 1UL : 0;
        sum += carry;
        carry = overflow + (sum < carry ? 1UL : 0);
        return sum;
    }

    /// <summary>a - b - borrow, with borrow 0 or 1 in and out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Subtract(ulong a, ulong b, ref ulong borrow)
    {
        ulong difference = a - b;
        ulong underflow = a < b ? 1UL : 0;
        ulong result = difference - borrow;
        borrow = underflow + (difference < borrow ? 1UL : 0);
        return result;
    }
}
