using Fvm.Actors;
using Fvm.Ipld;
using Fvm.Vectors;
using NUnit.Framework;

namespace Fvm.Diff.Tests;

/// <summary>Names in call stacks, and states down to fields, of the example vectors with a planted difference.</summary>
public sealed class DifferenceExplainerTests
{
    private static readonly VectorCase Item = SharedVectors.Named("transfers");
    private SideRun _run = null!;

    [OneTimeSetUp]
    public void RunTheVector()
    {
        using EngineSide side = new("interpreter", new ReplaySettings { Engine = "interpreter" });
        _run = Fvm.ExecutionThread.Run(() => side.Run([Item])[0]);
        Assert.That(_run.Failure, Is.Null);
    }

    [Test]
    public void A_field_of_an_actor_that_differs_is_named_with_both_values()
    {
        (SideRun other, ActorId id, ActorState actor) = WithOneMoreNonce();
        VectorComparison found = Explain(RunComparer.Compare(Item, _run, other));
        Assert.That(found.States!.Note, Is.Null);
        Assert.That(
            found.States.Differences.Single(),
            Is.EqualTo(new StateDifference($"f0{id.Value} account.nonce", $"{actor.Sequence}", $"{actor.Sequence + 1}", null)));
    }

    [Test]
    public void States_are_compared_where_a_message_differs_too()
    {
        (SideRun other, _, _) = WithOneMoreNonce();
        MessageOutcome last = other.Outcomes[^1];
        VectorComparison found = RunComparer.Compare(
            Item, _run, other with { Outcomes = [.. other.Outcomes.SkipLast(1), last with { GasUsed = last.GasUsed + 1 }] });
        Assert.That(found.Fields[0].Field, Is.EqualTo("gas_used"));
        Assert.That(Explain(found).States!.Differences, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_side_that_hands_over_no_blocks_is_told()
    {
        (SideRun other, _, _) = WithOneMoreNonce();
        VectorComparison found = Explain(RunComparer.Compare(Item, _run, other with { Written = null }));
        Assert.That(found.States, Is.EqualTo(new StateComparison([], false, "cmd:b does not hand over the blocks of its state")));
    }

    [Test]
    public void A_block_that_a_side_lacks_is_a_problem_of_its_place()
    {
        (SideRun other, _, _) = WithOneMoreNonce();
        VectorComparison found = Explain(RunComparer.Compare(Item, _run, other with { Written = [] }));
        Assert.That(found.States!.Differences.Single().Problem, Does.Match("the block .* of the second state is missing"));
    }

    [Test]
    public void Calls_have_the_names_of_actors_and_methods()
    {
        int message = Enumerable.Range(0, _run.Outcomes.Count)
            .First(index => _run.Outcomes[index].Trace!.Any(static line => line.Contains("\"invoke\"")));
        List<string> trace = [.. _run.Outcomes[message].Trace!];
        int line = trace.FindIndex(static text => text.Contains("\"invoke\"")) + 1;
        trace[line] = "[\"log\",\"planted\"]";
        MessageOutcome[] outcomes = [.. _run.Outcomes];
        outcomes[message] = outcomes[message] with { Trace = trace };
        VectorComparison found = Explain(RunComparer.Compare(Item, _run, _run with { Outcomes = outcomes }));
        Assert.That(found.Trace!.CallsA[^1].FromName, Is.EqualTo("account"));
        Assert.That(found.Trace.CallsA[^1].ToString(), Does.Match("^f0[0-9]+ account → .*, method .* \\[f0[0-9]+, code b.*\\]$"));
    }

    private static VectorComparison Explain(VectorComparison found) =>
        new DifferenceExplainer(new BundleCatalog(null), "interpreter", "cmd:b").Explain(found);

    // The same run, but for the nonce of the sender of the first message.
    private (SideRun Run, ActorId Id, ActorState Actor) WithOneMoreNonce()
    {
        MemoryBlockstore blocks = new();
        blocks.PutMany(CarBlocks.Read(Item.Vector.Car, "car").Blocks);
        blocks.PutMany(_run.Written!);
        Cid root = Cid.Parse(_run.StateRoot!);
        StateTree tree = StateTree.Load(blocks, root, StateRoot.Decode(blocks.Get(root)!).Version);
        ActorId id = tree.LookupId(Message.Decode(Item.Vector.Messages[0].Bytes).From)!.Value;
        ActorState actor = tree.GetActor(id)!;
        tree.SetActor(id, actor with { Sequence = actor.Sequence + 1 });
        Cid changed = tree.Flush();
        return (_run with { StateRoot = changed.ToString(), Written = blocks.Snapshot() }, id, actor);
    }
}
