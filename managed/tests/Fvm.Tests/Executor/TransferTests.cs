using NUnit.Framework;

namespace Fvm.Tests;

/// <summary>Messages that transfer funds: payments, created actors, and costs.</summary>
public sealed class TransferTests
{
    private static readonly TokenAmount One = TokenAmount.FromWhole(1);

    [Test]
    public void A_transfer_costs_its_inclusion_and_an_update_and_no_atto_is_lost()
    {
        using TestRun run = new();
        TokenAmount before = Total(run);
        TokenAmount sender = run.BalanceOf(TestState.Sender);
        PriceList p = run.Prices;
        ApplyRet ret = run.Apply(run.Message(TestState.BlsKey, value: One));
        Gas gas = p.OnChainMessage(TestRun.RawLength).Total + p.OnValueTransfer().Total + p.OnActorUpdate().Total;
        TokenAmount paid = ret.BaseFeeBurn + ret.OverEstimationBurn + ret.MinerTip;
        Assert.Multiple(() =>
        {
            Assert.That(ret.Receipt, Is.EqualTo(new Receipt { ExitCode = ExitCode.Ok, GasUsed = gas.RoundUp() }));
            Assert.That(TestRun.ChargeNamesOf(ret), Is.EqualTo(new[] { "OnChainMessage", "OnValueTransfer", "OnActorUpdate" }));
            Assert.That(ret.BaseFeeBurn, Is.EqualTo(TestMachine.BaseFee * gas.RoundUp()));
            Assert.That(ret.MinerTip, Is.EqualTo(TestRun.Premium * TestRun.DefaultGasLimit));
            Assert.That(ret.Refund, Is.EqualTo(TestRun.FeeCap * TestRun.DefaultGasLimit - paid));
            Assert.That(ret.Penalty, Is.EqualTo(TokenAmount.Zero));
            Assert.That(run[TestState.Sender]!.Sequence, Is.EqualTo(1));
            Assert.That(run.BalanceOf(TestState.Sender), Is.EqualTo(sender - One - paid));
            Assert.That(run.BalanceOf(TestState.BlsAccount), Is.EqualTo(TestState.Rich + One));
            Assert.That(run.BalanceOf(ActorId.BurntFunds), Is.EqualTo(ret.BaseFeeBurn + ret.OverEstimationBurn));
            Assert.That(run.BalanceOf(ActorId.Reward), Is.EqualTo(TestState.Rich + ret.MinerTip));
            Assert.That(Total(run), Is.EqualTo(before));
        });
    }

    [Test]
    public void A_fee_cap_below_the_base_fee_costs_the_miner_the_difference()
    {
        using TestRun run = new();
        ApplyRet ret = run.Apply(run.Message(TestState.BlsKey) with { GasFeeCap = TokenAmount.FromAtto(60L) });
        Assert.That(ret.Penalty, Is.EqualTo(TokenAmount.FromAtto(40L) * (ret.Receipt.GasUsed + ret.GasBurned)));
        Assert.That(ret.MinerTip, Is.EqualTo(TokenAmount.Zero));
        Assert.That(ret.BaseFeeBurn, Is.EqualTo(TokenAmount.FromAtto(60L) * ret.Receipt.GasUsed));
    }

    [Test]
    public void An_implicit_message_counts_gas_and_nobody_pays()
    {
        using TestRun run = new();
        Message message = run.Message(TestState.BlsKey, value: One) with { From = Address.NewId(ActorId.Reward), Sequence = 77 };
        ApplyRet ret = run.Apply(message, ApplyKind.Implicit);
        PriceList p = run.Prices;
        Assert.Multiple(() =>
        {
            Assert.That(ret.Receipt.GasUsed, Is.EqualTo((p.OnValueTransfer().Total + p.OnActorUpdate().Total).RoundUp()));
            Assert.That(TestRun.ChargeNamesOf(ret), Is.EqualTo(new[] { "none", "OnValueTransfer", "OnActorUpdate" }));
            Assert.That((ret.MinerTip, ret.Refund, ret.GasRefund), Is.EqualTo((TokenAmount.Zero, TokenAmount.Zero, 0UL)));
            Assert.That(run[ActorId.Reward], Is.EqualTo(ActorState.NewEmpty(TestState.CodeOf("reward"), null) with { Balance = TestState.Rich - One }));
            Assert.That(run.BalanceOf(TestState.BlsAccount), Is.EqualTo(TestState.Rich + One));
        });
    }

    [Test]
    public void A_message_without_value_only_pays()
    {
        using TestRun run = new();
        ApplyRet ret = run.Apply(run.Message(TestState.BlsKey));
        Assert.That(TestRun.ChargeNamesOf(ret), Is.EqualTo(new[] { "OnChainMessage" }));
        Assert.That(ret.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok));
    }

    [Test]
    public void A_transfer_to_oneself_moves_nothing()
    {
        using TestRun run = new();
        TokenAmount before = Total(run);
        ApplyRet ret = run.Apply(run.Message(TestState.SenderKey, value: One));
        Assert.That(TestRun.ChargeNamesOf(ret), Is.EqualTo(new[] { "OnChainMessage", "OnValueTransfer" }));
        Assert.That((ret.Receipt.ExitCode, Total(run)), Is.EqualTo((ExitCode.Ok, before)));
    }

    [Test]
    public void A_transfer_of_more_than_there_is_after_paying_for_gas_is_taken_back()
    {
        using TestRun run = new();
        TokenAmount most = TestState.Rich - TestRun.FeeCap * TestRun.DefaultGasLimit;
        ApplyRet ret = run.Apply(run.Message(TestState.BlsKey, value: most + TokenAmount.FromAtto(1L)));
        Assert.That(ret.Receipt.ExitCode, Is.EqualTo(ExitCode.SysInsufficientFunds));
        Assert.That(TestRun.ChargeNamesOf(ret), Is.EqualTo(new[] { "OnChainMessage", "OnValueTransfer" }));
        Assert.That(run[TestState.Sender]!.Sequence, Is.EqualTo(1));
        Assert.That(run.BalanceOf(TestState.BlsAccount), Is.EqualTo(TestState.Rich));
    }

    [Test]
    public void A_transfer_of_all_that_is_left_succeeds()
    {
        using TestRun run = new();
        TokenAmount most = TestState.Rich - TestRun.FeeCap * TestRun.DefaultGasLimit;
        Assert.That(run.Apply(run.Message(TestState.BlsKey, value: most)).Receipt.ExitCode, Is.EqualTo(ExitCode.Ok));
    }

    [Test]
    public void A_negative_value_fails_after_the_charge()
    {
        using TestRun run = new();
        ApplyRet ret = run.Apply(run.Message(TestState.BlsKey, value: TokenAmount.FromAtto(-1L)));
        Assert.That(ret.Receipt.ExitCode, Is.EqualTo(ExitCode.SysAssertionFailed));
        Assert.That(TestRun.ChargeNamesOf(ret), Is.EqualTo(new[] { "OnChainMessage", "OnValueTransfer" }));
        Assert.That(run.BalanceOf(TestState.BlsAccount), Is.EqualTo(TestState.Rich));
    }

    [Test]
    public void A_receiver_that_neither_exists_nor_can_be_created_is_invalid()
    {
        using TestRun run = new();
        foreach (Address to in (Address[])[Address.NewId(777), Address.NewActor("nobody"u8), Address.NewDelegated(new ActorId(32), "x"u8)])
        {
            ApplyRet ret = run.Apply(run.Message(to, value: One));
            Assert.That(ret.Receipt.ExitCode, Is.EqualTo(ExitCode.SysInvalidReceiver), $"{to}");
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_transfer_to_a_new_key_creates_an_account_and_calls_its_constructor(bool bls)
    {
        using TestRun run = new();
        PriceList p = run.Prices;
        Address to = bls ? TestState.Key3(9) : TestState.Key1(9);
        ApplyRet ret = run.Apply(run.Message(to, value: One));
        Assert.Multiple(() =>
        {
            Assert.That(ret.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok), ret.Failure);
            Assert.That(run[TestState.Next], Is.EqualTo(ActorState.NewEmpty(TestState.CodeOf("account"), null) with { Balance = One }));
            Assert.That(run.Machine.StateTree.LookupId(to), Is.EqualTo(TestState.Next));
            Assert.That(TestRun.ChargeNamesOf(ret), Is.EqualTo(new[]
            {
                "OnChainMessage", "OnCreateActor", "OnActorLookup", "OnActorUpdate",
                "OnMethodInvocation", "wasm_memory_init", "wasm_exec", "wasm_exec",
                "OnValueTransfer",
            }));
            Assert.That(ret.Trace.OfType<GasChargeEvent>().Select(static e => e.Charge), Has.Member(p.OnCreateActor(true)));
            Assert.That(ret.Trace.OfType<InvokeActorEvent>().Count(), Is.EqualTo(1), "the constructor is not traced as a call");
        });
    }

    [Test]
    public void A_constructor_s_failure_is_not_looked_at()
    {
        using TestRun run = new(new TestState(ActorText.Module(ActorText.Exit(33) + ActorText.ReturnNothing)));
        ApplyRet ret = run.Apply(run.Message(TestState.Key1(9), value: One));
        Assert.That((ret.Receipt.ExitCode, run.BalanceOf(TestState.Next)), Is.EqualTo((ExitCode.Ok, One)));
    }

    [Test]
    public void A_transfer_to_a_new_f410_address_creates_a_placeholder_without_a_constructor()
    {
        using TestRun run = new();
        Address to = TestState.Eth(9);
        ApplyRet ret = run.Apply(run.Message(to, value: One));
        Assert.That(ret.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok), ret.Failure);
        Assert.That(run[TestState.Next], Is.EqualTo(ActorState.NewEmpty(TestState.CodeOf("placeholder"), to) with { Balance = One }));
        Assert.That(TestRun.ChargeNamesOf(ret), Is.EqualTo(new[]
        {
            "OnChainMessage", "OnCreateActor", "OnActorLookup", "OnActorUpdate", "OnValueTransfer",
        }));
    }

    [Test]
    public void A_transfer_to_the_BLS_address_of_zero_creates_nothing()
    {
        using TestRun run = new();
        Address zero = Address.NewBls([0xc0, .. new byte[47]]);
        ApplyRet ret = run.Apply(run.Message(zero, value: One));
        Assert.That(ret.Receipt.ExitCode, Is.EqualTo(ExitCode.SysAssertionFailed));
        Assert.That((run[TestState.Next], TestRun.ChargeNamesOf(ret)), Is.EqualTo(((ActorState?)null, new[] { "OnChainMessage" })));
    }

    [Test]
    public void An_account_that_was_created_for_a_transfer_that_fails_is_taken_back()
    {
        using TestRun run = new();
        ApplyRet ret = run.Apply(run.Message(TestState.Key1(9), value: TestState.Rich));
        Assert.That(ret.Receipt.ExitCode, Is.EqualTo(ExitCode.SysInsufficientFunds));
        Assert.That((run[TestState.Next], run.Machine.StateTree.LookupId(TestState.Key1(9))), Is.EqualTo(((ActorState?)null, (ActorId?)null)));
    }

    [Test]
    public void A_reward_actor_that_is_missing_fails_the_call()
    {
        using TestRun run = new();
        run.State.Tree.DeleteActor(ActorId.Reward);
        Assert.That(() => run.Apply(run.Message(TestState.BlsKey)), Throws.InstanceOf<FatalException>());
    }

    [TestCase(ulong.MaxValue >> 1)]
    [TestCase(9_223_372_036_854_776UL)]
    public void Gas_limits_beyond_what_can_be_counted_in_milligas_are_cut(ulong limit)
    {
        using TestRun run = new();
        Message message = run.Message(TestState.BlsKey, gasLimit: limit) with { GasFeeCap = TokenAmount.Zero, GasPremium = TokenAmount.Zero };
        Assert.That(run.Apply(message).Receipt.ExitCode, Is.EqualTo(ExitCode.Ok));
    }

    private static TokenAmount Total(TestRun run)
    {
        TokenAmount sum = TokenAmount.Zero;
        _ = run.Root;
        run.Machine.StateTree.ForEach((_, actor) => sum += actor.Balance);
        return sum;
    }
}
