namespace Fvm.Native;

/// <summary>The proofs library's response (C: <c>Result_bool_t</c>, 32 bytes).</summary>
internal struct BoolResult
{
    public ResultHead Head;
    public byte Value;
}
