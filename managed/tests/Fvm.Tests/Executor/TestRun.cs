using System.Buffers.Binary;
using Fvm.Ipld;
using Fvm.Wasm;
using NUnit.Framework;

namespace Fvm.Tests;

/// <summary>A machine on a test state, with messages from its senders.</summary>
internal sealed class TestRun : IDisposable
{
    public const ulong DefaultGasLimit = 10_000_000_000;

    /// <summary>On-chain length of messages, in bytes.</summary>
    public const int RawLength = 100;

    public static readonly TokenAmount FeeCap = TokenAmount.FromAtto(200L);
    public static readonly TokenAmount Premium = TokenAmount.FromAtto(10L);

    private readonly EnginePool? _own;
    private Machine? _machine;

    /// <param name="state">The state; a new one if null.</param>
    /// <param name="pool">Prepared code; a new pool if null.</param>
    public TestRun(TestState? state = null, EnginePool? pool = null)
        : this(WasmEngines.Default, state, pool)
    {
    }

    /// <param name="engine">The engine's name.</param>
    /// <param name="state">The state; a new one if null.</param>
    /// <param name="pool">Prepared code; a new pool of the engine if null.</param>
    public TestRun(string engine, TestState? state = null, EnginePool? pool = null)
    {
        State = state ?? new TestState();
        _own = pool is null ? new EnginePool(engine) : null;
        Pool = pool ?? _own!;
    }

    public TestState State { get; }

    public EnginePool Pool { get; }

    public ScriptedExterns Externs { get; } = new();

    /// <summary>Changes the context, before the first message.</summary>
    public Func<MachineContext, MachineContext>? Context { get; init; }

    public NetworkVersion Version { get; init; } = NetworkVersion.Nv28;

    /// <summary>The blockstore; the state's store if null.</summary>
    public IBlockstore? Store { get; init; }

    /// <summary>The machine, created at first use, so that the state can be modified before.</summary>
    public Machine Machine => _machine ??= TestMachine.Create(Pool, State, Context, Externs, store: Store, version: Version);

    public PriceList Prices => Machine.Prices;

    /// <summary>The state root, without writing.</summary>
    public Cid Root => Machine.StateTree.Flush();

    public ActorState? this[ActorId id] => Machine.StateTree.GetActor(id);

    public TokenAmount BalanceOf(ActorId id) => this[id]!.Balance;

    /// <summary>A message from the sender with the correct sequence number.</summary>
    public Message Message(in Address to, ulong method = 0, TokenAmount value = default, ulong gasLimit = DefaultGasLimit, byte[]? parameters = null) =>
        new()
        {
            From = TestState.SenderKey,
            To = to,
            Sequence = this[TestState.Sender]!.Sequence,
            Value = value,
            Method = new MethodNumber(method),
            Params = parameters,
            GasLimit = gasLimit,
            GasFeeCap = FeeCap,
            GasPremium = Premium,
        };

    public ApplyRet Apply(Message message, ApplyKind kind = ApplyKind.Explicit) => new Executor(Machine).Execute(message, kind, RawLength);

    /// <summary>Calls an actor's entry point by a message from the sender.</summary>
    public ApplyRet Call(ActorId actor, ulong gasLimit = DefaultGasLimit, TokenAmount value = default, byte[]? parameters = null) =>
        Apply(Message(Address.NewId(actor), 2, value, gasLimit, parameters));

    /// <summary>Calls an actor that succeeds and returns the result of a send (<see cref="ActorText.Send"/>).</summary>
    public (ErrorNumber Error, ExitCode ExitCode, uint Block, ulong Codec, uint Size) CallSending(ActorId actor, ulong gasLimit = DefaultGasLimit) =>
        SentBy(Call(actor, gasLimit));

    /// <summary>The result of a send that an actor has returned.</summary>
    public static (ErrorNumber Error, ExitCode ExitCode, uint Block, ulong Codec, uint Size) SentBy(ApplyRet ret)
    {
        Assert.That(ret.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok), ret.Failure);
        ReadOnlySpan<byte> bytes = ret.Receipt.ReturnData.Span;
        return (
            (ErrorNumber)BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            new ExitCode(BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..])),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]));
    }

    /// <summary>The names of the charges in a trace.</summary>
    public static string[] ChargeNamesOf(ApplyRet ret) => [.. ret.Trace.OfType<GasChargeEvent>().Select(static e => e.Charge.Name)];

    /// <summary>The total gas charged in a trace.</summary>
    public static Gas ChargedBy(ApplyRet ret) =>
        ret.Trace.OfType<GasChargeEvent>().Aggregate(Gas.Zero, static (sum, e) => sum + e.Charge.Total);

    public void Dispose() => _own?.Dispose();
}
