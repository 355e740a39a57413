using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Fvm.Crypto;

namespace Fvm.Node;

/// <summary>
/// An address of Ethereum, 20 bytes. 0xff, eleven zero bytes and a big-endian number are the actor of that ID; any other address is the
/// delegated address of the Ethereum Address Manager (f410) with these bytes.
/// </summary>
internal readonly struct EthAddress : IEquatable<EthAddress>
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

    /// <summary>The address of a public key: the last 20 bytes of its Keccak hash.</summary>
    /// <param name="publicKey">An uncompressed secp256k1 key, 65 bytes.</param>
    public static EthAddress OfPublicKey(ReadOnlySpan<byte> publicKey) => new(Keccak256.Hash(publicKey[1..]).AsSpan()[^Length..]);

    /// <summary>The address of the contract that a transaction without receiver creates.</summary>
    public static EthAddress OfCreated(EthAddress sender, ulong nonce)
    {
        RlpWriter fields = new();
        fields.Write(sender.ToBytes());
        fields.Write(nonce);
        return new EthAddress(Keccak256.Hash(fields.ToList()).AsSpan()[^Length..]);
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

    public bool Equals(EthAddress other) => _first == other._first && _second == other._second && _third == other._third;

    public override bool Equals(object? obj) => obj is EthAddress other && Equals(other);

    /// <summary>A keyed hash: clients choose addresses.</summary>
    public override int GetHashCode() =>
        KeyedHash.ToHashCode(KeyedHash.Combine(KeyedHash.Combine(KeyedHash.Of(_first), _second), _third));

    /// <summary>0x and 40 lower-case digits, the form in results.</summary>
    public override string ToString() => "0x" + Convert.ToHexStringLower(ToBytes());

    /// <summary>With capitals as checksum (EIP-55), the form for people.</summary>
    public string ToChecksumText()
    {
        string digits = Convert.ToHexStringLower(ToBytes());
        byte[] hash = Keccak256.Hash(System.Text.Encoding.ASCII.GetBytes(digits));
        return "0x" + string.Create(digits.Length, (digits, hash), static (text, source) =>
        {
            for (int i = 0; i < text.Length; i++)
            {
                int nibble = (source.hash[i / 2] >> (i % 2 == 0 ? 4 : 0)) & 15;
                text[i] = nibble >= 8 ? char.ToUpperInvariant(source.digits[i]) : source.digits[i];
            }
        });
    }
}
