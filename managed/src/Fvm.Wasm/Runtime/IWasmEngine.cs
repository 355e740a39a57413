namespace Fvm.Wasm;

/// <summary>An engine: prepares modules as code that can be instantiated any number of times, from any thread.</summary>
public interface IWasmEngine : IDisposable
{
    /// <summary>Returns idle memory to the system when it is short of memory. The engine stays usable, by any thread.</summary>
    void Trim();

    /// <summary>The engine's name in options, for example <c>interpreter</c>.</summary>
    string Name { get; }

    /// <summary>Decodes, validates, meters and prepares a module.</summary>
    /// <param name="wasm">The module in the binary format.</param>
    /// <param name="limits">Size limits of the module and its instances.</param>
    /// <param name="rules">Metering rules; null to run without metering.</param>
    /// <exception cref="InvalidModuleException">The module is malformed, invalid, past a limit, or uses an unsupported feature.</exception>
    IWasmCode Load(ReadOnlyMemory<byte> wasm, ModuleLimits limits, MeteringRules? rules);

    /// <summary>The same for a module with a name, under which the engine may keep the code for <see cref="TryLoadKept"/>.</summary>
    /// <exception cref="InvalidModuleException">See above.</exception>
    IWasmCode Load(ReadOnlyMemory<byte> wasm, ModuleLimits limits, MeteringRules? rules, ModuleName name) => Load(wasm, limits, rules);

    /// <summary>Complete code that was kept under a module's name, without the module's bytes; null if there is none.</summary>
    IWasmCode? TryLoadKept(ModuleName name, ModuleLimits limits, MeteringRules rules) => null;
}

/// <summary>A module prepared by an engine. Immutable; shared by threads; to be disposed of after its instances.</summary>
public interface IWasmCode : IDisposable
{
    /// <summary>The decoded module.</summary>
    WasmModule Module { get; }

    /// <summary>Approximate bytes of module and code at the moment, without instances; grows as functions are first called.</summary>
    long Size { get; }

    /// <summary>
    /// Links the module's imports to the host's functions.
    /// Returns null and the reason when an import is unknown or of another type.
    /// </summary>
    ILinkedCode? Link(HostTable host, out string? failure);
}

/// <summary>Code linked to a host. Immutable; shared by threads.</summary>
public interface ILinkedCode
{
    /// <summary>
    /// Makes an instance with its memory, table and globals allocated but not yet initialised.
    /// The caller sets gas and host state in <see cref="IWasmInstance.Context"/>, then calls <see cref="IWasmInstance.Initialize"/>.
    /// Returns null and the reason where <paramref name="limiter"/> refuses the initial memory or table, or they exceed the engine's limits.
    /// </summary>
    IWasmInstance? Instantiate(IResourceLimiter limiter, out string? failure);
}

/// <summary>One instance: not thread-safe, may be entered again by its own host functions only through other instances.</summary>
public interface IWasmInstance : IDisposable
{
    /// <summary>The shared state. Valid until <see cref="IDisposable.Dispose"/>.</summary>
    // Sound: declares only; the context is at a fixed address until Dispose.
    unsafe InstanceContext* Context { get; }

    /// <summary>Writes element and data segments, then runs the start function (Wasm, "Instantiation").</summary>
    TrapCode Initialize();

    /// <summary>
    /// Calls an exported function. <paramref name="slots"/> holds the arguments, 8 bytes each (i32 zero-extended; floats by their bits);
    /// the result, where the type has one, is in its first element afterwards (so its length is at least 1).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="slots"/> has no room for the arguments or the result.</exception>
    /// <exception cref="IndexOutOfRangeException">The module has no such function.</exception>
    TrapCode Call(int functionIndex, Span<ulong> slots);

    /// <summary>
    /// Lets the instance's code end with <see cref="TrapCode.HostFault"/> at its next loop or function, if its engine's code can be stopped
    /// (<see cref="CompilerOptions.Stoppable"/>). From any thread, but not while or after the instance is disposed of.
    /// </summary>
    void Stop();
}

/// <summary>The host's veto on the initial size and the growth of memories and tables.</summary>
public interface IResourceLimiter
{
    /// <summary>Whether the memory may go from <paramref name="current"/> to <paramref name="desired"/> bytes.</summary>
    bool TryGrowMemory(ulong current, ulong desired);

    /// <summary>Whether the table may go from <paramref name="current"/> to <paramref name="desired"/> elements.</summary>
    bool TryGrowTable(ulong current, ulong desired);
}
