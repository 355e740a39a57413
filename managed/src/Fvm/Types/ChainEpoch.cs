using System.Globalization;
using Fvm.Crypto;

namespace Fvm;

/// <summary>A chain epoch (30 seconds each). Negative values are representable, as in the reference.</summary>
public readonly record struct ChainEpoch(long Value) : IComparable<ChainEpoch>
{
    public static bool operator <(ChainEpoch left, ChainEpoch right) => left.Value < right.Value;

    public static bool operator >(ChainEpoch left, ChainEpoch right) => left.Value > right.Value;

    public static bool operator <=(ChainEpoch left, ChainEpoch right) => left.Value <= right.Value;

    public static bool operator >=(ChainEpoch left, ChainEpoch right) => left.Value >= right.Value;

    /// <summary>A keyed hash: clients choose epochs.</summary>
    public override int GetHashCode() => KeyedHash.ToHashCode(KeyedHash.Of((ulong)Value));

    public int CompareTo(ChainEpoch other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
