using BenchmarkDotNet.Attributes;
using Fvm.Ipld;
using Fvm.Tests;

namespace Fvm.Bench;

/// <summary>
/// A state tree of many actors, as on mainnet: changes of random actors, whose nodes are not in memory yet, and writing the changes.
/// </summary>
public class StateBench
{
    private const int Changes = 1_000;

    private readonly Random _random = new(1);
    private IBlockstore _store = new MemoryBlockstore();
    private Cid _root;
    private StateTree _changed = null!;

    [Params(10_000, 1_000_000)]
    public int Actors { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        TestState state = new();
        ActorState account = ActorState.NewEmpty(TestState.CodeOf("account"), null);
        for (int i = 0; i < Actors; i++)
        {
            state.Tree.SetActor(new ActorId((ulong)(10_000 + i)), account.Deposit(TokenAmount.FromAtto(5L + i)));
        }

        _root = state.Flush();
        _store = state.Store;
    }

    /// <summary>Moves funds between two random actors of a tree that was just loaded.</summary>
    [Benchmark(OperationsPerInvoke = Changes / 2)]
    public StateTree ColdTransfers() => Change();

    [IterationSetup(Target = nameof(FlushOf1000Changes))]
    public void MakeChanges() => _changed = Change();

    /// <summary>Writes 1,000 changed actors, and flushes the write buffer.</summary>
    [Benchmark]
    public Cid FlushOf1000Changes()
    {
        Cid root = _changed.Flush();
        ((BufferedBlockstore)_changed.Store).Flush(root);
        return root;
    }

    private StateTree Change()
    {
        StateTree tree = StateTree.Load(new BufferedBlockstore(new LayeredBlockstore(new MemoryBlockstore(), _store)), _root, StateTreeVersion.V5);
        for (int i = 0; i < Changes / 2; i++)
        {
            ActorId from = Any();
            ActorId to = Any();
            tree.SetActor(from, tree.GetActor(from)!.Deduct(TokenAmount.FromAtto(1L)));
            tree.SetActor(to, tree.GetActor(to)!.Deposit(TokenAmount.FromAtto(1L)));
        }

        return tree;
    }

    private ActorId Any() => new((ulong)(10_000 + _random.Next(Actors)));
}
