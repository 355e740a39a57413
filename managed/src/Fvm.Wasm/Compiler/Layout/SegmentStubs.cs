namespace Fvm.Wasm;

/// <summary>The code at the start of a segment. Places are bytes from its first byte.</summary>
/// <param name="code">The code.</param>
/// <param name="owner">What is to be disposed of with it.</param>
/// <param name="functions">For each function slot the place that it holds at first: a call of the host, or a stub that compiles.</param>
/// <param name="references">For each reference the place that <c>call_indirect</c> enters, or 0 where no such reference can exist.</param>
internal sealed class SegmentStubs(IMachineCode code, IDisposable owner, int[] functions, int[] references) : IDisposable
{
    public IMachineCode Code => code;

    public ReadOnlySpan<int> Functions => functions;

    public ReadOnlySpan<int> References => references;

    public void Dispose() => owner.Dispose();
}
