using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Node;

/// <content>A chain that forks off another node's.</content>
internal sealed partial class LocalChain
{
    /// <summary>The chain that this one forks off; null for none.</summary>
    public UpstreamChain? Upstream => _upstream;

    private LocalBlock BuildFirst()
    {
        if (_upstream is null)
        {
            return LocalGenesis.Build(_options, _executor, _composer, Store);
        }

        // Whom each block runs, cron and what it calls, and whom messages pay.
        ActorId[] always =
        [
            ActorId.System, ActorId.Reward, ActorId.Cron, ActorId.StoragePower, ActorId.StorageMarket, ActorId.VerifiedRegistry, ActorId.DataCap,
            ActorId.EthereumAddressManager, Reserve, ActorId.BurntFunds,
        ];
        LocalBlock fork = _upstream.Fork;
        _upstream.ReadAhead(
            fork.State,
            [.. always.Select(static id => Address.NewId(id)), Miner, .. _options.Accounts.Select(static account => account.Address)]);
        return Fund(fork);
    }

    // The reserve gives the test accounts what they have on other local chains, if it can.
    private LocalBlock Fund(LocalBlock fork) => Guarded(() =>
    {
        Executor executor = new(_executor.OpenMachine(fork.Tipset, fork.State, _written));
        ulong sequence = 0;
        foreach (GenesisAccount account in _options.Accounts)
        {
            Message gift = SystemMessage(account.Address, MethodNumber.Send, default) with
            {
                From = Address.NewId(Reserve),
                Value = account.Balance,
                Sequence = sequence++,
            };
            if (!executor.Execute(gift, ApplyKind.Implicit, rawLength: 0).Receipt.ExitCode.IsSuccess)
            {
                break;
            }
        }

        return fork with { State = executor.Flush() };
    });

    // What is computed without a block that the other node did not give is no result.
    private T Guarded<T>(Func<T> work)
    {
        if (_upstream is null)
        {
            return work();
        }

        long before = _upstream.Failures;
        try
        {
            T result = work();
            return _upstream.Failures == before ? result : throw Again(_upstream.LastFailure!);
        }
        catch (Exception exception) when (exception is not BlockstoreException && _upstream.Failures != before)
        {
            throw Again(_upstream.LastFailure!);
        }
    }

    private static BlockstoreException Again(BlockstoreException failure) => new(failure.Message, failure);
}
