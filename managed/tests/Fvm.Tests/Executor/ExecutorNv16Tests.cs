using NUnit.Framework;

namespace Fvm.Tests;

/// <summary>Execution of messages before NV18.</summary>
public sealed class ExecutorNv16Tests
{
    private const ulong GasLimit = 100_000_000;

    private static readonly PriceList Skyr = PriceTable.Skyr;

    private static readonly TokenAmount One = TokenAmount.FromAtto(1L);

    [Test]
    public void A_transfer_has_one_charge_for_the_call_and_one_for_the_value_it_does_not_return()
    {
        ApplyRet ret = Apply(Transfer(TestState.BlsKey));
        Assert.That(ret.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok), ret.Failure);
        Assert.That(
            ret.Trace,
            Is.EqualTo(new ExecutionEvent[]
            {
                new GasChargeEvent(Skyr.OnChainMessage(100)),
                new CallEvent(TestState.Sender, TestState.BlsKey, MethodNumber.Send, null, One, GasLimit, false),
                new GasChargeEvent(Skyr.OnMethodInvocation(One, MethodNumber.Send)),
                new CallReturnEvent(ExitCode.Ok, null),
                new GasChargeEvent(Skyr.OnChainReturnValue(0)),
            }));
        Gas used = Skyr.OnChainMessage(100).Total + Skyr.OnMethodInvocation(One, MethodNumber.Send).Total;
        Assert.That(ret.Receipt.GasUsed, Is.EqualTo(used.RoundUp()));
    }

    [Test]
    public void A_transfer_to_a_new_key_makes_an_account_whose_constructor_is_called_before()
    {
        ApplyRet ret = Apply(Transfer(TestState.Key3(9)));
        Assert.That(ret.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok), ret.Failure);
        Assert.That(
            Names(ret),
            Is.EqualTo(new[]
            {
                "OnChainMessage", "OnCreateActor", "OnMethodInvocation", "wasm_exec", "OnMethodInvocation", "OnChainReturnValue",
            }));
        Assert.That(ret.Trace, Has.None.InstanceOf<InvokeActorEvent>());
    }

    [Test]
    public void The_zero_key_is_charged_for_and_refused()
    {
        ApplyRet ret = Apply(Transfer(Address.NewBls([0xc0, .. new byte[47]])));
        Assert.That(ret.Receipt.ExitCode, Is.EqualTo(ExitCode.SysAssertionFailed));
        Assert.That(Names(ret), Is.EqualTo(new[] { "OnChainMessage", "OnCreateActor" }));
    }

    [Test]
    public void A_delegated_address_can_neither_send_nor_receive()
    {
        Assert.That(() => Apply(Transfer(TestState.EthAccountAddress)), Throws.TypeOf<FatalException>());
        Assert.That(() => Apply(Transfer(TestState.BlsKey) with { From = TestState.EthAccountAddress }), Throws.TypeOf<FatalException>());
    }

    [Test]
    public void Code_that_the_manifest_does_not_name_does_not_run()
    {
        TestState state = new(version: StateTreeVersion.V4);
        ActorId id = state.AddActor(ActorText.Module(ActorText.ReturnNothing), TokenAmount.Zero);
        ApplyRet ret = Apply(Transfer(Address.NewId(id)) with { Method = new MethodNumber(2) }, state);
        Assert.That((ret.Receipt.ExitCode, ret.Receipt.GasUsed), Is.EqualTo((ExitCode.SysAssertionFailed, GasLimit)), ret.Failure);
    }

    [Test]
    public void A_call_without_gas_is_traced_as_an_error()
    {
        ulong limit = Skyr.OnChainMessage(100).Total.RoundUp() + 1;
        ApplyRet ret = Apply(Transfer(TestState.BlsKey) with { GasLimit = limit });
        Assert.That((ret.Receipt.ExitCode, ret.Receipt.GasUsed), Is.EqualTo((ExitCode.SysOutOfGas, limit)));
        Assert.That(ret.Trace[^1], Is.EqualTo(new CallErrorEvent(ErrorNumber.Forbidden, "out of gas")));
    }

    private static Message Transfer(Address to) => new()
    {
        From = TestState.SenderKey,
        To = to,
        Value = One,
        GasLimit = GasLimit,
        GasFeeCap = TestMachine.BaseFee,
        GasPremium = TokenAmount.Zero,
    };

    private static ApplyRet Apply(Message message, TestState? state = null)
    {
        using EnginePool pool = new("interpreter");
        Machine machine = TestMachine.Create(pool, state ?? new TestState(version: StateTreeVersion.V4), version: NetworkVersion.Nv17);
        return new Executor(machine).Execute(message, ApplyKind.Explicit, rawLength: 100);
    }

    private static IEnumerable<string> Names(ApplyRet ret) => ret.Trace.OfType<GasChargeEvent>().Select(static e => e.Charge.Name);
}
