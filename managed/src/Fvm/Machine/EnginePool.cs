using System.Collections.Concurrent;
using Fvm.Ipld;
using Fvm.Wasm;

namespace Fvm;

/// <summary>
/// Compiled actors, shared by all machines and threads of a process. Code is prepared once per set of rules, and kept while in use and within
/// the pool's bound.
/// </summary>
public sealed class EnginePool : IDisposable
{
    // Machine code takes several mappings per module; a process is limited to 65,530 by default (vm.max_map_count).
    private const int MaxCodes = 4096;

    // Code grows as functions are compiled on their first call: measured after this many new modules, or when the bound is reached.
    private const int MeasureEvery = 64;

    // Bytes of a chunk for blocks: two huge pages, and some blocks of the largest length. The most that are kept for later messages.
    private const int BlockChunkLength = 4 << 20;
    private const int MaxIdleChunks = 16;

    private readonly IWasmEngine _engine;
    private readonly ConcurrentDictionary<CodeKey, Lazy<ActorCode>> _codes = new();
    private readonly long _maxBytes;
    private readonly Lock _bounding = new();
    private long _bytes;
    private int _count;
    private int _unmeasured;

    // The number of preparations: precise enough as a clock for LRU eviction.
    private long _clock;

    /// <param name="engineName">The engine's name (<see cref="WasmEngines"/>).</param>
    /// <exception cref="ArgumentException">The engine does not exist.</exception>
    public EnginePool(string engineName)
        : this(new EnginePoolOptions { Engine = engineName })
    {
    }

    /// <param name="options">The engine and limits.</param>
    /// <exception cref="ArgumentException">The engine does not exist.</exception>
    /// <exception cref="EngineUnavailableException">The engine needs something that is not there.</exception>
    public EnginePool(EnginePoolOptions options)
    {
        CompilerOptions compiler = new() { Cache = options.Cache, CompileAhead = options.CompileAhead, Stoppable = options.Stoppable };
        _engine = options.Maker?.Invoke(compiler) ?? WasmEngines.Create(options.Engine, compiler);
        _maxBytes = options.MaxBytes;
    }

    /// <summary>The engine's name.</summary>
    public string EngineName => _engine.Name;

    /// <summary>Memory for the blocks of messages that create many.</summary>
    internal NativeBytesPool BlockChunks { get; } = new(BlockChunkLength, MaxIdleChunks);

    /// <summary>The number of modules kept.</summary>
    public int Count => _codes.Count;

    /// <summary>The number of modules prepared so far, also those that are not kept any more.</summary>
    public long Prepared => Volatile.Read(ref _clock);

    /// <summary>The memory use of the modules kept, in bytes.</summary>
    public long Bytes
    {
        get
        {
            long sum = 0;
            foreach (Lazy<ActorCode> code in _codes.Values)
            {
                sum += code.IsValueCreated ? code.Value.Size : 0;
            }

            return sum;
        }
    }

    /// <summary>Returns idle memory to the system. Thread-safe.</summary>
    public void Trim()
    {
        _engine.Trim();
        BlockChunks.Trim();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Lazy<ActorCode> code in _codes.Values)
        {
            if (code.IsValueCreated)
            {
                code.Value.Code?.Dispose();
            }
        }

        _codes.Clear();
        _engine.Dispose();
        BlockChunks.Trim();
    }

    /// <summary>
    /// The prepared code of a CID, kept until <see cref="ActorCode.Release"/>. A failure due to missing or malformed code is returned but not
    /// kept: another machine's blockstore may have the code.
    /// </summary>
    internal ActorCode Load(in Cid cid, NetworkRules rules, HostTable host, IBlockstore store)
    {
        CodeKey key = new(cid, rules.Syscalls, rules.Modules, rules.Metering);
        while (true)
        {
            bool made = false;
            if (!_codes.TryGetValue(key, out Lazy<ActorCode>? known) && (known = Add(key, rules, host, store, out made)) is null)
            {
                return ActorCode.Broken($"no code in the blockstore for {cid}");
            }

            ActorCode found = ValueOf(key, known);
            if (made || found.TryAcquire())
            {
                found.Touch(Volatile.Read(ref _clock));
                return found;
            }

            // Retired after it was found.
            Forget(key, known);
        }
    }

    // New code, or what another thread has added meanwhile: so two threads that request the same code compile it once. Null if there is none.
    private Lazy<ActorCode>? Add(CodeKey key, NetworkRules rules, HostTable host, IBlockstore store, out bool made)
    {
        made = false;
        ModuleName name = CodeName.Of(key.Cid);
        IWasmCode? kept = _engine.TryLoadKept(name, rules.Modules, rules.Metering);
        byte[]? wasm = null;
        if (kept is null ? (wasm = store.Get(key.Cid)) is null : !Exists(key.Cid, store, kept))
        {
            return null;
        }

        Lazy<ActorCode> mine = new(() => Prepare(() => kept ?? _engine.Load(wasm, rules.Modules, rules.Metering, name), host));
        Lazy<ActorCode> known = _codes.GetOrAdd(key, mine);
        made = ReferenceEquals(known, mine);
        if (!made)
        {
            kept?.Dispose();
        }

        return known;
    }

    private ActorCode ValueOf(in CodeKey key, Lazy<ActorCode> lazy)
    {
        if (lazy.IsValueCreated)
        {
            return lazy.Value;
        }

        ActorCode code;
        try
        {
            code = lazy.Value;
        }
        catch
        {
            Forget(key, lazy);
            throw;
        }

        if (code.Failure is not null)
        {
            Forget(key, lazy);
        }

        return code;
    }

    private void Forget(in CodeKey key, Lazy<ActorCode> code) => _codes.TryRemove(new KeyValuePair<CodeKey, Lazy<ActorCode>>(key, code));

    // A state that lacks its actor's code must fail, also where the engine has kept the code.
    private static bool Exists(Cid cid, IBlockstore store, IWasmCode kept)
    {
        bool exists = false;
        try
        {
            exists = store.Has(in cid);
        }
        finally
        {
            if (!exists)
            {
                kept.Dispose();
            }
        }

        return exists;
    }

    private ActorCode Prepare(Func<IWasmCode> load, HostTable host)
    {
        ActorCode code;
        try
        {
            code = new ActorCode(load(), host);
        }
        catch (InvalidModuleException e)
        {
            return ActorCode.Broken($"invalid module: {e.Message}");
        }

        foreach (ActorCode retired in MakeRoom(code.Size))
        {
            retired.Code?.Dispose();
        }

        return code;
    }

    /// <summary>Evicts the least recently used code if new code exceeds the pool's bound.</summary>
    private List<ActorCode> MakeRoom(long added)
    {
        List<ActorCode> retired = [];
        lock (_bounding)
        {
            _clock++;
            _bytes += added;
            _count++;
            if (_bytes <= _maxBytes && _count <= MaxCodes && ++_unmeasured < MeasureEvery)
            {
                return retired;
            }

            List<(ActorCode Code, long LastUsed, long Size, KeyValuePair<CodeKey, Lazy<ActorCode>> Entry)> codes = [];
            _unmeasured = 0;
            _bytes = added;
            foreach (KeyValuePair<CodeKey, Lazy<ActorCode>> entry in _codes)
            {
                if (entry.Value.IsValueCreated)
                {
                    ActorCode code = entry.Value.Value;
                    long size = code.Size;
                    _bytes += size;
                    codes.Add((code, code.LastUsed, size, entry));
                }
            }

            _count = codes.Count + 1;
            if (_bytes <= _maxBytes && _count <= MaxCodes)
            {
                return retired;
            }

            // Frees somewhat more than needed, so that not every new module triggers a search.
            codes.Sort(static (left, right) => left.LastUsed.CompareTo(right.LastUsed));
            foreach ((ActorCode code, _, long size, KeyValuePair<CodeKey, Lazy<ActorCode>> entry) in codes)
            {
                if (_bytes <= _maxBytes - (_maxBytes / 8) && _count <= MaxCodes - (MaxCodes / 8))
                {
                    break;
                }

                if (code.TryRetire())
                {
                    _codes.TryRemove(entry);
                    retired.Add(code);
                    _bytes -= size;
                    _count--;
                }
            }
        }

        return retired;
    }

    private readonly record struct CodeKey(Cid Cid, SyscallAbi Abi, ModuleLimits Modules, MeteringRules Metering)
    {
        // Each call of an actor looks its code up. The rules have thirty fields, and few codes differ in them alone.
        public override int GetHashCode() => Cid.GetHashCode();
    }
}
