using System.Collections.Immutable;

namespace Fvm.Wasm;

/// <summary>The code of a defined function.</summary>
/// <param name="TypeIndex">The signature's index in <see cref="WasmModule.Types"/>.</param>
/// <param name="LocalGroups">Declared locals, as grouped in the binary, without parameters.</param>
/// <param name="LocalCount">Number of declared locals, without parameters.</param>
/// <param name="CodeStart">Offset of the first instruction in <see cref="WasmModule.Bytes"/>.</param>
/// <param name="CodeEnd">Offset past the final <c>end</c>.</param>
public sealed record FunctionBody(int TypeIndex, ImmutableArray<LocalGroup> LocalGroups, int LocalCount, int CodeStart, int CodeEnd)
{
    /// <summary>Bytes of the instructions, the final <c>end</c> included.</summary>
    public int CodeLength => CodeEnd - CodeStart;
}
