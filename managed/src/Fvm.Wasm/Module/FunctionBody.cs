using System.Collections.Immutable;

namespace Fvm.Wasm;

/// <summary>The code of a function that the module defines.</summary>
/// <param name="TypeIndex">The signature's index in <see cref="WasmModule.Types"/>.</param>
/// <param name="LocalGroups">Declared locals, as grouped in the binary (parameters are not among them).</param>
/// <param name="LocalCount">All declared locals, parameters not counted.</param>
/// <param name="CodeStart">Offset of the first instruction in <see cref="WasmModule.Bytes"/>.</param>
/// <param name="CodeEnd">Offset past the final <c>end</c>.</param>
public sealed record FunctionBody(int TypeIndex, ImmutableArray<LocalGroup> LocalGroups, int LocalCount, int CodeStart, int CodeEnd)
{
    /// <summary>Bytes of the instructions, the final <c>end</c> among them.</summary>
    public int CodeLength => CodeEnd - CodeStart;
}
