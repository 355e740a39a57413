namespace Fvm.Wasm;

/// <summary>The stubs at the start of a segment. Positions are in bytes from its first byte of code.</summary>
/// <param name="code">The stubs' code.</param>
/// <param name="owner">The owner of the code's memory, disposed of with this object.</param>
/// <param name="functions">Per function slot, its initial target: a stub that calls the host, or one that compiles.</param>
/// <param name="references">Per reference, the target of <c>call_indirect</c>; 0 if no such reference can exist.</param>
internal sealed class SegmentStubs(IMachineCode code, IDisposable owner, int[] functions, int[] references) : IDisposable
{
    public IMachineCode Code => code;

    public ReadOnlySpan<int> Functions => functions;

    public ReadOnlySpan<int> References => references;

    public void Dispose() => owner.Dispose();
}
