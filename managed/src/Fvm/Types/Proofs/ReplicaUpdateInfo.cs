using Fvm.Ipld;

namespace Fvm;

/// <summary>
/// An update of a sector to verify. In CBOR: kind, old sealed CID, new sealed CID, new unsealed CID, and the proof, which here
/// is a list of small numbers and not a byte string.
/// </summary>
public sealed record ReplicaUpdateInfo(
    RegisteredUpdateProof UpdateProof, Cid OldSealedCid, Cid NewSealedCid, Cid NewUnsealedCid, ReadOnlyMemory<byte> Proof)
{
    /// <summary>Reads what an actor hands over.</summary>
    /// <exception cref="CborException">It does not decode.</exception>
    public static ReplicaUpdateInfo Decode(ReadOnlySpan<byte> bytes)
    {
        CborReader reader = new(bytes);
        return Decode(ref reader);
    }

    /// <summary>The same by a reader that may note faults: what it gives is of use only where there are none.</summary>
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
