using System.Diagnostics;
using Fvm.Ipld;
using NUnit.Framework;
using static Fvm.Tests.ActorText;

namespace Fvm.Tests;

/// <summary>The fate of a message and its machine when the process runs out of memory.</summary>
[TestFixtureSource(typeof(Fvm.Wasm.WasmEngines), nameof(Fvm.Wasm.WasmEngines.Names))]
public sealed class ExhaustionTests(string engine)
{
    private const string AsksForRandomness = "i32.const 3000 i64.const 5 call rand.get_chain_randomness drop ";

    private static readonly Exception[] Causes =
    [
        new OutOfMemoryException("no memory"),
        new InsufficientMemoryException("no memory"),
        new InsufficientExecutionStackException("no memory"),
        new ResourceExhaustedException("no memory"),
        new TypeInitializationException("Table", new OutOfMemoryException("no memory")),
        new FatalException("failed to read", new OutOfMemoryException("no memory")),
    ];

    [TestCaseSource(nameof(Causes))]
    public void Want_of_memory_in_a_syscall_ends_the_call_and_the_machine_refuses_all_later_ones(Exception cause)
    {
        using TestRun run = new(engine);
        ActorId asks = run.State.AddActor(Module(AsksForRandomness + ReturnNothing), TokenAmount.Zero);
        Message message = run.Message(Address.NewId(asks), 2);
        run.Externs.Failure = cause;
        Assert.That(() => run.Apply(message), Throws.TypeOf<ResourceExhaustedException>().With.Message.Contains("no memory"));

        run.Externs.Failure = null;
        Assert.That(() => run.Apply(message), Throws.TypeOf<ResourceExhaustedException>().With.Message.Contains("no memory"));
        Assert.That(() => run.Machine.Flush(), Throws.TypeOf<ResourceExhaustedException>().With.Message.Contains("no memory"));
    }

    // The calling actor sees no error number, and its caller no exit code.
    [Test]
    public void Want_of_memory_at_the_bottom_of_nested_calls_is_no_outcome_of_any_of_them()
    {
        using TestRun run = new(engine);
        ActorId bottom = run.State.AddActor(Module(AsksForRandomness + ReturnNothing), TokenAmount.Zero);
        ActorId middle = AddCaller(run, bottom);
        ActorId top = AddCaller(run, middle);
        Message message = run.Message(Address.NewId(top), 2);
        run.Externs.Failure = new OutOfMemoryException();
        Assert.That(() => run.Apply(message), Throws.TypeOf<ResourceExhaustedException>());
        Assert.That(() => run.Machine.Flush(), Throws.TypeOf<ResourceExhaustedException>());
    }

    [Test]
    public void A_machine_that_was_not_touched_by_the_want_of_another_works_on()
    {
        using EnginePool pool = new(engine);
        using TestRun good = new(engine, null, pool);
        using TestRun bad = new(engine, null, pool);
        byte[] module = Module(AsksForRandomness + ReturnNothing);
        ActorId first = good.State.AddActor(module, TokenAmount.Zero);
        ActorId second = bad.State.AddActor(module, TokenAmount.Zero);
        Message message = bad.Message(Address.NewId(second), 2);
        bad.Externs.Failure = new OutOfMemoryException();
        Assert.That(() => bad.Apply(message), Throws.TypeOf<ResourceExhaustedException>());
        Assert.That(good.Call(first).Receipt.ExitCode, Is.EqualTo(ExitCode.Ok));
        Assert.That(() => good.Machine.Flush(), Throws.Nothing);
    }

    // The flag is set within the first of two syscalls, or within the sends of the top actor: the next syscall does not happen.
    [TestCase(false)]
    [TestCase(true)]
    public void A_stopped_message_ends_at_its_next_syscall_without_a_receipt_and_the_machine_refuses_all_later_calls(bool nested)
    {
        using TestRun run = new(engine);
        using CancellationTokenSource stop = new();
        int asked = 0;
        run.Externs.Asked = () =>
        {
            asked++;
            stop.Cancel();
        };
        ActorId asks = run.State.AddActor(Module($"loop {AsksForRandomness}br 0 end {ReturnNothing}"), TokenAmount.Zero);
        Message message = run.Message(Address.NewId(nested ? AddCaller(run, asks) : asks), 2);

        Assert.That(
            () => new Executor(run.Machine).Execute(message, ApplyKind.Explicit, TestRun.RawLength, stop.Token),
            Throws.TypeOf<ResourceExhaustedException>().With.Message.Contains("the host stopped it"));

        Assert.That(asked, Is.EqualTo(1));
        Assert.That(() => run.Machine.Flush(), Throws.TypeOf<ResourceExhaustedException>());
    }

    [Test]
    public void A_message_stopped_before_it_began_leaves_the_machine_as_it_was()
    {
        using TestRun run = new(engine);
        ActorId asks = run.State.AddActor(Module(AsksForRandomness + ReturnNothing), TokenAmount.Zero);
        Message message = run.Message(Address.NewId(asks), 2);

        Assert.That(
            () => new Executor(run.Machine).Execute(message, ApplyKind.Explicit, TestRun.RawLength, new CancellationToken(true)),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(run.Apply(message).Receipt.ExitCode, Is.EqualTo(ExitCode.Ok));
    }

    // None of them makes a syscall, and the gas would last for a minute at least.
    [TestCase("loop br 0 end i32.const 0", TestName = "A loop is stopped")]
    [TestCase("loop i32.const 1 br_if 0 end i32.const 0", TestName = "A loop with a condition is stopped")]
    [TestCase("loop i32.const 0 br_table 0 0 end i32.const 0", TestName = "A loop with a table is stopped")]
    [TestCase("loop block i32.const 1 br_if 1 end end i32.const 0", TestName = "A loop from a block within is stopped")]
    [TestCase("i32.const 60 call 1 i32.const 0", TestName = "Calls without a loop are stopped")]
    public void Code_that_only_computes_is_stopped(string code)
    {
        using EnginePool pool = new(new EnginePoolOptions { Engine = engine, Stoppable = true });
        using TestRun run = new(engine, null, pool);
        using CancellationTokenSource stop = new();
        ActorId computes = run.State.AddActor(Computing(code), TokenAmount.Zero);
        Message message = run.Message(Address.NewId(AddCaller(run, computes)), 2, gasLimit: 4_000_000_000_000);
        stop.CancelAfter(TimeSpan.FromMilliseconds(50));
        long start = Stopwatch.GetTimestamp();

        Assert.That(
            () => new Executor(run.Machine).Execute(message, ApplyKind.Explicit, TestRun.RawLength, stop.Token),
            Throws.TypeOf<ResourceExhaustedException>().With.Message.Contains("the host stopped it"));

        Assert.That(Stopwatch.GetElapsedTime(start), Is.LessThan(TimeSpan.FromSeconds(10)));
        Assert.That(() => run.Machine.Flush(), Throws.TypeOf<ResourceExhaustedException>());

        // The instance that was stopped is used again, and runs.
        using TestRun next = new(engine, null, pool);
        ActorId again = next.State.AddActor(Computing(code), TokenAmount.Zero);
        Assert.That(next.Call(again, gasLimit: 10_000_000).Receipt.ExitCode, Is.EqualTo(ExitCode.SysOutOfGas));
    }

    // Out of memory at each read and write, in turn, of a message that sends value through three actors, and of the following flush.
    [Test]
    public void No_flush_that_succeeds_has_less_tokens_wherever_memory_ran_out()
    {
        int accepted = 0;
        int refused = 0;
        using EnginePool pool = new(engine);
        for (int after = 0; accepted == 0; after++)
        {
            TestState state = new();
            ExhaustingBlockstore store = new(state.Store);
            using TestRun run = new(engine, state, pool) { Store = store };
            ActorId bottom = state.AddActor(Module(EmitEvent + ReturnNothing), TokenAmount.Zero);
            ActorId top = AddCaller(run, AddCaller(run, bottom));
            Message message = run.Message(Address.NewId(top), 2, TokenAmount.FromAtto(1_000L));
            TokenAmount before = Sum(state.Store, run.Root, run);
            store.FailsAfter = after;
            try
            {
                ApplyRet ret = run.Apply(message);
                Assert.That(ret.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok), ret.Failure);
                Cid root = run.Machine.Flush();
                store.FailsAfter = int.MaxValue;
                Assert.That(Sum(state.Store, root, run), Is.EqualTo(before));
                accepted++;
            }
            catch (ResourceExhaustedException)
            {
                store.FailsAfter = int.MaxValue;
                Assert.That(() => run.Machine.Flush(), Throws.TypeOf<ResourceExhaustedException>());
                refused++;
            }
        }

        Assert.That(refused, Is.AtLeast(5));
    }

    private static ActorId AddCaller(TestRun run, ActorId called)
    {
        byte[] address = Address.NewId(called).ToBytes();
        return run.State.AddActor(Module(Send(address.Length, value: 10) + ReturnOut(), address), TokenAmount.FromAtto(100L));
    }

    // Function 1 calls itself twice, as often as its argument says.
    private static byte[] Computing(string code) => Module(code, more: static module =>
    {
        const string CallItself = "local.get 0 i32.const 1 i32.sub call 1 ";
        module.Function("i", "", "", $"local.get 0 if {CallItself}{CallItself}end");
    });

    private static TokenAmount Sum(IBlockstore store, Cid root, TestRun run)
    {
        TokenAmount sum = TokenAmount.Zero;
        StateTree.Load(store, root, run.Machine.Rules.StateTree).ForEach((_, actor) => sum += actor.Balance);
        return sum;
    }

    /// <summary>A blockstore that runs out of memory after a number of calls.</summary>
    private sealed class ExhaustingBlockstore(IBlockstore blocks) : IBlockstore
    {
        public int FailsAfter { get; set; } = int.MaxValue;

        public byte[]? Get(in Cid cid)
        {
            Count();
            return blocks.Get(cid);
        }

        public bool Has(in Cid cid)
        {
            Count();
            return blocks.Has(cid);
        }

        public void Put(in Cid cid, byte[] block)
        {
            Count();
            blocks.Put(cid, block);
        }

        public void PutMany(IEnumerable<KeyValuePair<Cid, byte[]>> many)
        {
            Count();
            blocks.PutMany(many);
        }

        private void Count()
        {
            if (FailsAfter-- <= 0)
            {
                throw new OutOfMemoryException("no memory for a block");
            }
        }
    }
}
