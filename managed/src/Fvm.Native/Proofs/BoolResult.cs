namespace Fvm.Native;

/// <summary>What the proofs library answers (C: <c>Result_bool_t</c>, 32 bytes).</summary>
internal struct BoolResult
{
    public ResultHead Head;
    public byte Value;
}
