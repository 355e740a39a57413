using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Fvm.Crypto;

namespace Fvm.Tracing;

/// <summary>
/// An address of Ethereum, 20 bytes. 0xff, eleven zero bytes and a big-endian number are the actor of that ID; any other address is the
/// delegated address of the Ethereum Address Manager (f410) with these bytes (FIP-0055).
/// </summary>
public readonly struct EthAddress : IEquatable<EthAddress>, IComparable<EthAddress>
{
    public const int Length = 20;

    private const int TextLength = 2 + (2 * Length);
    private const byte IdMask = 0xff;
    private const int IdAt = 12;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly uint _third;

    /// <param name="bytes">20 bytes.</param>
    /// <exception cref="ArgumentException">The length is different.</exception>
    public EthAddress(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
        {
            throw new ArgumentException($"an Ethereum address has {Length} bytes", nameof(bytes));
        }

        _first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _second = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _third = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
    }

    public bool IsZero => Equals(default);

    public static bool operator ==(EthAddress left, EthAddress right) => left.Equals(right);

    public static bool operator !=(EthAddress left, EthAddress right) => !left.Equals(right);

    /// <summary>The masked form of an actor's ID.</summary>
    public static EthAddress OfId(ActorId id)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes.Clear();
        bytes[0] = IdMask;
        BinaryPrimitives.WriteUInt64BigEndian(bytes[IdAt..], id.Value);
        return new EthAddress(bytes);
    }

    /// <summary>The Ethereum form of an ID address or an f410 address; others have none.</summary>
    public static bool TryOf(in Address address, out EthAddress ethereum)
    {
        ethereum = default;
        if (address.TryGetId(out ActorId id))
        {
            ethereum = OfId(id);
            return true;
        }

        if (!address.TryGetDelegated(out ActorId manager, out ReadOnlyMemory<byte> subaddress)
            || manager != ActorId.EthereumAddressManager || subaddress.Length != Length)
        {
            return false;
        }

        // A delegated address with the bytes of a masked ID is not the actor of that ID.
        ethereum = new EthAddress(subaddress.Span);
        return !ethereum.TryGetId(out _);
    }

    /// <summary>The form of an actor: its delegated address, or its ID.</summary>
    public static EthAddress Of(ActorId id, ActorState? state) =>
        state?.DelegatedAddress is Address delegated && TryOf(delegated, out EthAddress address) ? address : OfId(id);

    /// <summary>The form of an address, looked up in a state if necessary.</summary>
    /// <returns>Null if the state does not have the address.</returns>
    /// <exception cref="FatalException">The state is incomplete or malformed.</exception>
    public static EthAddress? Find(in Address address, StateTree state)
    {
        if (address.Protocol == AddressProtocol.Delegated && TryOf(address, out EthAddress direct))
        {
            return direct;
        }

        return state.LookupId(address) is ActorId id ? Of(id, state.GetActor(id)) : null;
    }

    /// <summary>Parses 0x and 40 hexadecimal digits; the capitals of a checksum are not verified, as in Lotus.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out EthAddress address)
    {
        address = default;
        Span<byte> bytes = stackalloc byte[Length];
        if (text is null || text.Length != TextLength || text[0] != '0' || text[1] is not ('x' or 'X')
            || Convert.FromHexString(text.AsSpan(2), bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        address = new EthAddress(bytes);
        return true;
    }

    /// <exception cref="FormatException">The text is not an address.</exception>
    public static EthAddress Parse(string text) =>
        TryParse(text, out EthAddress address) ? address : throw new FormatException($"'{text}' is no Ethereum address");

    /// <summary>Whether this is a masked ID.</summary>
    public bool TryGetId(out ActorId id)
    {
        // Bytes 12 to 19 are the ID: half of the second word, and the third.
        id = new ActorId((_second << 32) | _third);
        return _first == (ulong)IdMask << 56 && _second >> 32 == 0;
    }

    /// <summary>The address of Filecoin: an ID, or f410.</summary>
    public Address ToFilecoin() => TryGetId(out ActorId id)
        ? Address.NewId(id)
        : Address.NewDelegated(ActorId.EthereumAddressManager, ToBytes());

    public void WriteTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _first);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _second);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], _third);
    }

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Length];
        WriteTo(bytes);
        return bytes;
    }

    public int CompareTo(EthAddress other)
    {
        int first = _first.CompareTo(other._first);
        int second = _second.CompareTo(other._second);
        return first != 0 ? first : second != 0 ? second : _third.CompareTo(other._third);
    }

    public bool Equals(EthAddress other) => _first == other._first && _second == other._second && _third == other._third;

    public override bool Equals(object? obj) => obj is EthAddress other && Equals(other);

    /// <summary>A keyed hash: clients choose addresses.</summary>
    public override int GetHashCode() =>
        KeyedHash.ToHashCode(KeyedHash.Combine(KeyedHash.Combine(KeyedHash.Of(_first), _second), _third));

    /// <summary>0x and 40 lower-case digits, the form in results.</summary>
    public override string ToString() => EthHex.Of(ToBytes());
}
