using System.Collections.Concurrent;
using Fvm.Ipld;
using Fvm.Wasm;

namespace Fvm;

/// <summary>
/// Compiled actors, shared by all machines of a process and by all threads. Code is prepared once for each set of rules, and stays as long as
/// it is used and the pool's bound allows.
/// </summary>
public sealed class EnginePool : IDisposable
{
    // Machine code takes several mappings a module, of which a process may have 65,530 in all.
    private const int MaxCodes = 4096;

    // Code grows as its functions are called: it is measured anew after as many new modules, or when the bound is reached.
    private const int MeasureEvery = 64;

    private readonly IWasmEngine _engine;
    private readonly ConcurrentDictionary<CodeKey, Lazy<ActorCode>> _codes = new();
    private readonly long _maxBytes;
    private readonly Lock _bounding = new();
    private long _bytes;
    private int _count;
    private int _unmeasured;

    // Counts what was prepared: which code was used longest ago need not be known more exactly.
    private long _clock;

    /// <param name="engineName">The engine's name (<see cref="WasmEngines"/>).</param>
    /// <exception cref="ArgumentException">No engine has that name.</exception>
    public EnginePool(string engineName)
        : this(new EnginePoolOptions { Engine = engineName })
    {
    }

    /// <param name="options">The engine, and bounds.</param>
    /// <exception cref="ArgumentException">No engine has that name.</exception>
    public EnginePool(EnginePoolOptions options)
    {
        _engine = WasmEngines.Create(options.Engine, new CompilerOptions { Cache = options.Cache, CompileAhead = options.CompileAhead });
        _maxBytes = options.MaxBytes;
    }

    /// <summary>The engine's name.</summary>
    public string EngineName => _engine.Name;

    /// <summary>How many codes are kept.</summary>
    internal int Count => _codes.Count;

    /// <summary>Bytes that the kept codes take.</summary>
    internal long Bytes
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

    /// <summary>Gives idle memory back to the system, which is short of it. For any thread.</summary>
    public void Trim() => _engine.Trim();

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
    }

    /// <summary>
    /// The prepared code of a CID, which stays until <see cref="ActorCode.Release"/>. Where it is missing or broken the answer says so and is
    /// not kept: another machine's blockstore may have it.
    /// </summary>
    internal ActorCode Load(in Cid cid, NetworkRules rules, HostTable host, IBlockstore store)
    {
        CodeKey key = new(cid, rules.Syscalls, rules.Modules, rules.Metering);
        while (true)
        {
            bool made = false;
            if (!_codes.TryGetValue(key, out Lazy<ActorCode>? known))
            {
                if (store.Get(cid) is not byte[] wasm)
                {
                    return ActorCode.Broken($"no code in the blockstore for {cid}");
                }

                // Two threads that want the same code prepare it once.
                Lazy<ActorCode> mine = new(() => Prepare(wasm, host, rules));
                known = _codes.GetOrAdd(key, mine);
                made = ReferenceEquals(known, mine);
            }

            ActorCode code = ValueOf(key, known);
            if (made || code.TryAcquire())
            {
                code.Touch(Volatile.Read(ref _clock));
                return code;
            }

            // It was retired since it was found.
            Forget(key, known);
        }
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

    private ActorCode Prepare(byte[] wasm, HostTable host, NetworkRules rules)
    {
        ActorCode code;
        try
        {
            code = new ActorCode(_engine.Load(wasm, rules.Modules, rules.Metering), host);
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

    /// <summary>Takes out what was used longest ago where new code takes the pool past its bound.</summary>
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

            // Somewhat more room than is needed, so that not every new code has to look for it.
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

    private readonly record struct CodeKey(Cid Cid, SyscallAbi Abi, ModuleLimits Modules, MeteringRules Metering);
}
