using System.Buffers.Binary;
using Fvm.Ipld;
using Fvm.Wasm;

namespace Fvm;

/// <summary>
/// State shared by one message's call stack: gas, state tree, events, trace. The call manager creates one per message; kernels work on it.
/// Every access to an actor or address is charged here, once per message (FIP-0057).
/// </summary>
internal sealed partial class MessageExecution : IDisposable
{
    private readonly StateAccessTracker _access;
    private NativeStack? _stack;
    private Exception? _exhausted;

    internal MessageExecution(Machine machine, in MessageOrigin origin, BlockCache blockCache, CancellationToken stop = default)
    {
        StopRequest = stop.CanBeCanceled ? new StopRequest(stop) : null;
        Machine = machine;
        BlockCache = blockCache;
        Context = machine.Context;
        Rules = machine.Rules;
        Prices = machine.Prices;
        Origin = origin.Sender;
        OriginAddress = origin.SenderAddress;
        Nonce = origin.Nonce;
        GasLimit = origin.GasLimit;
        GasPremium = origin.GasPremium;
        RecordsSyscalls = machine.Context is { Tracing: true, TracesSyscalls: true };
        Trace = machine.Context.Tracing ? new ExecutionTrace(machine.Context.MaxTraceBytes) : null;
        Gas = new GasTracker(Fvm.Gas.Of(origin.GasLimit), Fvm.Gas.Zero, Trace);
        Limiter = new MemoryLimiter(Rules.MaxMemory);
        KeptBytes kept = new();
        BlockMemory = new BlockMemory(kept, machine.BlockChunks);
        Events = new EventsAccumulator(kept);

        // The sender's lookup and update are included in the inclusion cost, and the receiver is looked up beforehand.
        _access = new StateAccessTracker(Prices.PreloadedActors);
        _access.RecordUpdate(origin.Sender);
        _access.RecordLookup(origin.SenderAddress);
        if (origin.Receiver is ActorId receiver)
        {
            _access.RecordRead(receiver);
        }

        _access.RecordLookup(origin.ReceiverAddress);
    }

    /// <summary>The stack of the message's thread; determined on first use.</summary>
    internal NativeStack Stack => _stack ??= NativeStack.OfThread();

    /// <summary>The host's wish to stop the message; null if it cannot have one.</summary>
    internal StopRequest? StopRequest { get; }

    /// <summary>Ends the message if memory is so short that it would take hours.</summary>
    internal CollectorWatch Collector { get; } = new();

    /// <summary>The machine.</summary>
    public Machine Machine { get; }

    /// <summary>The machine's settings.</summary>
    public MachineContext Context { get; }

    /// <summary>The network version's rules.</summary>
    public NetworkRules Rules { get; }

    /// <summary>The network version's prices.</summary>
    public PriceList Prices { get; }

    /// <summary>The message's gas meter, with the limits set by sends.</summary>
    public GasTracker Gas { get; }

    /// <summary>The memory limiter for all instances on the call stack.</summary>
    public MemoryLimiter Limiter { get; }

    /// <summary>The machine's blocks with known links.</summary>
    public BlockCache BlockCache { get; }

    /// <summary>The bytes of created blocks.</summary>
    public BlockMemory BlockMemory { get; }

    /// <summary>Emitted events, except those of failed calls.</summary>
    public EventsAccumulator Events { get; }

    /// <summary>The path of errors through the call stack, human-readable.</summary>
    public Backtrace Backtrace { get; } = new();

    /// <summary>The trace; null if tracing is off.</summary>
    public ExecutionTrace? Trace { get; }

    /// <summary>Whether the trace has the syscalls.</summary>
    public bool RecordsSyscalls { get; }

    /// <summary>The sender's actor ID.</summary>
    public ActorId Origin { get; }

    /// <summary>The sender's address as given in the message: new actors' addresses derive from it.</summary>
    public Address OriginAddress { get; }

    /// <summary>The message's nonce.</summary>
    public ulong Nonce { get; }

    /// <summary>The message's gas limit, in whole gas.</summary>
    public ulong GasLimit { get; }

    /// <summary>The effective gas premium: what the fee cap leaves above the base fee, at most the message's premium.</summary>
    public TokenAmount GasPremium { get; }

    /// <summary>The number of actors created by this message.</summary>
    public ulong ActorsCreated { get; internal set; }

    /// <summary>The number of actor invocations in this message.</summary>
    public ulong InvocationCount { get; internal set; }

    /// <summary>The state tree.</summary>
    public StateTree StateTree => Machine.StateTree;

    /// <summary>The machine's buffered blockstore.</summary>
    public IBlockstore Blockstore => Machine.Blockstore;

    /// <summary>Releases the memory of created blocks: what outlives the message must not refer to it (<see cref="Block.LastingData"/>).</summary>
    public void Dispose()
    {
        StopRequest?.Dispose();
        BlockMemory.Dispose();
    }

    /// <summary>Charges gas, and records the charge in the trace.</summary>
    public bool TryCharge(in GasCharge charge) => Gas.TryCharge(charge);

    /// <summary>Records a trace event, after the charges made so far.</summary>
    public void Record(ExecutionEvent executionEvent) => Trace?.Add(executionEvent);

    /// <summary>
    /// Whether an exception may become an outcome of the message: not if the process ran out of memory, which ends the call. That is recorded
    /// here, so that it is not lost where the exception cannot pass. Use it as an exception filter, which runs before anything is unwound.
    /// </summary>
    internal bool IsOfMessage(Exception exception)
    {
        if (!ResourceExhaustedException.IsCauseOf(exception)) return true;

        _exhausted ??= exception;
        return false;
    }

    /// <summary>
    /// Whether the process ran out of memory. The calls then end one after another without an exception each, which would allocate in every
    /// frame; the end of the message throws the first one.
    /// </summary>
    internal bool IsExhausted => _exhausted is not null;

    /// <summary>Records that the process ran out of memory.</summary>
    internal void Exhaust(Exception cause) => _exhausted ??= cause;

    /// <summary>Whether the host asked to stop the call; then the call ends as if the process had run out of memory.</summary>
    internal bool IsStopped()
    {
        if (StopRequest is not { IsMade: true }) return false;

        _exhausted ??= Stopped();
        return true;
    }

    /// <summary>Ends the call if the host asked to stop it.</summary>
    internal void ThrowIfStopped()
    {
        if (StopRequest is { IsMade: true })
        {
            throw Stopped();
        }
    }

    private static ResourceExhaustedException Stopped() => new("the host stopped it", new OperationCanceledException());

    /// <summary>Ends the call if the process ran out of memory.</summary>
    internal void ThrowIfExhausted()
    {
        if (_exhausted is Exception exhausted)
        {
            throw exhausted;
        }
    }

    /// <summary>Begins a nested transaction over state, events and the access list.</summary>
    internal void BeginTransaction()
    {
        StateTree.BeginTransaction();
        Events.BeginTransaction();
        _access.BeginTransaction();
    }

    /// <summary>Ends the innermost transaction, reverting it if <paramref name="revert"/> is set.</summary>
    internal void EndTransaction(bool revert)
    {
        StateTree.EndTransaction(revert);
        Events.EndTransaction(revert);
        _access.EndTransaction(revert);
    }

    /// <summary>The address of the next actor to be created: derived from the sender's address, its nonce and the number created so far.</summary>
    public Address NextActorAddress() => NextActorAddress(OriginAddress);

    /// <summary>The same for another address of the sender.</summary>
    internal Address NextActorAddress(in Address origin)
    {
        CborWriter writer = new(Address.MaxLength + 2);
        CborFields.WriteAddress(writer, origin);
        ReadOnlySpan<byte> address = writer.WrittenSpan;
        Span<byte> seed = stackalloc byte[Address.MaxLength + 2 + 16];
        address.CopyTo(seed);
        BinaryPrimitives.WriteUInt64BigEndian(seed[address.Length..], Nonce);
        BinaryPrimitives.WriteUInt64BigEndian(seed[(address.Length + 8)..], ActorsCreated);
        return Address.NewActor(seed[..(address.Length + 16)]);
    }
}
