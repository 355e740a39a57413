using Fvm.Ipld;

namespace Fvm;

/// <summary>An account actor's state: its key address. In CBOR a list of that one address.</summary>
internal sealed record AccountActorState(Address Address)
{
    /// <exception cref="CborException">The bytes are not an account's state.</exception>
    public static AccountActorState Decode(ReadOnlySpan<byte> bytes)
    {
        CborReader reader = new(bytes);
        reader.ReadArrayHeader(1);
        Address address = CborFields.ReadAddress(ref reader);
        reader.EnsureEnd();
        return new AccountActorState(address);
    }

    public byte[] Encode()
    {
        CborWriter writer = new();
        writer.WriteArrayHeader(1);
        CborFields.WriteAddress(writer, Address);
        return writer.ToArray();
    }
}
