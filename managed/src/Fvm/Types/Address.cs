using Fvm.Crypto;

namespace Fvm;

/// <summary>
/// The address of an actor: one of five protocols and its payload. The default value is the ID address of actor 0. Binary decoding follows the
/// reference (<c>shared/src/address</c>); the text form is in <c>Address.Text.cs</c>.
/// </summary>
public readonly partial struct Address : IEquatable<Address>
{
    /// <summary>The longest encoding, in bytes: protocol, a ten-byte namespace, and 54 bytes.</summary>
    public const int MaxLength = 65;

    public const int HashLength = 20;

    public const int BlsPublicKeyLength = 48;

    /// <summary>The length of an uncompressed secp256k1 public key, in bytes.</summary>
    public const int Secp256k1PublicKeyLength = 65;

    public const int MaxSubaddressLength = 54;

    // Protocol Id: the actor ID. Delegated: the namespace. Otherwise zero.
    private readonly ulong _id;

    // Protocol Id: null. Delegated: the subaddress. Otherwise the payload.
    private readonly byte[]? _bytes;

    private Address(AddressProtocol protocol, ulong id, byte[]? bytes)
    {
        Protocol = protocol;
        _id = id;
        _bytes = bytes;
    }

    public AddressProtocol Protocol { get; }

    /// <summary>The payload; the actor ID (Id) and the namespace before the subaddress (Delegated) are LEB128.</summary>
    public ReadOnlyMemory<byte> Payload => Protocol switch
    {
        AddressProtocol.Id or AddressProtocol.Delegated => ToBytes().AsMemory(1),
        _ => _bytes,
    };

    /// <summary>The length of the encoding, in bytes.</summary>
    public int Length => Protocol switch
    {
        AddressProtocol.Id => 1 + AddressVarint.LengthOf(_id),
        AddressProtocol.Delegated => 1 + AddressVarint.LengthOf(_id) + _bytes!.Length,
        _ => 1 + _bytes!.Length,
    };

    /// <summary>True for the BLS address of the point at infinity, from which no message can be sent.</summary>
    public bool IsBlsZero => Protocol == AddressProtocol.Bls && _bytes![0] == 0xc0 && _bytes.AsSpan(1).IndexOfAnyExcept((byte)0) < 0;

    public static Address NewId(ActorId id) => new(AddressProtocol.Id, id.Value, null);

    public static Address NewId(ulong id) => new(AddressProtocol.Id, id, null);

    /// <param name="publicKey">An uncompressed key, 65 bytes.</param>
    /// <exception cref="ArgumentException">The length is different.</exception>
    public static Address NewSecp256k1(ReadOnlySpan<byte> publicKey) => publicKey.Length == Secp256k1PublicKeyLength
        ? new Address(AddressProtocol.Secp256k1, 0, Hash(publicKey))
        : throw new ArgumentException($"a secp256k1 public key has {Secp256k1PublicKeyLength} bytes", nameof(publicKey));

    /// <param name="data">The data whose hash is the payload.</param>
    public static Address NewActor(ReadOnlySpan<byte> data) => new(AddressProtocol.Actor, 0, Hash(data));

    /// <param name="publicKey">A compressed key, 48 bytes; not validated.</param>
    /// <exception cref="ArgumentException">The length is different.</exception>
    public static Address NewBls(ReadOnlySpan<byte> publicKey) => publicKey.Length == BlsPublicKeyLength
        ? new Address(AddressProtocol.Bls, 0, publicKey.ToArray())
        : throw new ArgumentException($"a BLS public key has {BlsPublicKeyLength} bytes", nameof(publicKey));

    /// <param name="manager">The actor that manages the namespace.</param>
    /// <param name="subaddress">At most <see cref="MaxSubaddressLength"/> bytes.</param>
    /// <exception cref="ArgumentException">The subaddress is longer.</exception>
    public static Address NewDelegated(ActorId manager, ReadOnlySpan<byte> subaddress) => subaddress.Length <= MaxSubaddressLength
        ? new Address(AddressProtocol.Delegated, manager.Value, subaddress.ToArray())
        : throw new ArgumentException($"a subaddress has at most {MaxSubaddressLength} bytes", nameof(subaddress));

    /// <summary>Decodes an address, which must span all of <paramref name="bytes"/>.</summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, out Address address)
    {
        address = default;
        return bytes.Length >= 2 && bytes[0] <= (byte)AddressProtocol.Delegated
            && TryFromPayload((AddressProtocol)bytes[0], bytes[1..], out address);
    }

    public static bool operator ==(in Address left, in Address right) => left.Equals(right);

    public static bool operator !=(in Address left, in Address right) => !left.Equals(right);

    /// <summary>The actor ID of an ID address.</summary>
    public bool TryGetId(out ActorId id)
    {
        id = new ActorId(_id);
        return Protocol == AddressProtocol.Id;
    }

    /// <summary>The parts of a delegated address.</summary>
    public bool TryGetDelegated(out ActorId manager, out ReadOnlyMemory<byte> subaddress)
    {
        bool delegated = Protocol == AddressProtocol.Delegated;
        manager = new ActorId(_id);
        subaddress = delegated ? _bytes : default(ReadOnlyMemory<byte>);
        return delegated;
    }

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Length];
        WriteTo(bytes);
        return bytes;
    }

    /// <summary>Encodes the address, in at most <see cref="MaxLength"/> bytes.</summary>
    /// <returns>The number of bytes written.</returns>
    public int WriteTo(Span<byte> destination)
    {
        destination[0] = (byte)Protocol;
        int length = 1;
        if (Protocol is AddressProtocol.Id or AddressProtocol.Delegated)
        {
            length += AddressVarint.Write(destination[1..], _id);
        }

        _bytes.AsSpan().CopyTo(destination[length..]);
        return length + (_bytes?.Length ?? 0);
    }

    public bool Equals(Address other) => Protocol == other.Protocol && _id == other._id
        && (ReferenceEquals(_bytes, other._bytes) || _bytes.AsSpan().SequenceEqual(other._bytes));

    public override bool Equals(object? obj) => obj is Address other && Equals(other);

    /// <summary>A keyed hash: messages choose addresses. Only addresses with the same payload and different protocols share it.</summary>
    public override int GetHashCode() => KeyedHash.ToHashCode(KeyedHash.Of(_bytes, _id));

    private static bool TryFromPayload(AddressProtocol protocol, ReadOnlySpan<byte> payload, out Address address)
    {
        address = default;
        switch (protocol)
        {
            case AddressProtocol.Id:
                if (!AddressVarint.TryRead(payload, out ulong id, out int idLength) || idLength != payload.Length)
                {
                    return false;
                }

                address = new Address(protocol, id, null);
                return true;
            case AddressProtocol.Delegated:
                if (!AddressVarint.TryRead(payload, out ulong manager, out int managerLength)
                    || payload.Length - managerLength > MaxSubaddressLength)
                {
                    return false;
                }

                address = new Address(protocol, manager, payload[managerLength..].ToArray());
                return true;
            default:
                if (payload.Length != (protocol == AddressProtocol.Bls ? BlsPublicKeyLength : HashLength))
                {
                    return false;
                }

                address = new Address(protocol, 0, payload.ToArray());
                return true;
        }
    }

    private static byte[] Hash(ReadOnlySpan<byte> data)
    {
        byte[] hash = new byte[HashLength];
        Blake2b.Hash(data, hash);
        return hash;
    }
}
