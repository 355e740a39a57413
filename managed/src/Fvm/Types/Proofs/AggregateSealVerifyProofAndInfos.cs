using Fvm.Ipld;

namespace Fvm;

/// <summary>An aggregate of seals to verify. In CBOR: miner, seal proof type, aggregation type, proof, seals.</summary>
public sealed record AggregateSealVerifyProofAndInfos(
    ActorId Miner,
    RegisteredSealProof SealProof,
    RegisteredAggregateProof AggregateProof,
    ReadOnlyMemory<byte> Proof,
    AggregateSealVerifyInfo[] Infos)
{
    /// <summary>Decodes a syscall's argument.</summary>
    /// <exception cref="CborException">It is malformed.</exception>
    public static AggregateSealVerifyProofAndInfos Decode(ReadOnlySpan<byte> bytes)
    {
        CborReader reader = new(bytes);
        return Decode(ref reader);
    }

    /// <summary>The same with a fault-noting reader: the result is meaningful only without a fault.</summary>
    internal static AggregateSealVerifyProofAndInfos Decode(ref CborReader reader)
    {
        reader.ReadArrayHeader(5);
        ActorId miner = new(reader.ReadUInt());
        RegisteredSealProof sealProof = (RegisteredSealProof)reader.ReadInt();
        RegisteredAggregateProof aggregateProof = (RegisteredAggregateProof)reader.ReadInt();
        byte[] proof = reader.ReadBytes().ToArray();
        AggregateSealVerifyInfo[] infos = CborFields.ReadList(ref reader, static (ref CborReader item) =>
        {
            item.ReadArrayHeader(5);
            ulong number = item.ReadUInt();
            byte[] randomness = item.ReadBytes().ToArray();
            byte[] interactive = item.ReadBytes().ToArray();
            Cid sealedCid = item.ReadCid();
            return new AggregateSealVerifyInfo(number, randomness, interactive, sealedCid, item.ReadCid());
        });
        reader.EnsureEnd();
        return new AggregateSealVerifyProofAndInfos(miner, sealProof, aggregateProof, proof, infos);
    }
}
