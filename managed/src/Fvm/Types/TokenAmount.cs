using System.Globalization;
using System.Numerics;

namespace Fvm;

/// <summary>
/// An amount in attoFIL (10^-18 FIL): any integer, including negative ones. Values that fit in 127 bits are stored inline and never allocate;
/// others use <see cref="BigInteger"/>. Encoding: <see cref="ToBytes"/>.
/// </summary>
public readonly partial struct TokenAmount : IEquatable<TokenAmount>, IComparable<TokenAmount>
{
    public static readonly TokenAmount Zero;

    private static readonly BigInteger SmallMax = (BigInteger)Int128.MaxValue;
    private static readonly BigInteger SmallMin = (BigInteger)Int128.MinValue;

    private readonly Int128 _small;

    // Set if and only if the value does not fit in _small, which is then zero: so equality is by field.
    private readonly Wide? _wide;

    private TokenAmount(Int128 small)
    {
        _small = small;
        _wide = null;
    }

    private TokenAmount(BigInteger value)
    {
        bool fits = value >= SmallMin && value <= SmallMax;
        _small = fits ? (Int128)value : Int128.Zero;
        _wide = fits ? null : new Wide(value);
    }

    public bool IsZero => _wide is null && _small == Int128.Zero;

    public bool IsNegative => _wide is null ? Int128.IsNegative(_small) : _wide.Value.Sign < 0;

    public bool IsPositive => !IsNegative && !IsZero;

    /// <summary>The amount in attoFIL.</summary>
    public BigInteger Atto => _wide?.Value ?? (BigInteger)_small;

    public static TokenAmount FromAtto(long atto) => new((Int128)atto);

    public static TokenAmount FromAtto(ulong atto) => new((Int128)atto);

    public static TokenAmount FromAtto(BigInteger atto) => new(atto);

    public static TokenAmount FromAtto(UInt128 atto) => atto <= (UInt128)Int128.MaxValue ? new((Int128)atto) : new((BigInteger)atto);

    /// <summary>An amount from its high and low 64-bit halves, the form of the C and syscall interfaces.</summary>
    public static TokenAmount FromHalves(ulong high, ulong low) => FromAtto(new UInt128(high, low));

    public static TokenAmount FromWhole(long filecoin) => new((Int128)filecoin * 1_000_000_000_000_000_000L);

    public static TokenAmount operator +(in TokenAmount left, in TokenAmount right)
    {
        if (left._wide is null && right._wide is null)
        {
            Int128 sum = unchecked(left._small + right._small);

            // Overflow: both operands have the same sign, and the sum has the other.
            if (!Int128.IsNegative((left._small ^ sum) & (right._small ^ sum)))
            {
                return new TokenAmount(sum);
            }
        }

        return new TokenAmount(left.Atto + right.Atto);
    }

    public static TokenAmount operator -(in TokenAmount left, in TokenAmount right)
    {
        if (left._wide is null && right._wide is null)
        {
            Int128 difference = unchecked(left._small - right._small);
            if (!Int128.IsNegative((left._small ^ right._small) & (left._small ^ difference)))
            {
                return new TokenAmount(difference);
            }
        }

        return new TokenAmount(left.Atto - right.Atto);
    }

    public static TokenAmount operator -(in TokenAmount amount) => Zero - amount;

    public static TokenAmount operator *(in TokenAmount amount, ulong factor)
    {
        // A 64-bit factor times a 63-bit amount stays below 127 bits.
        if (amount._wide is null && amount._small >= long.MinValue && amount._small <= long.MaxValue)
        {
            return new TokenAmount(amount._small * factor);
        }

        return new TokenAmount(amount.Atto * factor);
    }

    public static bool operator ==(in TokenAmount left, in TokenAmount right) => left.Equals(right);

    public static bool operator !=(in TokenAmount left, in TokenAmount right) => !left.Equals(right);

    public static bool operator <(in TokenAmount left, in TokenAmount right) => left.CompareTo(right) < 0;

    public static bool operator >(in TokenAmount left, in TokenAmount right) => left.CompareTo(right) > 0;

    public static bool operator <=(in TokenAmount left, in TokenAmount right) => left.CompareTo(right) <= 0;

    public static bool operator >=(in TokenAmount left, in TokenAmount right) => left.CompareTo(right) >= 0;

    /// <summary>The amount as an unsigned 128-bit number, the form in which syscalls return it.</summary>
    /// <returns>False for negative amounts and those over 128 bits.</returns>
    public bool TryToUInt128(out UInt128 atto)
    {
        if (_wide is null)
        {
            atto = (UInt128)_small;
            return !Int128.IsNegative(_small);
        }

        bool fits = _wide.Value.Sign > 0 && _wide.Value <= (BigInteger)UInt128.MaxValue;
        atto = fits ? (UInt128)_wide.Value : UInt128.Zero;
        return fits;
    }

    public int CompareTo(TokenAmount other) =>
        _wide is null && other._wide is null ? _small.CompareTo(other._small) : Atto.CompareTo(other.Atto);

    public bool Equals(TokenAmount other) =>
        _wide is null ? other._wide is null && _small == other._small : other._wide is not null && _wide.Value == other._wide.Value;

    public override bool Equals(object? obj) => obj is TokenAmount other && Equals(other);

    public override int GetHashCode() => _wide is null ? _small.GetHashCode() : _wide.Value.GetHashCode();

    /// <summary>The amount in attoFIL, in decimal digits.</summary>
    public override string ToString() => _wide is null
        ? _small.ToString(CultureInfo.InvariantCulture)
        : _wide.Value.ToString(CultureInfo.InvariantCulture);

    private sealed class Wide(BigInteger value)
    {
        public BigInteger Value { get; } = value;
    }
}
