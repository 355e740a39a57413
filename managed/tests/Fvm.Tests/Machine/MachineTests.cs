using Fvm.Ipld;
using NUnit.Framework;
using static Fvm.Tests.ActorText;

namespace Fvm.Tests;

/// <summary>Machines on corrupt states and failing hosts, concurrent machines, and the writes of a flush.</summary>
[TestFixtureSource(typeof(Fvm.Wasm.WasmEngines), nameof(Fvm.Wasm.WasmEngines.Names))]
public sealed class MachineTests(string engine)
{
    private const ulong Limit = 1_000_000_000;
    private static readonly byte[] FiveBytes = [1, 2, 3, 4, 5];

    [TestCase(0u)]
    [TestCase(15u)]
    [TestCase(30u)]
    public void A_network_version_that_is_not_known_is_refused(uint version)
    {
        using TestRun run = new(engine) { Version = (NetworkVersion)version };
        Assert.That(() => run.Machine, Throws.InstanceOf<FatalException>().With.Message.Contains($"{version}"));
    }

    [Test]
    public void A_state_that_is_missing_or_no_state_is_refused()
    {
        foreach (Cid root in (Cid[])[Cid.Blake2b256(Multicodec.DagCbor, "not there"u8), EmptyState.Cid, new TestState().Leaf])
        {
            using TestRun run = new(engine) { Context = context => context with { InitialStateRoot = root } };
            Assert.That(() => run.Machine, Throws.InstanceOf<FatalException>());
        }
    }

    [Test]
    public void A_state_without_a_system_actor_or_with_a_broken_one_is_refused()
    {
        TestState none = new();
        none.Tree.DeleteActor(ActorId.System);
        TestState broken = new();
        broken.Set(ActorId.System, "system", TokenAmount.Zero, broken.Leaf);
        TestState lost = new();
        lost.Set(ActorId.System, "system", TokenAmount.Zero, Cid.Blake2b256(Multicodec.DagCbor, "not there"u8));
        foreach (TestState state in (TestState[])[none, broken, lost])
        {
            using TestRun run = new(engine, state);
            Assert.That(() => run.Machine, Throws.InstanceOf<FatalException>());
        }
    }

    [Test]
    public void A_manifest_can_be_given_instead_of_the_state_s()
    {
        TestState state = new();
        Fvm.Ipld.CborWriter bundle = new();
        bundle.WriteArrayHeader(2);
        bundle.WriteUInt(1);
        bundle.WriteCid(state.ManifestList);
        Cid root = state.Put(Multicodec.DagCbor, bundle.ToArray());
        state.Set(ActorId.System, "system", TokenAmount.Zero, state.Leaf);
        using TestRun run = new(engine, state)
        {
            Context = context => context with { Network = context.Network with { BuiltinActorsOverride = root } },
        };
        Assert.That(run.Machine.Manifest.AccountCode, Is.EqualTo(TestState.CodeOf("account")));
    }

    [Test]
    public void A_store_that_fails_while_a_message_runs_is_fatal_for_it_alone()
    {
        TestState state = new();
        ActorId actor = state.AddActor(Module(ReturnNothing), TokenAmount.FromAtto(5L));
        Cid code = state.Tree.GetActor(actor)!.Code;
        FailingBlockstore store = new(state.Store) { Failing = cid => cid == code };
        using TestRun run = new(engine, state) { Store = store };
        IsFatal(run.Call(actor, Limit));

        store.Failing = static _ => false;
        Assert.That(run.Call(actor, Limit).Receipt.ExitCode, Is.EqualTo(ExitCode.Ok), "the code is asked for again");
    }

    [Test]
    public void A_block_that_an_actor_can_reach_and_that_is_missing_is_fatal()
    {
        TestState state = new();
        string open = $"i32.const {Out} i32.const {Out + 100} i32.const 100 call self.root drop i32.const {Out} i32.const {Out + 100} call ipld.block_open";
        ActorId actor = state.AddActor(Module(open), TokenAmount.Zero);
        state.Tree.SetActor(actor, state.Tree.GetActor(actor)! with { State = Cid.Blake2b256(Multicodec.Raw, "not there"u8) });
        using TestRun run = new(engine, state);
        IsFatal(run.Call(actor, Limit));
        Assert.That(run.Machine.Flush(), Is.Not.EqualTo(default(Cid)));
    }

    // Each block missing in turn: of the actors map, the address map, code, state. The result is a receipt or a descriptive exception, and
    // with the block restored everything works as before.
    [Test]
    public void Any_block_of_the_state_may_be_missing_or_fail()
    {
        TestState state = new();
        byte[] newAccount = TestState.Key1(9).ToBytes();
        ActorId actor = state.AddActor(Module(SetRoot(Data, 5) + Send(newAccount.Length, value: 5) + ReturnOut(), newAccount), TokenAmount.FromAtto(500L));
        using EnginePool reference = new(engine);
        using TestRun good = new(engine, state, reference);
        ApplyRet expected = good.Call(actor, Limit);
        Cid expectedRoot = good.Machine.Flush();
        Assert.That(expected.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok));

        int fatal = 0;
        int refused = 0;
        foreach (KeyValuePair<Cid, byte[]> block in state.Store.Snapshot())
        {
            foreach (bool fails in (bool[])[true, false])
            {
                FailingBlockstore store = new(state.Store);
                if (fails)
                {
                    store.Failing = cid => cid == block.Key;
                }
                else
                {
                    store.Missing = cid => cid == block.Key;
                }

                using TestRun run = new(engine, state) { Store = store };
                try
                {
                    ApplyRet ret = run.Call(actor, Limit);
                    if (ret.Receipt.ExitCode != expected.Receipt.ExitCode)
                    {
                        IsFatal(ret);
                        fatal++;
                    }
                    else
                    {
                        Assert.That(ret.Receipt.GasUsed, Is.EqualTo(expected.Receipt.GasUsed));
                        Assert.That(run.Machine.Flush(), Is.EqualTo(expectedRoot));
                    }
                }
                catch (FatalException)
                {
                    refused++;
                }
            }
        }

        Assert.That((fatal, refused), Is.GreaterThan((2, 2)));
    }

    [Test]
    public void An_extern_that_fails_in_the_midst_of_a_message_is_fatal_for_it_alone()
    {
        TestState state = new();
        string tipset = $"i32.const {Out} i64.const 999 i32.const {Out + 100} i32.const 100 call network.tipset_cid drop i32.const 0";
        string randomness = $"i32.const {Out} i64.const 999 call rand.get_chain_randomness drop i32.const 0";
        ActorId asksForTipset = state.AddActor(Module(EmitEvent + tipset), TokenAmount.Zero);
        ActorId asksForRandomness = state.AddActor(Module(EmitEvent + randomness), TokenAmount.Zero);
        using TestRun run = new(engine, state);
        run.Externs.Failure = new ExternException("the node is gone");
        IsFatal(run.Call(asksForTipset, Limit));
        Assert.That(run.Call(asksForRandomness, Limit).Receipt.ExitCode, Is.EqualTo(ExitCode.Ok), "an error that the actor sees");
        run.Externs.Failure = new InvalidOperationException("a fault in the node's own code");
        IsFatal(run.Call(asksForRandomness, Limit));
        run.Externs.Failure = null;
        Assert.That(run.Call(asksForTipset, Limit).Receipt.ExitCode, Is.EqualTo(ExitCode.Ok));
        Assert.That(() => run.Machine.Flush(), Throws.Nothing);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_flush_writes_what_the_new_root_reaches_or_everything(bool all)
    {
        TestState state = new();
        ActorId keeps = state.AddActor(Module(SetRoot(Data, 5) + ReturnNothing, FiveBytes), TokenAmount.Zero);
        ActorId drops = state.AddActor(Module(SetRoot(Data, 4) + SetRoot(Data, 3) + ReturnNothing, FiveBytes), TokenAmount.Zero);
        using TestRun run = new(engine, state) { Context = context => context with { FlushAllBlocks = all } };
        Assert.That(run.Call(keeps).Receipt.ExitCode, Is.EqualTo(ExitCode.Ok));
        Assert.That(run.Call(drops).Receipt.ExitCode, Is.EqualTo(ExitCode.Ok));
        int before = state.Store.Count;
        Assert.That(state.Store.Has(Cid.Blake2b256(Multicodec.Raw, FiveBytes)), Is.False, "nothing is written before");
        Cid root = run.Machine.Flush();
        Assert.That(state.Store.Has(root) && state.Store.Has(Cid.Blake2b256(Multicodec.Raw, FiveBytes)));
        Assert.That(state.Store.Has(Cid.Blake2b256(Multicodec.Raw, FiveBytes.AsSpan(0, 4))), Is.EqualTo(all));
        Assert.That(state.Store.Count, Is.GreaterThan(before));

        // Another machine continues from there.
        Machine next = new(run.Pool, TestMachine.Context(root), state.Store, run.Externs, new ScriptedProofs());
        Assert.That(next.StateTree.GetActor(TestState.Sender)!.Sequence, Is.EqualTo(2));
    }

    [Test]
    public void A_flush_that_cannot_write_fails_and_can_be_tried_again()
    {
        TestState state = new();
        FailingBlockstore store = new(state.Store);
        using TestRun run = new(engine, state) { Store = store };
        run.Apply(run.Message(TestState.BlsKey));
        store.FailsToWrite = true;
        Assert.That(() => run.Machine.Flush(), Throws.InstanceOf<FatalException>());
        store.FailsToWrite = false;
        Cid root = run.Machine.Flush();
        Assert.That(state.Store.Has(root));
    }

    [Test]
    public void A_flush_without_messages_gives_the_root_that_was_there()
    {
        using TestRun run = new(engine);
        Assert.That(run.Machine.Flush(), Is.EqualTo(run.Machine.Context.InitialStateRoot));
    }

    [Test]
    public void Machines_on_several_threads_share_a_pool_and_give_the_same_results()
    {
        const int Threads = 8;
        const int Messages = 6;
        TestState state = new();
        byte[] newAccount = TestState.Key1(9).ToBytes();
        ActorId[] actors = [.. Enumerable.Range(0, Messages).Select(i => state.AddActor(
            Module(EmitEvent + Send(newAccount.Length, value: 1) + SetRoot(Data, i + 1) + ReturnOut(), newAccount), TokenAmount.FromAtto(500L)))];
        using EnginePool pool = new(engine);
        _ = state.Flush();
        (Cid Root, string Receipts)[] results = new (Cid, string)[Threads];
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(i => new Thread(() =>
        {
            TestRun run = new(engine, state, pool);
            List<string> receipts = [];
            foreach (ActorId actor in actors)
            {
                ApplyRet ret = run.Call(actor);
                receipts.Add($"{ret.Receipt.ExitCode} {ret.Receipt.GasUsed} {ret.Receipt.EventsRoot} {Convert.ToHexString(ret.Receipt.ReturnData.Span)}");
            }

            results[i] = (run.Machine.StateTree.Flush(), string.Join('\n', receipts));
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        Assert.That(results[0].Root, Is.Not.EqualTo(default(Cid)));
        Assert.That(results, Is.All.EqualTo(results[0]));
    }

    [TestCase(NetworkVersion.Nv18)]
    [TestCase(NetworkVersion.Nv20)]
    [TestCase(NetworkVersion.Nv21)]
    [TestCase(NetworkVersion.Nv24)]
    [TestCase(NetworkVersion.Nv25)]
    public void A_transfer_runs_at_every_version_of_the_state(NetworkVersion version)
    {
        using TestRun run = new(engine) { Version = version };
        Assert.That(run.Apply(run.Message(TestState.Eth(9), value: TokenAmount.FromAtto(5L))).Receipt.ExitCode, Is.EqualTo(ExitCode.Ok));
    }

    private static void IsFatal(ApplyRet ret)
    {
        Assert.That(ret.Receipt, Is.EqualTo(new Receipt { ExitCode = ExitCode.SysAssertionFailed, GasUsed = Limit }), ret.Failure);
        Assert.That(ret.Events, Is.Empty);
    }
}
