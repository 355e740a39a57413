namespace Fvm.Native;

/// <summary>
/// Bytes of the library, until the response that holds them is destroyed (C: <c>slice_boxed_uint8_t</c>). The default value, whose
/// pointer is NULL, is an optional value that is absent.
/// </summary>
// Sound: holds a pointer that Responses made and frees; reading it is for those who hold the response.
internal unsafe struct SliceBoxed
{
    public byte* Pointer;
    public nuint Length;
}
