namespace Fvm.Wasm;

/// <summary>
/// The portable engine: translates each function at its first call to a compact internal code, in one pass, and interprets it.
/// </summary>
internal sealed class InterpreterEngine : IWasmEngine
{
    /// <summary>
    /// Maximum number of active frames: far above the stack limiter's bound on metered calls. Only calls through direct references reach
    /// it; the reference allows them 4 MiB of machine stack, which is this many frames of the smallest functions.
    /// </summary>
    internal const int MaxFrames = 131_057;

    /// <summary>Slots for modules with counted frames: the maximum of the frame model.</summary>
    internal const int CountedSlots = FrameModel.Limit / sizeof(ulong) * FrameModel.EngineRatio;

    private const int LazySlots = 4 * 1024 * 1024;
    private const int EagerSlots = 128 * 1024;

    private readonly MemoryPools _pools;

    public InterpreterEngine()
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("the interpreter needs a little-endian processor");
        }

        Slots = PageMemory.Create().IsLazy ? LazySlots : EagerSlots;
        // Sound: only takes the size of a structure.
        unsafe
        {
            nuint frames = (nuint)(MaxFrames * sizeof(Frame));
            _pools = new MemoryPools(frames + ((nuint)Slots * sizeof(ulong)), frames + ((nuint)CountedSlots * sizeof(ulong)));
        }
    }

    /// <inheritdoc/>
    public string Name => "interpreter";

    /// <summary>Slots of one running instance's stack.</summary>
    internal int Slots { get; }

    /// <inheritdoc/>
    public IWasmCode Load(ReadOnlyMemory<byte> wasm, ModuleLimits limits, MeteringRules? rules) => LoadModule(wasm, limits, rules);

    /// <inheritdoc/>
    public void Dispose() => Trim();

    /// <inheritdoc/>
    public void Trim() => _pools.Trim();

    internal InterpreterCode LoadModule(ReadOnlyMemory<byte> wasm, ModuleLimits limits, MeteringRules? rules)
    {
        (WasmModule module, ModuleMetering? metering) = ModuleMetering.Decode(wasm, limits, rules);
        if (rules is not null)
        {
            InstanceLimits.Check(module);
        }

        return Prepare(module, metering);
    }

    internal InterpreterCode Prepare(WasmModule module, ModuleMetering? metering) => new(this, _pools, module, metering);
}
