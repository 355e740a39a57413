namespace Fvm.Native;

/// <summary>Values lent to the proofs library (C: <c>slice_ref_…</c>, 16 bytes).</summary>
// Sound: holds what is pinned, or on the stack, until the call of the proofs library returns; nothing reads it here.
internal unsafe struct SliceRefOf<T>(T* pointer, int length)
    where T : unmanaged
{
    public T* Pointer = pointer;
    public nuint Length = (nuint)length;
}
