namespace Fvm.Native;

/// <summary>
/// Bytes of the library, until the response that holds them is destroyed (C: <c>slice_boxed_uint8_t</c>). The default value, whose
/// pointer is NULL, is an optional value that is absent.
/// </summary>
internal unsafe struct SliceBoxed
{
    public byte* Pointer;
    public nuint Length;
}
