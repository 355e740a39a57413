namespace Fvm.Hosting;

/// <summary>A proof of spacetime (C: <c>PoStProof_t</c>, 24 bytes).</summary>
// Sound: holds pinned memory for the duration of a call of the proofs library; nothing reads it here.
internal unsafe struct NativePostProof
{
    public int RegisteredProof;
    public byte* Proof;
    public nuint ProofLength;
}
