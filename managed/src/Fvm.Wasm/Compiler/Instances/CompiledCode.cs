using System.Collections.Concurrent;

namespace Fvm.Wasm;

/// <summary>A module and its machine code.</summary>
internal sealed class CompiledCode : IWasmCode
{
    /// <summary>A cache entry is rewritten only if the new code exceeds this fraction (1/16) of the saved code.</summary>
    private const int RewriteFraction = 16;

    private readonly ConcurrentBag<CompiledLinkedCode> _links = [];

    private readonly Lazy<CompiledCode> _checked;
    private readonly CodeEntry? _entry;
    private readonly Lock _saving = new();
    private int _saved;
    private long _savedSize;

    /// <param name="pools">Memory for instances.</param>
    /// <param name="pages">The page map, to find the touched pages of an instance's memory; null if unavailable.</param>
    /// <param name="idle">Budget for memory kept by idle instances.</param>
    /// <param name="module">A validated module.</param>
    /// <param name="metering">The module's metering, or null.</param>
    /// <param name="entry">Where the code is kept; null for nowhere.</param>
    /// <param name="options">What the code depends on.</param>
    /// <param name="outlinedCode">Bytes of the complete code of a module without instructions (<see cref="ModuleOutline"/>); 0 for others.</param>
    public CompiledCode(
        MemoryPools pools,
        PageMap? pages,
        IdleBudget idle,
        WasmModule module,
        ModuleMetering? metering,
        CodeEntry? entry,
        CodeOptions options,
        int outlinedCode = 0)
    {
        Pools = pools;
        Pages = pages;
        Idle = idle;
        _entry = entry;
        Module = module;
        Metering = metering;
        Image = MemoryImage.Create(module, pools.Shared);
        Layout = new InstanceLayout(module);
        Data = new PassiveData(module);
        _checked = new(() => new(pools, pages, idle, module, metering, entry: null, options with { IsGuarded = false }));
        Segment = new CodeSegment(module, metering, Layout, Data, options, RuntimeCalls.HelperAddress, RuntimeCalls.CompileAddress, outlinedCode);
    }

    public MemoryPools Pools { get; }

    public PageMap? Pages { get; }

    public IdleBudget Idle { get; }

    /// <summary>Initial memory and table of instances; null if not known statically.</summary>
    public MemoryImage? Image { get; }

    /// <inheritdoc/>
    public WasmModule Module { get; }

    /// <inheritdoc/>
    public long Size => CodeSize.Of(Module) + OwnSize + (_checked.IsValueCreated ? Checked.OwnSize : 0);

    public ModuleMetering? Metering { get; }

    /// <summary>Layout of an instance's context block.</summary>
    public InstanceLayout Layout { get; }

    /// <summary>Source of <c>memory.init</c>; must outlive <see cref="Segment"/>, which contains its address.</summary>
    public PassiveData Data { get; }

    public CodeSegment Segment { get; }

    /// <summary>
    /// Code of the same module with bounds checks, for instances whose memory cannot have guard pages: made when it is first needed, and not cached.
    /// </summary>
    public CompiledCode Checked => _checked.Value;

    private long OwnSize => Segment.Size + (long)(Image?.Length ?? 0) + Data.Size;

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

            if (_checked.IsValueCreated)
            {
                Checked.Dispose();
            }

            Image?.Dispose();
            Segment.Dispose();
            Data.Dispose();
        }
    }

    /// <summary>Compiles all remaining functions and saves the code, unless it is disposed of meanwhile.</summary>
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

    /// <summary>Writes the code to the cache if functions were compiled since the last read or write.</summary>
    /// <param name="always">Also if the new code is so small that compiling it again is cheaper than rewriting the entry.</param>
    public void Save(bool always)
    {
        lock (_saving)
        {
            int compiled = Segment.CompiledCount;
            if (_entry is not null && !IsDisposed && compiled != _saved && (always || Segment.CodeSize - _savedSize > _savedSize / RewriteFraction))
            {
                _entry.Cache.Write(_entry.Key, Segment.ToBytes());
                _saved = compiled;
                _savedSize = Segment.CodeSize;
                KeepOutline();
            }
        }
    }

    /// <summary>Keeps the module's outline, too, if its code in the cache is complete: the next process does without the module's bytes.</summary>
    public void KeepOutline()
    {
        if (Segment.IsComplete)
        {
            _entry?.WriteOutline(Module);
        }
    }

    /// <summary>Loads the code from a cache entry. False if it does not match the module.</summary>
    public bool TryRead(ReadOnlySpan<byte> kept)
    {
        bool fits = Segment.TryRead(kept);
        _savedSize = fits ? Segment.CodeSize : 0;
        return fits;
    }

    /// <summary>
    /// Links functions as <see cref="Link"/> does, and substitutes all other imports. Needed by the Wasm specification tests only.
    /// </summary>
    internal CompiledLinkedCode? LinkFunctions(HostTable host, ImportedState imported, out string? failure)
    {
        int[]? imports = ImportResolver.Resolve(Module, host, out failure);
        return imports is null ? null : LinkResolved(host, imports, imported);
    }

    /// <summary>Links functions that are resolved.</summary>
    internal CompiledLinkedCode LinkResolved(HostTable host, int[] imports, ImportedState imported)
    {
        CompiledLinkedCode linked = new(this, host, imports, imported);
        _links.Add(linked);
        return linked;
    }
}
