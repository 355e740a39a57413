using Fvm.Ipld;

namespace Fvm.Tests;

/// <summary>Creates machines on test states.</summary>
internal static class TestMachine
{
    /// <summary>The epoch of test machines.</summary>
    public static readonly ChainEpoch Epoch = new(1_000);

    /// <summary>The base fee of test machines, in attoFIL per gas.</summary>
    public static readonly TokenAmount BaseFee = TokenAmount.FromAtto(100L);

    /// <summary>The circulating supply of test machines.</summary>
    public static readonly TokenAmount Supply = TokenAmount.FromWhole(2_000_000);

    /// <summary>A context with tracing for a state root.</summary>
    public static MachineContext Context(in Cid root, NetworkVersion version = NetworkVersion.Nv28) => new()
    {
        Network = new NetworkConfig { NetworkVersion = version, ChainId = 31415926 },
        Epoch = Epoch,
        Timestamp = 1_700_000_000,
        BaseFee = BaseFee,
        CirculatingSupply = Supply,
        InitialStateRoot = root,
        Tracing = true,
    };

    /// <summary>A machine on a state.</summary>
    public static Machine Create(
        EnginePool pool,
        TestState state,
        Func<MachineContext, MachineContext>? change = null,
        IExterns? externs = null,
        IProofs? proofs = null,
        IBlockstore? store = null,
        NetworkVersion version = NetworkVersion.Nv28)
    {
        MachineContext context = Context(state.Flush(), version);
        return new Machine(
            pool,
            change is null ? context : change(context),
            store ?? state.Store,
            externs ?? new ScriptedExterns(),
            proofs ?? new ScriptedProofs());
    }
}
