namespace Fvm.Wasm;

/// <summary>Generates machine code for x86-64.</summary>
/// <param name="module">A validated module.</param>
/// <param name="metering">The module's metering; null for no gas charges and no stack limit.</param>
/// <param name="layout">The positions of stubs and tables; receives the positions of the stubs.</param>
/// <param name="instances">The layout of instances.</param>
/// <param name="typeNumbers">Per type of the module, a number shared by equal types.</param>
/// <param name="options">What the code depends on; the cache's key has it, too.</param>
internal sealed class X64Generator(
    WasmModule module, ModuleMetering? metering, SegmentLayout layout, InstanceLayout instances, int[] typeNumbers, CodeOptions options)
    : ICodeGenerator
{
    /// <summary>The process's guard pages; null where they cannot be. The first use sets a handler of faults.</summary>
    public static GuardPages? GuardPages => FaultHandler.Process;

    /// <inheritdoc/>
    public SegmentStubs WriteStubs()
    {
        Emitter asm = new();
        Stubs stubs = new(module, metering, layout, instances, asm, options.VectorSize);
        stubs.Write();
        return new SegmentStubs(asm, asm, stubs.FunctionStubs, stubs.References);
    }

    /// <inheritdoc/>
    public IFunctionCompiler CreateCompiler() => new FunctionCompiler(module, metering, layout, instances, typeNumbers, options);
}
