namespace Fvm.Wasm;

/// <summary>Machine code for x86-64.</summary>
/// <param name="module">A validated module.</param>
/// <param name="metering">Its metering; null to charge and count nothing.</param>
/// <param name="layout">Where stubs and tables are; stubs note their places here.</param>
/// <param name="instances">Where an instance has what belongs to it.</param>
/// <param name="typeNumbers">For each type of the module a number that equal types share.</param>
/// <param name="vectorSize">Bytes of the widest vectors that copies use: 16, 32 or 64.</param>
internal sealed class X64Generator(
    WasmModule module, ModuleMetering? metering, SegmentLayout layout, InstanceLayout instances, int[] typeNumbers, int vectorSize)
    : ICodeGenerator
{
    /// <inheritdoc/>
    public SegmentStubs WriteStubs()
    {
        Emitter asm = new();
        Stubs stubs = new(module, metering, layout, instances, asm, vectorSize);
        stubs.Write();
        return new SegmentStubs(asm, asm, stubs.FunctionStubs, stubs.References);
    }

    /// <inheritdoc/>
    public IFunctionCompiler CreateCompiler() =>
        new FunctionCompiler(module, metering, layout, instances, typeNumbers, VectorSizeOfFunctions(vectorSize));

    /// <summary>
    /// Bytes of the vectors that functions use, of those that stubs may use. Stubs are made anew in each process; functions are kept on disk, for
    /// processors that have as wide ones.
    /// </summary>
    public static int VectorSizeOfFunctions(int vectorSize) => Math.Min(vectorSize, 32);
}
