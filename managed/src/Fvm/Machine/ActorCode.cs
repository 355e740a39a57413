using Fvm.Wasm;

namespace Fvm;

/// <summary>An actor's prepared code, or why it cannot be run. Thread-safe; shared by machines.</summary>
internal sealed class ActorCode
{
    private const string EntryExport = "invoke";
    private const string MemoryExport = "memory";
    private const string TableExport = "table";
    private const ulong PageBytes = 65_536;

    // Negative enough for any number of threads that acquire too late.
    private const int Retired = int.MinValue / 2;

    // The creator counts as a user.
    private int _users = 1;
    private long _lastUsed;

    private ActorCode(string failure) => Failure = failure;

    internal ActorCode(IWasmCode code, HostTable host)
    {
        Code = code;
        Linked = code.Link(host, out string? linkFailure);
        LinkFailure = linkFailure;

        WasmModule module = code.Module;
        if (module.TryFindExport(MemoryExport, ExternalKind.Memory, out int memory))
        {
            MemoryBytes = module.Memories[memory].Minimum * PageBytes;
        }

        if (module.TryFindExport(TableExport, ExternalKind.Table, out int table))
        {
            TableElements = module.Tables[table].Minimum;
        }

        if (module.TryFindExport(EntryExport, ExternalKind.Function, out int entry))
        {
            Entry = entry;
            FunctionType type = module.TypeOf(entry);
            EntryIsCallable = type.Parameters is [ValueKind.I32] && type.Results is [ValueKind.I32];
        }
    }

    /// <summary>Why there is no code: it is missing, or not a valid module.</summary>
    public string? Failure { get; }

    /// <summary>The prepared module.</summary>
    public IWasmCode? Code { get; }

    /// <summary>The module linked to the syscalls; null if linking failed (<see cref="LinkFailure"/>).</summary>
    public ILinkedCode? Linked { get; }

    /// <summary>The import that could not be linked.</summary>
    public string? LinkFailure { get; }

    /// <summary>The initial size, in bytes, of the memory exported as <c>memory</c>; null if there is none.</summary>
    public ulong? MemoryBytes { get; }

    /// <summary>The initial number of elements of the table exported as <c>table</c>; null if there is none.</summary>
    public ulong? TableElements { get; }

    /// <summary>The index of the exported function <c>invoke</c>.</summary>
    public int? Entry { get; }

    /// <summary>Whether the entry point takes and returns a block handle: (i32) → i32.</summary>
    public bool EntryIsCallable { get; }

    /// <summary>The time of its last use, by the pool's clock.</summary>
    internal long LastUsed => Volatile.Read(ref _lastUsed);

    /// <summary>Its memory use, in bytes.</summary>
    internal long Size => Code?.Size ?? 0;

    /// <summary>Keeps the code from being retired until <see cref="Release"/>. False if it has been retired.</summary>
    internal bool TryAcquire() => Interlocked.Increment(ref _users) > 0;

    /// <summary>Updates the time of last use.</summary>
    internal void Touch(long now)
    {
        // Avoids a write to a shared cache line when nothing changes.
        if (LastUsed != now)
        {
            Volatile.Write(ref _lastUsed, now);
        }
    }

    /// <summary>Ends the use begun by the constructor or <see cref="TryAcquire"/>: none of the user's instances may remain.</summary>
    internal void Release() => Interlocked.Decrement(ref _users);

    /// <summary>Prevents further use of the code. False if it is in use.</summary>
    internal bool TryRetire() => Interlocked.CompareExchange(ref _users, Retired, 0) == 0;

    internal static ActorCode Broken(string failure) => new(failure);
}
