namespace Fvm.Hosting;

/// <summary>Values borrowed by the proofs library (C: <c>slice_ref_…</c>, 16 bytes).</summary>
// Sound: holds pinned or stack memory for the duration of a call of the proofs library; nothing reads it here.
internal unsafe struct SliceRefOf<T>(T* pointer, int length)
    where T : unmanaged
{
    public T* Pointer = pointer;
    public nuint Length = (nuint)length;
}
