using Fvm.Ipld;

namespace Fvm.Tests;

/// <summary>The parameters of a <see cref="SyscallHarness"/>. Defaults: an actor called by the sender, everything allowed.</summary>
internal sealed record HarnessSetup
{
    /// <summary>NV17, with a state tree of that version.</summary>
    public static HarnessSetup Nv17 => new() { Version = NetworkVersion.Nv17, State = new TestState(version: StateTreeVersion.V4) };

    public NetworkVersion Version { get; init; } = NetworkVersion.Nv28;

    public TestState State { get; init; } = new();

    /// <summary>The sender's address as given in the message.</summary>
    public Address SenderAddress { get; init; } = TestState.SenderKey;

    public ActorId Caller { get; init; } = TestState.Sender;

    public ActorId Receiver { get; init; } = TestState.Actor;

    public MethodNumber Method { get; init; } = new(2);

    public TokenAmount Value { get; init; } = TokenAmount.FromAtto(3L);

    public TokenAmount GasPremium { get; init; } = TokenAmount.FromAtto(11L);

    public ulong Nonce { get; init; } = 42;

    public bool ReadOnly { get; init; }

    /// <summary>In whole gas.</summary>
    public ulong GasLimit { get; init; } = 1_000_000_000_000;

    /// <summary>Pages of guest memory.</summary>
    public int Pages { get; init; } = 2;

    public bool Debugging { get; init; }

    public ScriptedExterns Externs { get; init; } = new();

    public ScriptedProofs Proofs { get; init; } = new();

    public ScriptedReentry Reentry { get; init; } = new();

    public IArtifactStore? Artifacts { get; init; }

    /// <summary>Wraps the state's store.</summary>
    public Func<IBlockstore, IBlockstore> Store { get; init; } = static store => store;

    public Func<MachineContext, MachineContext> Context { get; init; } = static context => context;
}
