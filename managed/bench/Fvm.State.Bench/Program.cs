// Times transfers between random accounts of a large state, whose nodes the machine has not read before, and flushes of the changed accounts.
using Fvm;
using Fvm.Hosting;
using Fvm.Ipld;
using Fvm.State.Bench;
using Fvm.Vectors;
using Fvm.Wasm;

const int Messages = 1_000;
const int RawLength = 100;
if (args.Length != 2 || !int.TryParse(args[0], out int accounts) || !int.TryParse(args[1], out int rounds) || accounts < 1 || rounds < 1)
{
    Console.Error.WriteLine("usage: Fvm.State.Bench ACCOUNTS ROUNDS");
    return 2;
}

LargeState state = new(accounts);
using EnginePool pool = new(WasmEngines.Default);
SharedBlockCache known = state.NewFullCache();
SharedBlockCache flushed = new(SharedBlockCache.DefaultBytes);
Random random = new(1);
Times newSends = new();
Times knownSends = new();
Times flushes = new();

// What building the state left behind would otherwise be collected within the first rounds.
GC.Collect();
for (int round = 0; round < rounds; round++)
{
    // On a thread like the hosts'.
    ExecutionThread.Run(() =>
    {
        Execute(new SharedBlockCache(SharedBlockCache.DefaultBytes), newSends);
        Execute(known, knownSends);
        Flush();
        return true;
    });
}

Console.WriteLine(newSends.Row("send, new to the process", Messages, "µs", static time => time.TotalMicroseconds));
Console.WriteLine(knownSends.Row("send, new to the machine", Messages, "µs", static time => time.TotalMicroseconds));
Console.WriteLine(flushes.Row("flush of 1,000 actors", 1, "ms", static time => time.TotalMilliseconds));
return 0;

void Execute(SharedBlockCache cache, Times times)
{
    MachineContext context = new()
    {
        Network = new NetworkConfig { NetworkVersion = NetworkVersion.Nv28 },
        Epoch = new ChainEpoch(1_000),
        Timestamp = 1_700_000_000,
        BaseFee = TokenAmount.FromAtto(100L),
        CirculatingSupply = TokenAmount.FromWhole(2_000_000),
        InitialStateRoot = state.Root,
    };
    Executor executor = new(new Machine(pool, context, state.NewStore(cache), new NoExterns(), new ConstantProofs()));
    HashSet<ActorId> senders = [];
    Message[] messages = new Message[Messages];
    for (int i = 0; i < messages.Length; i++)
    {
        ActorId sender;
        do
        {
            sender = state.Any(random);
        }
        while (accounts >= Messages && !senders.Add(sender));

        messages[i] = new Message
        {
            From = Address.NewId(sender),
            To = Address.NewId(state.Any(random)),
            Sequence = 0,
            Value = TokenAmount.FromAtto(1L),
            Method = MethodNumber.Send,
            GasLimit = 10_000_000,
            GasFeeCap = TokenAmount.FromAtto(200L),
            GasPremium = TokenAmount.FromAtto(10L),
        };
    }

    times.Begin();
    foreach (Message message in messages)
    {
        ApplyRet ret = executor.Execute(message, ApplyKind.Explicit, RawLength);
        if (!ret.Receipt.ExitCode.IsSuccess)
        {
            throw new InvalidOperationException(ret.Failure);
        }
    }

    times.End();
}

void Flush()
{
    BufferedBlockstore store = new(state.NewStore(flushed));
    StateTree tree = StateTree.Load(store, state.Root, StateTreeVersion.V5);
    HashSet<ActorId> changed = [];
    while (changed.Count < Math.Min(1_000, accounts))
    {
        ActorId id = state.Any(random);
        changed.Add(id);
        tree.SetActor(id, tree.GetActor(id)!.Deposit(TokenAmount.FromAtto(1L)));
    }

    flushes.Begin();
    store.Flush(tree.Flush());
    flushes.End();
}
