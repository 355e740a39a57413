using Fvm.Ipld;
using Fvm.Wasm;

namespace Fvm;

/// <summary>The name of an actor's code for an engine: its CID.</summary>
public static class CodeName
{
    /// <summary>The name of the module with a CID.</summary>
    public static ModuleName Of(Cid code) => new(code.ToBytes(), wasm => BlockDigest.Matches(in code, wasm.Span) == true);
}
