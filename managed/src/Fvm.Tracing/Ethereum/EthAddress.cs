using System.Buffers.Binary;

namespace Fvm.Tracing;

/// <summary>An Ethereum address, or an actor ID in the form of one: 0xff, eleven zero bytes, the ID (FIP-0055).</summary>
public readonly record struct EthAddress : IComparable<EthAddress>
{
    public const int Length = 20;

    private const byte IdPrefix = 0xff;
    private const int IdAt = Length - sizeof(ulong);

    private readonly UInt128 _high;
    private readonly uint _low;

    /// <exception cref="ArgumentException">The length is different.</exception>
    public EthAddress(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
        {
            throw new ArgumentException($"an Ethereum address has {Length} bytes", nameof(bytes));
        }

        _high = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        _low = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
    }

    /// <summary>Whether it stands for an actor ID.</summary>
    public bool IsId
    {
        get
        {
            Span<byte> bytes = stackalloc byte[Length];
            CopyTo(bytes);
            return bytes[0] == IdPrefix && bytes[1..IdAt].IndexOfAnyExcept((byte)0) < 0;
        }
    }

    /// <summary>The form of an actor ID.</summary>
    public static EthAddress OfId(ActorId id)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes.Clear();
        bytes[0] = IdPrefix;
        BinaryPrimitives.WriteUInt64BigEndian(bytes[IdAt..], id.Value);
        return new EthAddress(bytes);
    }

    /// <summary>The form of a Filecoin address: an ID, or an address of the Ethereum Address Manager's that does not look like an ID.</summary>
    public static bool TryFrom(in Address address, out EthAddress result)
    {
        result = default;
        if (address.TryGetId(out ActorId id))
        {
            result = OfId(id);
            return true;
        }

        if (!address.TryGetDelegated(out ActorId manager, out ReadOnlyMemory<byte> bytes)
            || manager != ActorId.EthereumAddressManager
            || bytes.Length != Length)
        {
            return false;
        }

        result = new EthAddress(bytes.Span);
        return !result.IsId;
    }

    /// <summary>The form of an actor: its delegated address, or its ID.</summary>
    public static EthAddress Of(ActorId id, ActorState? state) =>
        state?.DelegatedAddress is Address delegated && TryFrom(delegated, out EthAddress address) ? address : OfId(id);

    /// <summary>The form of an address, looked up in a state if necessary.</summary>
    /// <returns>Null if the state does not have the address.</returns>
    /// <exception cref="FatalException">The state is incomplete or malformed.</exception>
    public static EthAddress? Find(in Address address, StateTree state)
    {
        if (address.Protocol == AddressProtocol.Delegated && TryFrom(address, out EthAddress direct))
        {
            return direct;
        }

        return state.LookupId(address) is ActorId id ? Of(id, state.GetActor(id)) : null;
    }

    /// <summary>The Filecoin address.</summary>
    public Address ToAddress()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return IsId
            ? Address.NewId(BinaryPrimitives.ReadUInt64BigEndian(bytes[IdAt..]))
            : Address.NewDelegated(ActorId.EthereumAddressManager, bytes);
    }

    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], _low);
    }

    public int CompareTo(EthAddress other) => _high == other._high ? _low.CompareTo(other._low) : _high.CompareTo(other._high);

    /// <summary>In lower case, with <c>0x</c>.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return EthHex.Of(bytes);
    }
}
