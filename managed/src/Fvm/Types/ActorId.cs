using System.Globalization;
using Fvm.Crypto;

namespace Fvm;

/// <summary>The ID of an actor in the state tree: the payload of an ID address.</summary>
/// <param name="Value">The ID.</param>
public readonly record struct ActorId(ulong Value) : IComparable<ActorId>
{
    public static readonly ActorId System = new(0);
    public static readonly ActorId Init = new(1);
    public static readonly ActorId Reward = new(2);
    public static readonly ActorId Cron = new(3);
    public static readonly ActorId StoragePower = new(4);
    public static readonly ActorId StorageMarket = new(5);
    public static readonly ActorId VerifiedRegistry = new(6);
    public static readonly ActorId DataCap = new(7);

    /// <summary>The Ethereum Address Manager (EAM), which owns namespace 10 of delegated addresses.</summary>
    public static readonly ActorId EthereumAddressManager = new(10);

    public static readonly ActorId BurntFunds = new(99);

    /// <summary>A keyed hash: messages choose IDs, also of actors that do not exist.</summary>
    public override int GetHashCode() => KeyedHash.ToHashCode(KeyedHash.Of(Value));

    public int CompareTo(ActorId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
