using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// The init actor's state: the map from addresses to actor IDs. In CBOR: root of the address map, next ID, network name (reference:
/// <c>fvm/src/init_actor.rs</c>).
/// </summary>
public sealed record InitActorState(Cid AddressMap, ulong NextId, string NetworkName)
{
    /// <exception cref="CborException">The bytes are not an init actor's state.</exception>
    public static InitActorState Decode(ReadOnlySpan<byte> bytes)
    {
        CborReader reader = new(bytes);
        reader.ReadArrayHeader(3);
        Cid map = reader.ReadCid();
        ulong nextId = reader.ReadUInt();
        string networkName = reader.ReadText();
        reader.EnsureEnd();
        return new InitActorState(map, nextId, networkName);
    }

    public byte[] Encode()
    {
        CborWriter writer = new();
        writer.WriteArrayHeader(3);
        writer.WriteCid(AddressMap);
        writer.WriteUInt(NextId);
        writer.WriteText(NetworkName);
        return writer.ToArray();
    }
}
