using System.Collections.Concurrent;

namespace Fvm.Wasm;

/// <summary>A module with its machine code.</summary>
internal sealed class CompiledCode : IWasmCode
{
    /// <summary>A part of the code that is smaller is not worth writing all of it again.</summary>
    private const int LittleShare = 16;

    private readonly ConcurrentBag<CompiledLinkedCode> _links = [];

    private readonly CodeCache? _cache;
    private readonly string _cacheKey;
    private readonly Lock _saving = new();
    private int _saved;
    private long _savedSize;

    /// <param name="pools">Memory for instances.</param>
    /// <param name="pages">What tells which pages of an instance's memory exist.</param>
    /// <param name="idle">The bound on what instances keep that are no more.</param>
    /// <param name="module">A validated module.</param>
    /// <param name="metering">Its metering, or null.</param>
    /// <param name="cache">Where the code is to be kept, or null.</param>
    /// <param name="cacheKey">Its name there.</param>
    /// <param name="vectorSize">Bytes of the vectors that copies use.</param>
    public CompiledCode(
        MemoryPools pools,
        PageMap? pages,
        IdleBudget idle,
        WasmModule module,
        ModuleMetering? metering,
        CodeCache? cache,
        string cacheKey,
        int vectorSize)
    {
        Pools = pools;
        Pages = pages;
        Idle = idle;
        _cache = cache;
        _cacheKey = cacheKey;
        Module = module;
        Metering = metering;
        Image = MemoryImage.Create(module);
        Layout = new InstanceLayout(module);
        Data = new PassiveData(module);
        Segment = new CodeSegment(module, metering, Layout, Data, vectorSize, RuntimeCalls.HelperAddress, RuntimeCalls.CompileAddress);
    }

    public MemoryPools Pools { get; }

    public PageMap? Pages { get; }

    public IdleBudget Idle { get; }

    /// <summary>What instances begin with, where that is known.</summary>
    public MemoryImage? Image { get; }

    /// <inheritdoc/>
    public WasmModule Module { get; }

    /// <inheritdoc/>
    public long Size => CodeSize.Of(Module) + Segment.Size + (long)(Image?.Length ?? 0) + Data.Size;

    public ModuleMetering? Metering { get; }

    /// <summary>Where instances have what.</summary>
    public InstanceLayout Layout { get; }

    /// <summary>What <c>memory.init</c> copies from; lives as long as <see cref="Segment"/>, which has its address.</summary>
    public PassiveData Data { get; }

    public CodeSegment Segment { get; }

    public bool IsDisposed { get; private set; }

    /// <inheritdoc/>
    public ILinkedCode? Link(HostTable host, out string? failure) =>
        ImportResolver.HasFunctionsOnly(Module, out failure) ? LinkFunctions(host, ImportedState.None, out failure) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        Save(always: false);
        lock (_saving)
        {
            if (IsDisposed)
            {
                return;
            }

            IsDisposed = true;
            while (_links.TryTake(out CompiledLinkedCode? link))
            {
                link.Clear();
            }

            Image?.Dispose();
            Segment.Dispose();
            Data.Dispose();
        }
    }

    /// <summary>Compiles what is not compiled yet and keeps it, unless the code is disposed of meanwhile.</summary>
    public void CompileAhead(CancellationToken stop)
    {
        for (int function = Module.ImportedFunctionCount; function < Module.FunctionCount; function++)
        {
            lock (_saving)
            {
                if (IsDisposed || stop.IsCancellationRequested)
                {
                    return;
                }

                Segment.Compile(function);
            }
        }

        Save(always: true);
    }

    /// <summary>Writes the code to the cache, if any was made since it was read or written last.</summary>
    /// <param name="always">Also if it is little beside what is there already, so that compiling it again costs less than writing all.</param>
    public void Save(bool always)
    {
        lock (_saving)
        {
            int compiled = Segment.CompiledCount;
            if (_cache is not null && !IsDisposed && compiled != _saved && (always || Segment.CodeSize - _savedSize > _savedSize / LittleShare))
            {
                _cache.Write(_cacheKey, Segment.ToBytes());
                _saved = compiled;
                _savedSize = Segment.CodeSize;
            }
        }
    }

    /// <summary>Takes what the cache had. False where it does not fit.</summary>
    public bool TryRead(ReadOnlySpan<byte> kept)
    {
        bool fits = Segment.TryRead(kept);
        _savedSize = fits ? Segment.CodeSize : 0;
        return fits;
    }

    /// <summary>
    /// Links functions as <see cref="Link"/> does, and makes up what else is imported: tests of the specification need it.
    /// </summary>
    internal CompiledLinkedCode? LinkFunctions(HostTable host, ImportedState imported, out string? failure)
    {
        int[]? imports = ImportResolver.Resolve(Module, host, out failure);
        if (imports is null)
        {
            return null;
        }

        CompiledLinkedCode linked = new(this, host, imports, imported);
        _links.Add(linked);
        return linked;
    }
}
