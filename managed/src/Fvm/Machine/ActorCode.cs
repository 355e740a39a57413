using Fvm.Wasm;

namespace Fvm;

/// <summary>An actor's code made ready to be instantiated, or why it cannot be. Immutable; shared by machines and threads.</summary>
internal sealed class ActorCode
{
    private const string EntryExport = "invoke";
    private const string MemoryExport = "memory";
    private const string TableExport = "table";
    private const ulong PageBytes = 65_536;

    // Far enough below zero for any number of threads that come too late.
    private const int Retired = int.MinValue / 2;

    // Whoever makes the code uses it.
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

    /// <summary>Why there is no code at all: it is missing, or no valid module.</summary>
    public string? Failure { get; }

    /// <summary>The prepared module.</summary>
    public IWasmCode? Code { get; }

    /// <summary>The module linked to the syscalls, or null where <see cref="LinkFailure"/> says why not.</summary>
    public ILinkedCode? Linked { get; }

    /// <summary>Which import could not be linked.</summary>
    public string? LinkFailure { get; }

    /// <summary>Bytes that the exported memory starts with; null where none is exported as <c>memory</c>.</summary>
    public ulong? MemoryBytes { get; }

    /// <summary>Elements that the exported table starts with; null where none is exported as <c>table</c>.</summary>
    public ulong? TableElements { get; }

    /// <summary>The index of the exported function <c>invoke</c>.</summary>
    public int? Entry { get; }

    /// <summary>Whether the entry point takes a block's handle and gives one back: (i32) → i32.</summary>
    public bool EntryIsCallable { get; }

    /// <summary>When it was used last, by the pool's clock.</summary>
    internal long LastUsed => Volatile.Read(ref _lastUsed);

    /// <summary>Bytes of memory that it takes.</summary>
    internal long Size => Code?.Size ?? 0;

    /// <summary>Keeps the code from being retired until <see cref="Release"/>. False where it was retired already.</summary>
    internal bool TryAcquire() => Interlocked.Increment(ref _users) > 0;

    /// <summary>Notes that the code is used.</summary>
    internal void Touch(long now)
    {
        // Most calls find the time that they would write.
        if (LastUsed != now)
        {
            Volatile.Write(ref _lastUsed, now);
        }
    }

    /// <summary>Ends a use that making the code or <see cref="TryAcquire"/> began: no instance of the code may be left of it.</summary>
    internal void Release() => Interlocked.Decrement(ref _users);

    /// <summary>Lets nobody acquire the code any more. False where somebody uses it.</summary>
    internal bool TryRetire() => Interlocked.CompareExchange(ref _users, Retired, 0) == 0;

    internal static ActorCode Broken(string failure) => new(failure);
}
