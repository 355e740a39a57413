using System.Collections.Concurrent;
using Fvm.Ipld;
using Fvm.Ipld.Blockstore;
using Fvm.Wasm.Metering;
using Fvm.Wasm.Module;
using Fvm.Wasm.Runtime;

namespace Fvm;

/// <summary>Compiled actors, shared by all machines of a process and by all threads. Code is prepared once for each set of rules.</summary>
public sealed class EnginePool : IDisposable
{
    private readonly IWasmEngine _engine;
    private readonly ConcurrentDictionary<CodeKey, Lazy<ActorCode>> _codes = new();

    /// <param name="engineName">The engine's name (<see cref="WasmEngines"/>).</param>
    /// <exception cref="ArgumentException">No engine has that name.</exception>
    public EnginePool(string engineName) => _engine = WasmEngines.Create(engineName);

    /// <summary>The engine's name.</summary>
    public string EngineName => _engine.Name;

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
    /// The prepared code of a CID. Where it is missing or broken the answer says so and is not kept: another machine's blockstore may
    /// have it.
    /// </summary>
    internal ActorCode Load(in Cid cid, SyscallAbi abi, HostTable host, MeteringRules metering, IBlockstore store)
    {
        CodeKey key = new(cid, abi, metering);
        if (_codes.TryGetValue(key, out Lazy<ActorCode>? known))
        {
            return known.Value;
        }

        if (store.Get(cid) is not byte[] wasm)
        {
            return ActorCode.Broken($"no code in the blockstore for {cid}");
        }

        // Two threads that want the same code compile it once.
        Lazy<ActorCode> code = _codes.GetOrAdd(key, _ => new Lazy<ActorCode>(() => Prepare(wasm, host, metering)));
        if (code.Value.Failure is not null)
        {
            _codes.TryRemove(new KeyValuePair<CodeKey, Lazy<ActorCode>>(key, code));
        }

        return code.Value;
    }

    private ActorCode Prepare(byte[] wasm, HostTable host, MeteringRules metering)
    {
        try
        {
            return new ActorCode(_engine.Load(wasm, metering), host);
        }
        catch (InvalidModuleException e)
        {
            return ActorCode.Broken($"invalid module: {e.Message}");
        }
    }

    private readonly record struct CodeKey(Cid Cid, SyscallAbi Abi, MeteringRules Metering);
}
