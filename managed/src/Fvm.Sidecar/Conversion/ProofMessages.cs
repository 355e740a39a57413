using Fvm.Protocol.V1;
using Google.Protobuf;

namespace Fvm.Sidecar;

/// <summary>Proofs and their public inputs as messages.</summary>
internal static class ProofMessages
{
    public static WindowPost Of(WindowPostVerifyInfo info)
    {
        WindowPost message = new() { Randomness = Bytes(info.Randomness), Prover = info.Prover.Value };
        message.Proofs.AddRange(info.Proofs.Select(static proof => new Protocol.V1.PostProof
        {
            Type = (long)proof.Kind,
            Proof = Bytes(proof.Proof),
        }));
        message.ChallengedSectors.AddRange(info.ChallengedSectors.Select(static sector => new ChallengedSector
        {
            SealType = (long)sector.Proof,
            SectorNumber = sector.SectorNumber,
            SealedCid = ToClient.Bytes(sector.SealedCid),
        }));
        return message;
    }

    public static Seal Of(SealVerifyInfo seal)
    {
        Seal message = new()
        {
            Type = (long)seal.RegisteredProof,
            Miner = seal.Sector.Miner.Value,
            SectorNumber = seal.Sector.Number,
            Randomness = Bytes(seal.Randomness),
            InteractiveRandomness = Bytes(seal.InteractiveRandomness),
            Proof = Bytes(seal.Proof),
            SealedCid = ToClient.Bytes(seal.SealedCid),
            UnsealedCid = ToClient.Bytes(seal.UnsealedCid),
        };
        message.DealIds.AddRange(seal.DealIds);
        return message;
    }

    public static SealAggregate Of(AggregateSealVerifyProofAndInfos aggregate)
    {
        SealAggregate message = new()
        {
            Miner = aggregate.Miner.Value,
            SealType = (long)aggregate.SealProof,
            AggregateType = (long)aggregate.AggregateProof,
            Proof = Bytes(aggregate.Proof),
        };
        message.Seals.AddRange(aggregate.Infos.Select(static info => new AggregatedSeal
        {
            SectorNumber = info.SectorNumber,
            Randomness = Bytes(info.Randomness),
            InteractiveRandomness = Bytes(info.InteractiveRandomness),
            SealedCid = ToClient.Bytes(info.SealedCid),
            UnsealedCid = ToClient.Bytes(info.UnsealedCid),
        }));
        return message;
    }

    public static ReplicaUpdate Of(ReplicaUpdateInfo update) => new()
    {
        Type = (long)update.UpdateProof,
        OldSealedCid = ToClient.Bytes(update.OldSealedCid),
        NewSealedCid = ToClient.Bytes(update.NewSealedCid),
        NewUnsealedCid = ToClient.Bytes(update.NewUnsealedCid),
        Proof = Bytes(update.Proof),
    };

    private static ByteString Bytes(ReadOnlyMemory<byte> bytes) => UnsafeByteOperations.UnsafeWrap(bytes);
}
