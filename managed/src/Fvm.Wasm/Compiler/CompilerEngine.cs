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
    /// <summary>Bytes of memory that waiting instances keep, all together.</summary>
    private const long MaxIdle = 256 << 20;

    private readonly MemoryPools _pools;
    private readonly TouchedPages? _pages = TouchedPages.Open();
    private readonly IdleBudget _idle = new(MaxIdle);

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
    public static bool IsSupported => RuntimeInformation.ProcessArchitecture == Architecture.X64 && HasInstructions() && CodeMemory.IsSupported;

    /// <inheritdoc/>
    public string Name => "compiler";

    /// <inheritdoc/>
    public IWasmCode Load(ReadOnlyMemory<byte> wasm, MeteringRules? rules) => LoadModule(wasm, rules);

    /// <inheritdoc/>
    public void Dispose()
    {
        _pages?.Dispose();
        _pools.Dispose();
    }

    // The processor itself is asked: code compiled ahead of time for older processors answers no for those that it runs on.
    private static bool HasInstructions()
    {
        if (!X86Base.IsSupported || X86Base.CpuId(0, 0).Eax < 7 || (uint)X86Base.CpuId(unchecked((int)0x8000_0000), 0).Eax < 0x8000_0001)
        {
            return false;
        }

        const int Sse41AndPopcnt = (1 << 19) | (1 << 23);
        const int Bmi1AndBmi2 = (1 << 3) | (1 << 8);
        const int Lzcnt = 1 << 5;
        return (X86Base.CpuId(1, 0).Ecx & Sse41AndPopcnt) == Sse41AndPopcnt
            && (X86Base.CpuId(7, 0).Ebx & Bmi1AndBmi2) == Bmi1AndBmi2
            && (X86Base.CpuId(unchecked((int)0x8000_0001), 0).Ecx & Lzcnt) != 0;
    }

    internal CompiledCode LoadModule(ReadOnlyMemory<byte> wasm, MeteringRules? rules)
    {
        WasmModule module = ModuleDecoder.Decode(wasm);
        ModuleMetering? metering = rules is null ? null : ModuleMetering.Analyze(module, rules);
        if (rules is not null)
        {
            InstanceLimits.Check(module);
        }

        return new CompiledCode(_pools, _pages, _idle, module, metering);
    }
}
