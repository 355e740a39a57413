using Fvm.Ipld;

namespace Fvm;

/// <summary>The argument of <c>verify_post</c>. In CBOR: randomness, proofs, sectors, prover.</summary>
/// <param name="Randomness">32 bytes in a valid proof.</param>
/// <param name="Proofs">May be empty.</param>
/// <param name="ChallengedSectors">May be empty.</param>
/// <param name="Prover">The miner.</param>
public sealed record WindowPostVerifyInfo(
    ReadOnlyMemory<byte> Randomness, PostProof[] Proofs, SectorInfo[] ChallengedSectors, ActorId Prover)
{
    /// <summary>Decodes a syscall's argument.</summary>
    /// <exception cref="CborException">It is malformed.</exception>
    public static WindowPostVerifyInfo Decode(ReadOnlySpan<byte> bytes)
    {
        CborReader reader = new(bytes);
        return Decode(ref reader);
    }

    /// <summary>The same with a fault-noting reader: the result is meaningful only without a fault.</summary>
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
