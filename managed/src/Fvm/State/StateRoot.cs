using Fvm.Ipld;

namespace Fvm;

/// <summary>The root block of a state tree. In CBOR: version, root of the actors' HAMT, info (an empty list so far).</summary>
public readonly record struct StateRoot(StateTreeVersion Version, Cid Actors, Cid Info)
{
    /// <exception cref="CborException">The bytes are not a state root.</exception>
    public static StateRoot Decode(ReadOnlySpan<byte> bytes)
    {
        CborReader reader = new(bytes);
        reader.ReadArrayHeader(3);
        ulong version = reader.ReadUInt();
        if (version > (ulong)StateTreeVersion.V5)
        {
            throw new CborException(1, $"unknown state tree version {version}");
        }

        Cid actors = reader.ReadCid();
        Cid info = reader.ReadCid();
        reader.EnsureEnd();
        return new StateRoot((StateTreeVersion)version, actors, info);
    }

    /// <summary>Decodes a block that may be a state root.</summary>
    /// <returns>Null if it is none.</returns>
    public static StateRoot? TryDecode(in Cid cid, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return cid.Codec == Multicodec.DagCbor ? Decode(bytes) : null;
        }
        catch (CborException)
        {
            return null;
        }
    }

    public byte[] Encode()
    {
        CborWriter writer = new();
        writer.WriteArrayHeader(3);
        writer.WriteUInt((ulong)Version);
        writer.WriteCid(Actors);
        writer.WriteCid(Info);
        return writer.ToArray();
    }
}
