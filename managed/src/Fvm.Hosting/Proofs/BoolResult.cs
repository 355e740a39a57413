namespace Fvm.Hosting;

/// <summary>The proofs library's response (C: <c>Result_bool_t</c>, 32 bytes).</summary>
// Sound: holds pointers that the proofs library allocates and frees; only NativeProofs reads them, before it destroys the response.
internal unsafe struct BoolResult
{
    public int StatusCode;
    public byte* ErrorText;
    public nuint ErrorLength;
    public byte Value;
}
