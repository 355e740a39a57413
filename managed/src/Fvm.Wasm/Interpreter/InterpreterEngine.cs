using Fvm.Wasm.Metering;
using Fvm.Wasm.Runtime;

namespace Fvm.Wasm.Interpreter;

/// <summary>The portable engine.</summary>
public sealed class InterpreterEngine : IWasmEngine
{
    /// <inheritdoc/>
    public string Name => "interpreter";

    /// <inheritdoc/>
    public IWasmCode Load(ReadOnlyMemory<byte> wasm, MeteringRules? rules) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
