using System.Buffers.Binary;
using Fvm.Ipld;
using Fvm.Wasm;

namespace Fvm;

/// <summary>
/// What one message's whole call stack shares: gas, state, events, trace. The call manager opens one for each message; kernels work on
/// it. Every access to an actor or an address is charged here, once for each message as FIP-0057 asks.
/// </summary>
internal sealed partial class MessageExecution
{
    private readonly StateAccessTracker _access;
    private NativeStack? _stack;
    private Exception? _exhausted;

    internal MessageExecution(Machine machine, in MessageOrigin origin)
    {
        Machine = machine;
        Context = machine.Context;
        Rules = machine.Rules;
        Prices = machine.Prices;
        Origin = origin.Sender;
        OriginAddress = origin.SenderAddress;
        Nonce = origin.Nonce;
        GasLimit = origin.GasLimit;
        GasPremium = origin.GasPremium;
        Trace = machine.Context.Tracing ? new ExecutionTrace(machine.Context.MaxTraceBytes) : null;
        Gas = new GasTracker(Fvm.Gas.Of(origin.GasLimit), Fvm.Gas.Zero, Trace);
        Limiter = new MemoryLimiter(Rules.MaxMemory);
        Events = new EventsAccumulator(Kept);

        // The sender's lookup and update were paid with the inclusion cost, the receiver was looked up ahead.
        _access = new StateAccessTracker(Prices.PreloadedActors);
        _access.RecordUpdate(origin.Sender);
        _access.RecordLookup(origin.SenderAddress);
        if (origin.Receiver is ActorId receiver)
        {
            _access.RecordRead(receiver);
        }

        _access.RecordLookup(origin.ReceiverAddress);
    }

    /// <summary>The stack of the thread that runs the message. Found out at the first use.</summary>
    internal NativeStack Stack => _stack ??= NativeStack.OfThread();

    /// <summary>Ends the message where memory is so short that it would take hours.</summary>
    internal CollectorWatch Collector { get; } = new();

    /// <summary>The machine that the message runs on.</summary>
    public Machine Machine { get; }

    /// <summary>The machine's settings.</summary>
    public MachineContext Context { get; }

    /// <summary>The network version's rules.</summary>
    public NetworkRules Rules { get; }

    /// <summary>The network version's prices.</summary>
    public PriceList Prices { get; }

    /// <summary>Gas of the message, with the limits that sends set.</summary>
    public GasTracker Gas { get; }

    /// <summary>Memory of all instances of the call stack.</summary>
    public MemoryLimiter Limiter { get; }

    /// <summary>Where small blocks and events are kept.</summary>
    public KeptBytes Kept { get; } = new();

    /// <summary>Events that actors emitted, less those of calls that failed.</summary>
    public EventsAccumulator Events { get; }

    /// <summary>Errors on their way up, for people.</summary>
    public Backtrace Backtrace { get; } = new();

    /// <summary>The trace, or null where none is kept.</summary>
    public ExecutionTrace? Trace { get; }

    /// <summary>The actor that sent the message.</summary>
    public ActorId Origin { get; }

    /// <summary>The sender's address as the message gives it: new actors' addresses derive from it.</summary>
    public Address OriginAddress { get; }

    /// <summary>The message's sequence number.</summary>
    public ulong Nonce { get; }

    /// <summary>The message's gas limit, in whole gas.</summary>
    public ulong GasLimit { get; }

    /// <summary>The premium that is really paid, once the base fee is taken off the fee cap.</summary>
    public TokenAmount GasPremium { get; }

    /// <summary>How many actors this message has created.</summary>
    public ulong ActorsCreated { get; internal set; }

    /// <summary>How many actors this message has invoked.</summary>
    public ulong InvocationCount { get; internal set; }

    /// <summary>The state tree.</summary>
    public StateTree StateTree => Machine.StateTree;

    /// <summary>The machine's buffered blockstore.</summary>
    public IBlockstore Blockstore => Machine.Blockstore;

    /// <summary>Charges, and records the charge in the trace.</summary>
    public bool TryCharge(in GasCharge charge) => Gas.TryCharge(charge);

    /// <summary>Writes a trace event, after the charges made so far.</summary>
    public void Record(ExecutionEvent executionEvent) => Trace?.Add(executionEvent);

    /// <summary>
    /// Whether an exception may become an outcome of the message: not if the process ran out of memory, which ends the call. That is noted
    /// here, for it must not be lost where the exception cannot pass. To be asked as an exception filter, before anything is unwound.
    /// </summary>
    internal bool IsOfMessage(Exception exception)
    {
        if (!ResourceExhaustedException.IsCauseOf(exception)) return true;

        _exhausted ??= exception;
        return false;
    }

    /// <summary>
    /// Whether the process ran out of memory. The calls then end one after the other without an exception for each, which would ask for memory
    /// at each of their frames; the message's end throws the first.
    /// </summary>
    internal bool IsExhausted => _exhausted is not null;

    /// <summary>Notes that the process ran out of memory.</summary>
    internal void Exhaust(Exception cause) => _exhausted ??= cause;

    /// <summary>Ends the call where the process ran out of memory.</summary>
    internal void ThrowIfExhausted()
    {
        if (_exhausted is Exception exhausted)
        {
            throw exhausted;
        }
    }

    /// <summary>Begins a transaction over state, events and the access list. Transactions nest.</summary>
    internal void BeginTransaction()
    {
        StateTree.BeginTransaction();
        Events.BeginTransaction();
        _access.BeginTransaction();
    }

    /// <summary>Ends the innermost transaction, taking all that it did back where <paramref name="revert"/> is set.</summary>
    internal void EndTransaction(bool revert)
    {
        StateTree.EndTransaction(revert);
        Events.EndTransaction(revert);
        _access.EndTransaction(revert);
    }

    /// <summary>The address that the next created actor gets: from the sender's address, its nonce and how many were created.</summary>
    public Address NextActorAddress() => NextActorAddress(OriginAddress);

    /// <summary>The address that the next created actor gets, for another address of the sender.</summary>
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
