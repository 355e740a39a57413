using Fvm.Ipld;
using NUnit.Framework;
using static Fvm.Tests.ActorText;

namespace Fvm.Tests;

/// <summary>Sends between actors: parameters, results, rollback, and limits.</summary>
[TestFixtureSource(typeof(Fvm.Wasm.WasmEngines), nameof(Fvm.Wasm.WasmEngines.Names))]
public sealed class SendTests(string engine)
{
    private static readonly TokenAmount Funds = TokenAmount.FromAtto(1_000L);
    private static readonly byte[] FiveBytes = [1, 2, 3, 4, 5];

    [Test]
    public void A_call_gives_back_exit_code_and_block()
    {
        using TestRun run = new(engine);
        ActorId callee = run.State.AddActor(Module(Return(Data, 5), FiveBytes), Funds);
        ActorId caller = Caller(run, callee, Send(3) + ReturnOut());
        Assert.That(run.CallSending(caller), Is.EqualTo((default(ErrorNumber), ExitCode.Ok, 1u, Multicodec.Raw, 5u)));
    }

    [Test]
    public void A_failed_call_may_give_back_a_block_too()
    {
        using TestRun run = new(engine);
        string block = Return(Data, 5).TrimEnd();
        ActorId callee = run.State.AddActor(
            Module($"{block} local.set 0 i32.const 33 local.get 0 i32.const 0 i32.const 0 call vm.exit drop i32.const 0", FiveBytes), Funds);
        ActorId caller = Caller(run, callee, Send(3) + ReturnOut());
        Assert.That(run.CallSending(caller), Is.EqualTo((default(ErrorNumber), new ExitCode(33), 1u, Multicodec.Raw, 5u)));
    }

    [Test]
    public void A_block_given_back_is_charged_by_links_within_and_by_bytes_to_the_chain()
    {
        using TestRun run = new(engine);
        ActorId callee = run.State.AddActor(Module(Return(Data, 5), FiveBytes), Funds);
        ActorId caller = Caller(run, callee, Send(3) + ReturnOut(24));
        ApplyRet ret = run.Call(caller);
        PriceList p = run.Prices;
        Assert.That(
            ret.Trace.OfType<GasChargeEvent>().Select(static e => e.Charge).Where(static c => c.Name.EndsWith("ReturnValue", StringComparison.Ordinal)),
            Is.EqualTo(new[] { p.OnMethodReturn(2, 5, 0), p.OnMethodReturn(1, 24, 0) }));
        Assert.That(ret.ReturnCodec, Is.EqualTo(Multicodec.Raw));
    }

    [Test]
    public void Value_moves_with_a_call_and_back_where_the_call_fails()
    {
        using TestRun run = new(engine);
        ActorId good = run.State.AddActor(Module(ReturnNothing), Funds);
        ActorId bad = run.State.AddActor(Module(Exit(16) + ReturnNothing), Funds);
        ActorId toGood = Caller(run, good, Send(3, value: 100) + ReturnOut());
        ActorId toBad = Caller(run, bad, Send(3, value: 100) + ReturnOut());
        ActorId poor = Caller(run, good, Send(3, value: 1_001) + ReturnOut());
        Assert.That(run.CallSending(toGood).ExitCode, Is.EqualTo(ExitCode.Ok));
        Assert.That(run.CallSending(toBad).ExitCode, Is.EqualTo(new ExitCode(16)));
        Assert.That(run.CallSending(poor).Error, Is.EqualTo(ErrorNumber.InsufficientFunds));
        Assert.That(
            new[] { good, toGood, bad, toBad, poor }.Select(run.BalanceOf),
            Is.EqualTo(new[] { 1_100L, 900L, 1_000L, 1_000L, 1_000L }.Select(TokenAmount.FromAtto)));
    }

    [TestCase(0)]
    [TestCase(16)]
    public void State_and_events_of_a_failed_call_are_taken_back_with_those_of_the_calls_below_it(int exitCode)
    {
        using TestRun run = new(engine);
        TestState state = run.State;
        ActorId lowest = state.AddActor(Module(EmitEvent + SetRoot(Data, 5) + ReturnNothing, FiveBytes), Funds);
        byte[] address = Address.NewId(lowest).ToBytes();
        ActorId middle = state.AddActor(
            Module(EmitEvent + SetRoot(Data, 2) + Send(address.Length) + Exit(exitCode) + ReturnNothing, address), Funds);
        ActorId caller = Caller(run, middle, EmitEvent + Send(3) + EmitEvent + ReturnOut());
        ApplyRet ret = run.Call(caller);
        Assert.That(TestRun.SentBy(ret).ExitCode.Value, Is.EqualTo(exitCode));
        bool kept = exitCode == 0;
        Assert.Multiple(() =>
        {
            Assert.That(
                ret.Events.Select(static e => e.Emitter),
                Is.EqualTo(kept ? new[] { caller, middle, lowest, caller } : [caller, caller]));
            Assert.That(ret.Receipt.EventsRoot, Is.Not.Null);
            Assert.That(run[lowest]!.State, Is.EqualTo(kept ? Cid.Blake2b256(Multicodec.Raw, FiveBytes) : EmptyState.Cid));
            Assert.That(run[middle]!.State == EmptyState.Cid, Is.EqualTo(!kept));
        });
    }

    [Test]
    public void A_message_that_fails_keeps_no_events()
    {
        using TestRun run = new(engine);
        ActorId actor = run.State.AddActor(Module(EmitEvent + Exit(16) + ReturnNothing), Funds);
        ApplyRet ret = run.Call(actor);
        Assert.That((ret.Receipt.ExitCode, ret.Receipt.EventsRoot, ret.Events.Count), Is.EqualTo((new ExitCode(16), (Cid?)null, 0)));
    }

    [Test]
    public void What_a_failed_call_had_paid_for_access_is_forgotten_with_it()
    {
        using TestRun run = new(engine);
        byte[] account = TestState.BlsKey.ToBytes();
        string look = $"i32.const {Out} i32.const {Data} i32.const {account.Length} call actor.resolve_address drop ";
        ActorId good = run.State.AddActor(Module(look + ReturnNothing, account), Funds);
        ActorId bad = run.State.AddActor(Module(look + Exit(16) + ReturnNothing, account), Funds);
        Assert.That(Lookups(good), Is.EqualTo(3), "once by the callee, once free");
        Assert.That(Lookups(bad), Is.EqualTo(4), "once by the callee, once more by the caller");

        int Lookups(ActorId callee)
        {
            using TestRun fresh = new(engine, run.State);
            byte[] to = Address.NewId(callee).ToBytes();
            string lookAgain = $"i32.const {Out} i32.const {Data + 10} i32.const {account.Length} call actor.resolve_address drop ";
            ActorId caller = fresh.State.AddActor(Module(Send(to.Length) + lookAgain + ReturnNothing, [.. to, .. new byte[10 - to.Length], .. account]), Funds);
            return TestRun.ChargeNamesOf(fresh.Call(caller)).Count(static name => name == "OnResolveAddress");
        }
    }

    [Test]
    public void A_read_only_call_can_neither_write_nor_create_and_neither_can_those_below_it()
    {
        using TestRun run = new(engine);
        byte[] newAccount = TestState.Key1(9).ToBytes();
        ActorId writer = run.State.AddActor(Module(SetRoot(Data, 5) + ReturnOut(4), FiveBytes), Funds);
        ActorId creator = run.State.AddActor(Module(Send(newAccount.Length) + ReturnOut(4), newAccount), Funds);

        // Returns the first four bytes of the callee's result.
        const string PassOn = "i32.const 2500 i32.const 2008 i32.load i32.const 0 i32.const 2400 i32.const 4 call ipld.block_read drop ";
        ActorId toWriter = Caller(run, writer, Send(3) + PassOn + Return(2_400, 4));
        ActorId[] callers = [.. new[] { writer, creator, toWriter }.Select(callee => Caller(run, callee, Send(3, flags: 1) + PassOn + Return(2_400, 4)))];
        foreach (ActorId caller in callers)
        {
            ApplyRet ret = run.Call(caller);
            Assert.That(ret.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok), ret.Failure);
            Assert.That(BitConverter.ToUInt32(ret.Receipt.ReturnData.Span), Is.EqualTo((uint)ErrorNumber.ReadOnly));
        }

        Assert.That(BitConverter.ToUInt32(run.Call(toWriter).Receipt.ReturnData.Span), Is.Zero, "it is the flag that forbids it");
        Assert.That(run[TestState.Next], Is.Null);
    }

    [Test]
    public void A_call_s_own_gas_limit_ends_it_alone()
    {
        using TestRun run = new(engine);
        ActorId glutton = run.State.AddActor(Module(LoopForever), Funds);
        ActorId caller = Caller(run, glutton, Send(3, gasLimit: 80_000_000) + ReturnOut());
        ApplyRet ret = run.Call(caller);
        Assert.That(TestRun.SentBy(ret), Is.EqualTo((default(ErrorNumber), ExitCode.SysOutOfGas, 0u, 0UL, 0u)));
        Assert.That(ret.Receipt.GasUsed, Is.InRange(80_000_000UL, 90_000_000UL));
        Assert.That(ret.Trace.OfType<CallEvent>().Last().GasLimit, Is.EqualTo(80_000_000));
    }

    [Test]
    public void A_call_that_uses_all_there_is_ends_its_callers_too()
    {
        using TestRun run = new(engine);
        ActorId glutton = run.State.AddActor(Module(LoopForever), Funds);
        ActorId caller = Caller(run, glutton, Send(3) + ReturnOut());
        byte[] address = Address.NewId(caller).ToBytes();
        ActorId outer = run.State.AddActor(Module(Send(address.Length, gasLimit: 200_000_000) + ReturnOut(), address), Funds);
        Assert.That(run.Call(caller, gasLimit: 100_000_000).Receipt, Is.EqualTo(new Receipt { ExitCode = ExitCode.SysOutOfGas, GasUsed = 100_000_000 }));

        // An outer call with a limit of its own ends there.
        Assert.That(run.CallSending(outer, gasLimit: 500_000_000).ExitCode, Is.EqualTo(ExitCode.SysOutOfGas));
        Assert.That(run.Call(outer, gasLimit: 150_000_000).Receipt.ExitCode, Is.EqualTo(ExitCode.SysOutOfGas), "the limit is above what is left");
    }

    [Test]
    public void A_call_with_no_gas_at_all_runs_out_at_once()
    {
        using TestRun run = new(engine);
        ActorId callee = run.State.AddActor(Module(ReturnNothing), Funds);
        ActorId caller = Caller(run, callee, Send(3, gasLimit: 0) + ReturnOut());
        Assert.That(run.CallSending(caller).ExitCode, Is.EqualTo(ExitCode.SysOutOfGas));
    }

    [Test]
    public void A_message_runs_out_of_gas_at_each_charge_of_its_trace()
    {
        TestState state = new();
        using EnginePool pool = new(engine);
        using TestRun build = new(engine, state, pool);
        ActorId callee = state.AddActor(Module(EmitEvent + SetRoot(Data, 5) + Return(Data, 5), FiveBytes), Funds);
        ActorId caller = Caller(build, callee, Send(3, value: 5) + ReturnOut());
        ApplyRet whole = build.Call(caller);
        string[] names = TestRun.ChargeNamesOf(whole);
        Gas sum = Gas.Zero;
        int tried = 0;
        for (int i = 0; i < names.Length; i++)
        {
            Gas charge = whole.Trace.OfType<GasChargeEvent>().ElementAt(i).Charge.Total;
            sum += charge;

            // Limits are whole gas: only applicable if one falls within the charge.
            ulong limit = sum.RoundDown() - (sum.Milli % 1_000 == 0 ? 1UL : 0UL);
            if (charge.Milli < 1_000 || i == 0)
            {
                continue;
            }

            using TestRun run = new(engine, state, pool);
            TokenAmount before = run.BalanceOf(callee);
            ApplyRet ret = run.Call(caller, limit);
            tried++;
            Assert.Multiple(() =>
            {
                Assert.That((ret.Receipt.ExitCode, ret.Receipt.GasUsed), Is.EqualTo((ExitCode.SysOutOfGas, limit)), names[i]);
                Assert.That(TestRun.ChargeNamesOf(ret).Take(i + 1), Is.EqualTo(names.Take(i + 1)));
                Assert.That((ret.Events.Count, run.BalanceOf(callee), run[callee]!.State), Is.EqualTo((0, before, EmptyState.Cid)));
            });
        }

        Assert.That(tried, Is.GreaterThan(20));
    }

    [Test]
    public void Calls_and_returns_pair_up_in_the_trace()
    {
        using TestRun run = new(engine);
        ActorId bad = run.State.AddActor(Module("unreachable"), Funds);
        ActorId caller = Caller(run, bad, Send(3) + Send(3, value: 5_000) + ReturnOut());
        ApplyRet ret = run.Call(caller);
        ExecutionEvent[] calls = [.. ret.Trace.Where(static e => e is CallEvent or CallReturnEvent or CallErrorEvent)];
        Assert.That(calls.Select(static e => e.GetType()), Is.EqualTo(new[]
        {
            typeof(CallEvent), typeof(CallEvent), typeof(CallReturnEvent), typeof(CallEvent), typeof(CallErrorEvent), typeof(CallReturnEvent),
        }));
        Assert.That(calls[2], Is.EqualTo(new CallReturnEvent(ExitCode.SysIllegalInstruction, null)));
        Assert.That(((CallErrorEvent)calls[4]).Error, Is.EqualTo(ErrorNumber.InsufficientFunds));
        Assert.That(TestRun.ChargedBy(ret).RoundUp(), Is.EqualTo(ret.Receipt.GasUsed));
    }

    /// <summary>An actor with another actor's 3-byte address as data.</summary>
    private static ActorId Caller(TestRun run, ActorId callee, string code)
    {
        byte[] address = Address.NewId(callee).ToBytes();
        Assert.That(address, Has.Length.EqualTo(3));
        return run.State.AddActor(Module(code, address), Funds);
    }
}
