using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Fvm.Wasm.Binary;
using Fvm.Wasm.Metering;
using Fvm.Wasm.Module;
using Fvm.Wasm.Platform;
using Fvm.Wasm.Runtime;

namespace Fvm.Wasm.Compiler;

/// <summary>The engine that makes machine code for x86-64, each function at its first call or all of a module ahead.</summary>
public sealed class CompilerEngine : IWasmEngine
{
    private readonly MemoryPools _pools;

    /// <exception cref="PlatformNotSupportedException">See <see cref="IsSupported"/>.</exception>
    public CompilerEngine()
    {
        if (!IsSupported)
        {
            throw new PlatformNotSupportedException("machine code needs Linux on x86-64 with BMI2, and the right to run written memory");
        }

        _pools = new MemoryPools(stackSize: 0);
    }

    /// <summary>Whether this machine and system can run the code that the engine makes.</summary>
    public static bool IsSupported =>
        RuntimeInformation.ProcessArchitecture == Architecture.X64 && Bmi1.X64.IsSupported && Bmi2.X64.IsSupported &&
        Lzcnt.X64.IsSupported && Popcnt.X64.IsSupported && Sse41.IsSupported && CodeMemory.IsSupported;

    /// <inheritdoc/>
    public string Name => "compiler";

    /// <inheritdoc/>
    public IWasmCode Load(ReadOnlyMemory<byte> wasm, MeteringRules? rules) => LoadModule(wasm, rules);

    /// <inheritdoc/>
    public void Dispose() => _pools.Dispose();

    internal CompiledCode LoadModule(ReadOnlyMemory<byte> wasm, MeteringRules? rules)
    {
        WasmModule module = ModuleDecoder.Decode(wasm);
        ModuleMetering? metering = rules is null ? null : ModuleMetering.Analyze(module, rules);
        if (rules is not null)
        {
            InstanceLimits.Check(module);
        }

        return new CompiledCode(_pools, module, metering);
    }
}
