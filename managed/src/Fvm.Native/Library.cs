using System.Globalization;
using Fvm.Hosting;

namespace Fvm.Native;

/// <summary>
/// Process-wide state: prepared actors, the block cache, threads, the log, the callers' machines. Created on the first call, from the
/// environment at that time.
/// </summary>
/// <param name="settings">The environment's settings.</param>
/// <param name="host">The host's callbacks.</param>
/// <param name="proofs">The proofs library's functions.</param>
/// <param name="threads">Detects threads lost in a callback.</param>
/// <param name="build">Version and commit.</param>
/// <param name="log">The log.</param>
internal sealed class Library(
    LibrarySettings settings, HostFunctions host, ProofFunctions proofs, ThreadFunctions threads, BuildInfo build, Log log)
{
    private static readonly OnceMade<Library> Process = new(FromProcess);

    private readonly EnginePool _engines = new(new EnginePoolOptions { Engine = settings.Engine, Cache = settings.Code, CompileAhead = true });
    private readonly SharedBlockCache _cache = new(settings.CacheBytes);
    private readonly CallGraph _graph = new(threads);
    private readonly BigStackPool _pool = new(settings.Lanes, Lanes.Variable, threads);
    private readonly ProcessorShare? _share = ProcessorShare.For(settings.Lanes, Environment.ProcessorCount);
    private readonly Handles _handles = new(new AddressRange());
    private readonly MissingProofs _missing = new(log);
    private long _machinesMade;

    /// <summary>The process's instance.</summary>
    public static Library Instance => Process.Value;

    /// <summary>Version and features of this library.</summary>
    public Capabilities Capabilities { get; } = new()
    {
        Version = build.Version,
        Commit = build.Commit,
        Engine = settings.Engine,
        Lanes = settings.Lanes,
        MissingProofs = proofs.Missing,
    };

    /// <summary>The block cache shared by all machines.</summary>
    public SharedBlockCache Cache => _cache;

    /// <summary>Creates a machine.</summary>
    /// <returns>Its handle.</returns>
    public nint Create(in CreateCall call)
    {
        log.Write(LogLevel.Info, "using FVM V1");
        RefuseWithoutProofs();
        _pool.Prepare();
        HostCalls calls = new(_share);
        CachedBlockstore store = new(new CgoBlockstore(host, call.Blockstore, calls), _cache.For((NetworkVersion)call.NetworkVersion), calls);
        try
        {
            MachineContext context = call.ToContext(store) with { MaxTraceBytes = settings.TraceBytes };
            Machine machine = new(
                _engines, context, store, new CgoExterns(host, call.Externs, calls), ProofsFor(context.Network.NetworkVersion))
            {
                Artifacts = context.Network.ActorDebugging ? Artifacts(context.Epoch) : null,
            };
            calls.ThrowIfBroken();
            return _handles.Add(new NativeMachine(new Executor(machine), calls, _graph, _pool));
        }
        catch (Exception e) when (e is not CallFailedException)
        {
            calls.ThrowIfBroken();
            throw;
        }
    }

    /// <summary>Applies a message.</summary>
    /// <param name="handle">The machine.</param>
    /// <param name="message">The message, in CBOR.</param>
    /// <param name="length">The on-chain length, in bytes.</param>
    /// <param name="kind">0 for explicit, any other value for implicit.</param>
    // Sound: only passes the response on.
    public unsafe ExecuteResult* Execute(nint handle, ReadOnlySpan<byte> message, ulong length, ulong kind)
    {
        NativeMachine machine = _handles.Get(handle);
        using MessageWork work = new(machine, message, length, kind == 0 ? ApplyKind.Explicit : ApplyKind.Implicit);
        try
        {
            return Execute(machine, work);
        }
        catch (Exception e) when (ResourceExhaustedException.IsCauseOf(e))
        {
            // Nested calls have left idle memory in the pools: returning it makes room for the error message.
            _engines.Trim();
            machine.Break(e);
            throw;
        }
    }

    /// <summary>Flushes a machine's state.</summary>
    /// <returns>A response with the CID bytes of the state root.</returns>
    // Sound: the response has just been allocated and is nobody else's yet.
    public unsafe BytesResult* Flush(nint handle)
    {
        NativeMachine machine = _handles.Get(handle);
        try
        {
            byte[] root = machine.Flush();
            BytesResult* result = Responses.Allocate<BytesResult>();
            result->Value = Responses.Copy(root, result);
            return result;
        }
        catch (Exception e) when (ResourceExhaustedException.IsCauseOf(e))
        {
            // Nested calls have left idle memory in the pools: returning it makes room for the error message.
            _engines.Trim();
            machine.Break(e);
            throw;
        }
    }

    /// <summary>Drops a machine; an invalid handle is ignored.</summary>
    public void Drop(nint handle) => _handles.Remove(handle)?.Drop();

    /// <summary>Logs the start of a call.</summary>
    /// <exception cref="CallFailedException">The environment's log filter is malformed.</exception>
    public void Begin(string call)
    {
        if (log.Problem is string problem)
        {
            throw new CallFailedException(problem);
        }

        log.Write(LogLevel.Debug, call + ": start");
    }

    /// <summary>Logs the end of a call.</summary>
    public void End(string call)
    {
        if (!log.Shows(LogLevel.Debug))
        {
            return;
        }

        try
        {
            log.Write(LogLevel.Debug, call + ": end");
        }
        catch (OutOfMemoryException)
        {
            // The response is complete: nothing may fail any more.
        }
    }

    // Sound: only passes the response on.
    private unsafe ExecuteResult* Execute(NativeMachine machine, MessageWork work)
    {
        long callbacks = machine.Calls.Total;
        long hits = machine.Calls.CacheHits;
        ApplyRet ret = machine.Execute(work);
        if (log.Shows(LogLevel.Debug))
        {
            log.Write(
                LogLevel.Debug,
                $"message: exit {ret.Receipt.ExitCode.Value}, gas {ret.Receipt.GasUsed}, {machine.Calls.Total - callbacks} callbacks, "
                + $"{machine.Calls.CacheHits - hits} cached reads; shared cache: {_cache.Hits} hits, {_cache.Misses} misses, "
                + $"{_cache.Count} blocks, {_cache.Bytes} bytes");
        }

        return ExecuteResults.Make(ret, work.Trace);
    }

    private static Library FromProcess()
    {
        // Lets the garbage collector and the finalizer thread allocate their own data before memory can run short.
        FinalizerThread.Prepare();
        Log log = Log.FromEnvironment();
        Library library = new(
            LibrarySettings.FromEnvironment(log), HostFunctions.Linked(), LinkedProofs.Find(), ThreadFunctions.Linked(), BuildInfo.Linked(), log);
        log.Write(LogLevel.Info, library.Capabilities.ToLine());
        return library;
    }

    private NativeProofs ProofsFor(NetworkVersion version) => new(
        proofs.Usable, NetworkRules.For(version), text => log.Write(LogLevel.Debug, text), _missing.Missing);

    private void RefuseWithoutProofs()
    {
        if (settings.RequiresProofs && proofs.Missing is { Count: > 0 } missing)
        {
            throw new CallFailedException(
                $"this process cannot verify proofs, it has no {string.Join(", ", missing)}: messages with proofs would have other results than "
                + $"on the rest of the network. Link filecoin-ffi's proofs library, or set {LibrarySettings.ProofsVariable}=optional "
                + "if no message contains a proof");
        }
    }

    private ArtifactFolder Artifacts(ChainEpoch epoch)
    {
        long number = Interlocked.Increment(ref _machinesMade);
        string name = string.Create(CultureInfo.InvariantCulture, $"{epoch.Value}-{Environment.ProcessId}-{number}");
        return new ArtifactFolder(Environment.GetEnvironmentVariable(ArtifactFolder.Variable), name, log);
    }
}
