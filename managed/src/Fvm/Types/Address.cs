using Fvm.Crypto;

namespace Fvm;

/// <summary>
/// Who a message is from or to: one of five protocols and its payload. The default value is the ID address of actor 0.
/// Bytes are read by the reference's rules (<c>shared/src/address</c>), text in <c>Address.Text.cs</c>.
/// </summary>
public readonly partial struct Address : IEquatable<Address>
{
    /// <summary>The longest encoding: protocol, namespace of ten bytes, and 54 bytes.</summary>
    public const int MaxLength = 65;

    public const int HashLength = 20;

    public const int BlsPublicKeyLength = 48;

    /// <summary>The length of an uncompressed secp256k1 public key.</summary>
    public const int Secp256k1PublicKeyLength = 65;

    public const int MaxSubaddressLength = 54;

    // Protocol Id: the number of the actor. Delegated: the namespace. Else zero.
    private readonly ulong _id;

    // Protocol Id: null. Delegated: the subaddress. Else the payload.
    private readonly byte[]? _bytes;

    private Address(AddressProtocol protocol, ulong id, byte[]? bytes)
    {
        Protocol = protocol;
        _id = id;
        _bytes = bytes;
    }

    public AddressProtocol Protocol { get; }

    /// <summary>The payload: a number for protocol Id and a number before the subaddress for Delegated are LEB128.</summary>
    public ReadOnlyMemory<byte> Payload => Protocol switch
    {
        AddressProtocol.Id or AddressProtocol.Delegated => ToBytes().AsMemory(1),
        _ => _bytes,
    };

    /// <summary>The number of bytes of the encoding.</summary>
    public int Length => Protocol switch
    {
        AddressProtocol.Id => 1 + AddressVarint.LengthOf(_id),
        AddressProtocol.Delegated => 1 + AddressVarint.LengthOf(_id) + _bytes!.Length,
        _ => 1 + _bytes!.Length,
    };

    /// <summary>True for the BLS address of the point at infinity, which nobody may send from.</summary>
    public bool IsBlsZero => Protocol == AddressProtocol.Bls && _bytes![0] == 0xc0 && _bytes.AsSpan(1).IndexOfAnyExcept((byte)0) < 0;

    public static Address NewId(ActorId id) => new(AddressProtocol.Id, id.Value, null);

    public static Address NewId(ulong id) => new(AddressProtocol.Id, id, null);

    /// <param name="publicKey">An uncompressed key, 65 bytes.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public static Address NewSecp256k1(ReadOnlySpan<byte> publicKey) => publicKey.Length == Secp256k1PublicKeyLength
        ? new Address(AddressProtocol.Secp256k1, 0, Hash(publicKey))
        : throw new ArgumentException($"a secp256k1 public key has {Secp256k1PublicKeyLength} bytes", nameof(publicKey));

    /// <param name="data">What is hashed into the address.</param>
    public static Address NewActor(ReadOnlySpan<byte> data) => new(AddressProtocol.Actor, 0, Hash(data));

    /// <param name="publicKey">A compressed key, 48 bytes, which are not looked at.</param>
    /// <exception cref="ArgumentException">Another length.</exception>
    public static Address NewBls(ReadOnlySpan<byte> publicKey) => publicKey.Length == BlsPublicKeyLength
        ? new Address(AddressProtocol.Bls, 0, publicKey.ToArray())
        : throw new ArgumentException($"a BLS public key has {BlsPublicKeyLength} bytes", nameof(publicKey));

    /// <param name="manager">The actor that owns the namespace.</param>
    /// <param name="subaddress">At most <see cref="MaxSubaddressLength"/> bytes.</param>
    /// <exception cref="ArgumentException">More bytes.</exception>
    public static Address NewDelegated(ActorId manager, ReadOnlySpan<byte> subaddress) => subaddress.Length <= MaxSubaddressLength
        ? new Address(AddressProtocol.Delegated, manager.Value, subaddress.ToArray())
        : throw new ArgumentException($"a subaddress has at most {MaxSubaddressLength} bytes", nameof(subaddress));

    /// <summary>Reads an encoding, which must be the whole of <paramref name="bytes"/>.</summary>
    public static bool TryFromBytes(ReadOnlySpan<byte> bytes, out Address address)
    {
        address = default;
        return bytes.Length >= 2 && bytes[0] <= (byte)AddressProtocol.Delegated
            && TryFromPayload((AddressProtocol)bytes[0], bytes[1..], out address);
    }

    public static bool operator ==(in Address left, in Address right) => left.Equals(right);

    public static bool operator !=(in Address left, in Address right) => !left.Equals(right);

    /// <summary>The actor's number, of an ID address.</summary>
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

    /// <summary>Writes the encoding, of up to <see cref="MaxLength"/> bytes.</summary>
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

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add((byte)Protocol);
        hash.Add(_id);
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

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
