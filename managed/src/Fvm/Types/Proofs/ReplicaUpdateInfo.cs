using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// A replica update to verify. In CBOR: kind, old sealed CID, new sealed CID, new unsealed CID, and the proof, here encoded as a list of
/// integers instead of a byte string.
/// </summary>
public sealed record ReplicaUpdateInfo(
    RegisteredUpdateProof UpdateProof, Cid OldSealedCid, Cid NewSealedCid, Cid NewUnsealedCid, ReadOnlyMemory<byte> Proof)
{
    /// <summary>Decodes a syscall's argument.</summary>
    /// <exception cref="CborException">It is malformed.</exception>
    public static ReplicaUpdateInfo Decode(ReadOnlySpan<byte> bytes)
    {
        CborReader reader = new(bytes);
        return Decode(ref reader);
    }

    /// <summary>The same with a fault-noting reader: the result is meaningful only without a fault.</summary>
    internal static ReplicaUpdateInfo Decode(ref CborReader reader)
    {
        reader.ReadArrayHeader(5);
        RegisteredUpdateProof kind = (RegisteredUpdateProof)reader.ReadInt();
        Cid oldSealed = reader.ReadCid();
        Cid newSealed = reader.ReadCid();
        Cid newUnsealed = reader.ReadCid();
        byte[] proof = new byte[reader.ReadArrayHeader()];
        for (int i = 0; i < proof.Length && reader.Fault is null; i++)
        {
            proof[i] = reader.ReadUInt8();
        }

        reader.EnsureEnd();
        return new ReplicaUpdateInfo(kind, oldSealed, newSealed, newUnsealed, proof);
    }
}
