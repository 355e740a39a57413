using Fvm.Ipld;

namespace Fvm;

/// <summary>What <c>verify_post</c> verifies. In CBOR: randomness, proofs, sectors, prover.</summary>
/// <param name="Randomness">Bytes; 32 where the proof is to be good.</param>
/// <param name="Proofs">Possibly none.</param>
/// <param name="ChallengedSectors">Possibly none.</param>
/// <param name="Prover">The miner.</param>
public sealed record WindowPostVerifyInfo(
    ReadOnlyMemory<byte> Randomness, PostProof[] Proofs, SectorInfo[] ChallengedSectors, ActorId Prover)
{
    /// <summary>Reads what an actor hands over.</summary>
    /// <exception cref="CborException">It does not decode.</exception>
    public static WindowPostVerifyInfo Decode(ReadOnlySpan<byte> bytes)
    {
        CborReader reader = new(bytes);
        return Decode(ref reader);
    }

    /// <summary>The same by a reader that may note faults: what it gives is of use only where there are none.</summary>
    internal static WindowPostVerifyInfo Decode(ref CborReader reader)
    {
        reader.ReadArrayHeader(4);
        byte[] randomness = reader.ReadBytes().ToArray();
        PostProof[] proofs = CborFields.ReadList(ref reader, static (ref CborReader item) =>
        {
            item.ReadArrayHeader(2);
            RegisteredPostProof kind = (RegisteredPostProof)item.ReadInt();
            return new PostProof(kind, item.ReadBytes().ToArray());
        });
        SectorInfo[] sectors = CborFields.ReadList(ref reader, static (ref CborReader item) =>
        {
            item.ReadArrayHeader(3);
            RegisteredSealProof proof = (RegisteredSealProof)item.ReadInt();
            ulong number = item.ReadUInt();
            return new SectorInfo(proof, number, item.ReadCid());
        });
        ActorId prover = new(reader.ReadUInt());
        reader.EnsureEnd();
        return new WindowPostVerifyInfo(randomness, proofs, sectors, prover);
    }
}
