namespace Fvm.Hosting;

/// <summary>A challenged sector (C: <c>PublicReplicaInfo_t</c>, 48 bytes).</summary>
internal struct PublicReplica
{
    public int RegisteredProof;
    public Bytes32 CommR;
    public ulong SectorNumber;
}
