namespace Fvm.Native;

/// <summary>A proof of spacetime (C: <c>PoStProof_t</c>, 24 bytes).</summary>
internal struct NativePostProof
{
    public int RegisteredProof;
    public SliceBoxed Proof;
}
