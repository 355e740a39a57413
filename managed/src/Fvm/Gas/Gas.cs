using System.Globalization;
using System.Runtime.CompilerServices;

namespace Fvm;

/// <summary>
/// An amount of gas, stored in milligas. All arithmetic saturates, at 2^64-1 milligas and at zero (reference: <c>fvm/src/gas/mod.rs</c>).
/// </summary>
/// <param name="Milli">Milligas (thousandths of gas).</param>
public readonly record struct Gas(ulong Milli) : IComparable<Gas>
{
    private const ulong Precision = 1000;

    public static readonly Gas Zero = new(0);

    public static readonly Gas Max = new(ulong.MaxValue);

    public bool IsZero => Milli == 0;

    /// <summary>From whole gas.</summary>
    public static Gas Of(ulong gas) => new(Multiply(gas, Precision));

    public static Gas OfMilli(ulong milli) => new(milli);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Gas operator +(Gas left, Gas right)
    {
        ulong sum = unchecked(left.Milli + right.Milli);
        return new Gas(sum < left.Milli ? ulong.MaxValue : sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Gas operator -(Gas left, Gas right) => new(left.Milli < right.Milli ? 0 : left.Milli - right.Milli);

    public static Gas operator *(Gas gas, ulong factor) => new(Multiply(gas.Milli, factor));

    public static Gas operator *(Gas gas, int count) => gas * checked((ulong)count);

    public static bool operator <(Gas left, Gas right) => left.Milli < right.Milli;

    public static bool operator >(Gas left, Gas right) => left.Milli > right.Milli;

    public static bool operator <=(Gas left, Gas right) => left.Milli <= right.Milli;

    public static bool operator >=(Gas left, Gas right) => left.Milli >= right.Milli;

    public static Gas Min(Gas left, Gas right) => left < right ? left : right;

    /// <summary>In whole gas, rounded up.</summary>
    public ulong RoundUp() => Milli / Precision + (Milli % Precision == 0 ? 0UL : 1UL);

    /// <summary>In whole gas, rounded down.</summary>
    public ulong RoundDown() => Milli / Precision;

    public int CompareTo(Gas other) => Milli.CompareTo(other.Milli);

    public override string ToString() => Milli == 0
        ? "0"
        : string.Create(CultureInfo.InvariantCulture, $"{Milli / Precision}.{Milli % Precision:D3}");

    private static ulong Multiply(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left, right, out ulong low);
        return high == 0 ? low : ulong.MaxValue;
    }
}
