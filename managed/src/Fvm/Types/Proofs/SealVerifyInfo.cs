using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// A seal to verify. In CBOR: kind, sector, deals, randomness, interactive randomness, proof, sealed CID, unsealed CID.
/// </summary>
public sealed record SealVerifyInfo
{
    public required RegisteredSealProof RegisteredProof { get; init; }

    public required SectorId Sector { get; init; }

    public required ulong[] DealIds { get; init; }

    public required ReadOnlyMemory<byte> Randomness { get; init; }

    public required ReadOnlyMemory<byte> InteractiveRandomness { get; init; }

    public required ReadOnlyMemory<byte> Proof { get; init; }

    /// <summary>CommR.</summary>
    public required Cid SealedCid { get; init; }

    /// <summary>CommD.</summary>
    public required Cid UnsealedCid { get; init; }

    /// <summary>Decodes the argument of <c>verify_seal</c>.</summary>
    /// <exception cref="CborException">It is malformed.</exception>
    public static SealVerifyInfo Decode(ReadOnlySpan<byte> bytes)
    {
        CborReader reader = new(bytes);
        return Decode(ref reader);
    }

    /// <summary>The same with a fault-noting reader: the result is meaningful only without a fault.</summary>
    internal static SealVerifyInfo Decode(ref CborReader reader)
    {
        SealVerifyInfo info = Read(ref reader);
        reader.EnsureEnd();
        return info;
    }

    /// <summary>Decodes the list argument of <c>batch_verify_seals</c>.</summary>
    /// <exception cref="CborException">It is malformed.</exception>
    public static SealVerifyInfo[] DecodeBatch(ReadOnlySpan<byte> bytes)
    {
        CborReader reader = new(bytes);
        return DecodeBatch(ref reader);
    }

    /// <summary>The same with a fault-noting reader: the result is meaningful only without a fault.</summary>
    internal static SealVerifyInfo[] DecodeBatch(ref CborReader reader)
    {
        SealVerifyInfo[] batch = CborFields.ReadList(ref reader, static (ref CborReader item) => Read(ref item));
        reader.EnsureEnd();
        return batch;
    }

    private static SealVerifyInfo Read(ref CborReader reader)
    {
        reader.ReadArrayHeader(8);
        RegisteredSealProof kind = (RegisteredSealProof)reader.ReadInt();
        reader.ReadArrayHeader(2);
        ActorId miner = new(reader.ReadUInt());
        SectorId sector = new(miner, reader.ReadUInt());
        ulong[] deals = CborFields.ReadList(ref reader, static (ref CborReader item) => item.ReadUInt());
        return new SealVerifyInfo
        {
            RegisteredProof = kind,
            Sector = sector,
            DealIds = deals,
            Randomness = reader.ReadBytes().ToArray(),
            InteractiveRandomness = reader.ReadBytes().ToArray(),
            Proof = reader.ReadBytes().ToArray(),
            SealedCid = reader.ReadCid(),
            UnsealedCid = reader.ReadCid(),
        };
    }
}
