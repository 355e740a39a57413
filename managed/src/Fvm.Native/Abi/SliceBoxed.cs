namespace Fvm.Native;

/// <summary>
/// Bytes owned by the response that contains them, until it is destroyed (C: <c>slice_boxed_uint8_t</c>). The default value, with a NULL
/// pointer, is an absent optional value.
/// </summary>
// Sound: holds a pointer that Responses allocates and frees; only the response's owner reads it.
internal unsafe struct SliceBoxed
{
    public byte* Pointer;
    public nuint Length;
}
