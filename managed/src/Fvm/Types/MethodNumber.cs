using System.Globalization;
using Fvm.Crypto;

namespace Fvm;

/// <summary>The number of an actor's method.</summary>
public readonly record struct MethodNumber(ulong Value)
{
    /// <summary>A plain transfer of value: no code runs.</summary>
    public static readonly MethodNumber Send = new(0);

    public static readonly MethodNumber Constructor = new(1);

    public bool IsSend => Value == 0;

    /// <summary>A keyed hash: messages choose methods.</summary>
    public override int GetHashCode() => KeyedHash.ToHashCode(KeyedHash.Of(Value));

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
