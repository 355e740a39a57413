using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Tests;

/// <summary>Messages that fail before execution: exit code and miner penalty, without a change of state.</summary>
public sealed class PreflightTests
{
    private static readonly Address To = Address.NewId(TestState.BlsAccount);

    [TestCase(0UL)]
    [TestCase(1UL << 63)]
    [TestCase(ulong.MaxValue)]
    public void A_message_with_an_impossible_gas_limit_is_no_message(ulong limit)
    {
        using TestRun run = new();
        Cid before = run.Root;
        Assert.That(() => run.Apply(run.Message(To, gasLimit: limit)), Throws.InstanceOf<FatalException>());
        Assert.That(() => run.Apply(run.Message(To, gasLimit: limit), ApplyKind.Implicit), Throws.InstanceOf<FatalException>());
        Assert.That(run.Root, Is.EqualTo(before));
    }

    [Test]
    public void A_message_that_cannot_pay_for_its_inclusion_runs_out_of_gas_at_the_miner_s_cost()
    {
        using TestRun run = new();
        ulong inclusion = run.Prices.OnChainMessage(TestRun.RawLength).Total.RoundUp();
        Fails(run, run.Message(To, gasLimit: inclusion - 1), ExitCode.SysOutOfGas, TestMachine.BaseFee * inclusion);

        // Enough for the inclusion only: the message is executed, and runs out of gas immediately.
        ApplyRet ret = run.Apply(run.Message(To, value: TokenAmount.FromAtto(1L), gasLimit: inclusion));
        Assert.That((ret.Receipt.ExitCode, ret.Receipt.GasUsed), Is.EqualTo((ExitCode.SysOutOfGas, inclusion)));
        Assert.That(run[TestState.Sender]!.Sequence, Is.EqualTo(1));
    }

    [Test]
    public void A_length_beyond_all_messages_is_charged_up_to_the_maximum_of_gas()
    {
        using TestRun run = new();
        Message message = run.Message(To);
        Executor executor = new(run.Machine);

        // 2^64-1 milligas, rounded up to gas, which the reference bills for 2^64-1 bytes, too.
        ApplyRet longest = executor.Execute(message, ApplyKind.Explicit, long.MaxValue);
        ApplyRet longer = executor.Execute(message, ApplyKind.Explicit, (1L << 31) + 1);
        ApplyRet shorter = executor.Execute(message, ApplyKind.Explicit, 1L << 31);

        Assert.That(longest.Penalty, Is.EqualTo(TestMachine.BaseFee * 18_446_744_073_709_552));
        Assert.That(longer.Penalty, Is.GreaterThan(shorter.Penalty));
    }

    [Test]
    public void A_sender_that_does_not_exist_is_invalid()
    {
        using TestRun run = new();
        Fails(run, run.Message(To) with { From = TestState.Key1(77) }, ExitCode.SysSenderInvalid);
        Fails(run, run.Message(To) with { From = Address.NewId(777) }, ExitCode.SysSenderInvalid);
        Fails(run, run.Message(To) with { From = TestState.Eth(77) }, ExitCode.SysSenderInvalid);
    }

    [TestCase(0UL)]
    [TestCase(1UL)]
    [TestCase(104UL)]
    public void A_sender_that_is_no_account_is_invalid(ulong sender)
    {
        using TestRun run = new();
        Fails(run, run.Message(To) with { From = Address.NewId(sender) }, ExitCode.SysSenderInvalid);
    }

    [TestCase(0UL, true)]
    [TestCase(1UL, false)]
    public void A_placeholder_of_the_EAM_s_becomes_an_Ethereum_account_with_its_first_message(ulong sequence, bool succeeds)
    {
        using TestRun run = new();
        run.State.Set(TestState.Placeholder, "placeholder", TestState.Rich, delegated: TestState.PlaceholderAddress, sequence: sequence);
        Message message = run.Message(To) with { From = TestState.PlaceholderAddress, Sequence = sequence };
        if (!succeeds)
        {
            Fails(run, message, ExitCode.SysSenderInvalid);
            return;
        }

        Assert.That(run.Apply(message).Receipt.ExitCode, Is.EqualTo(ExitCode.Ok));
        ActorState after = run[TestState.Placeholder]!;
        Assert.That((after.Code, after.Sequence), Is.EqualTo((TestState.CodeOf("ethaccount"), 1UL)));

        // The account remains usable as such.
        Assert.That(run.Apply(message with { Sequence = 1 }).Receipt.ExitCode, Is.EqualTo(ExitCode.Ok));
    }

    // Whether an actor is a placeholder is checked independently of other builtin actors with the same code.
    [TestCase("account", "placeholder", 0UL, "ethaccount")]
    [TestCase("account", "placeholder", 1UL, "account")]
    [TestCase("ethaccount", "placeholder", 0UL, "ethaccount")]
    [TestCase("placeholder", "eam", 0UL, "ethaccount")]
    public void A_sender_whose_code_is_a_placeholder_s_too_becomes_an_Ethereum_account(
        string name, string sameCode, ulong sequence, string after)
    {
        using TestRun run = new();
        Cid manifest = run.State.PutManifest(other => TestState.CodeOf(other == sameCode ? name : other));
        Cid system = run.State.Put(Multicodec.DagCbor, new SystemActorState(manifest).Encode());
        run.State.Set(ActorId.System, "system", TokenAmount.Zero, system);
        run.State.Set(TestState.Placeholder, name, TestState.Rich, delegated: TestState.PlaceholderAddress, sequence: sequence);

        Message message = run.Message(To) with { From = TestState.PlaceholderAddress, Sequence = sequence };
        Assert.That(run.Apply(message).Receipt.ExitCode, Is.EqualTo(ExitCode.Ok));
        Assert.That(run[TestState.Placeholder]!.Code, Is.EqualTo(TestState.CodeOf(after)));
    }

    [Test]
    public void A_placeholder_of_another_namespace_or_without_an_address_is_invalid()
    {
        using TestRun run = new();
        run.State.Set(new ActorId(600), "placeholder", TestState.Rich, delegated: Address.NewDelegated(new ActorId(32), "x"u8));
        run.State.Set(new ActorId(601), "placeholder", TestState.Rich);
        Fails(run, run.Message(To) with { From = Address.NewId(600) }, ExitCode.SysSenderInvalid);
        Fails(run, run.Message(To) with { From = Address.NewId(601) }, ExitCode.SysSenderInvalid);
    }

    [Test]
    public void An_Ethereum_account_may_send()
    {
        using TestRun run = new();
        Assert.That(run.Apply(run.Message(To) with { From = TestState.EthAccountAddress }).Receipt.ExitCode, Is.EqualTo(ExitCode.Ok));
    }

    [TestCase(0UL, 1UL)]
    [TestCase(5UL, 4UL)]
    [TestCase(5UL, 6UL)]
    [TestCase(5UL, ulong.MaxValue)]
    public void A_sequence_number_that_is_not_the_sender_s_is_an_invalid_state(ulong sequence, ulong given)
    {
        using TestRun run = new();
        run.State.Set(TestState.Sender, "account", TestState.Rich, sequence: sequence);
        Fails(run, run.Message(To) with { Sequence = given }, ExitCode.SysSenderStateInvalid);
    }

    [Test]
    public void A_sender_must_be_able_to_pay_for_all_gas_but_not_for_the_value()
    {
        using TestRun run = new();
        TokenAmount cost = TestRun.FeeCap * TestRun.DefaultGasLimit;
        run.State.Set(TestState.Sender, "account", cost - TokenAmount.FromAtto(1L));
        run.State.Set(TestState.BlsAccount, "account", cost);
        Fails(run, run.Message(To), ExitCode.SysSenderStateInvalid);

        Message exact = run.Message(To, value: TokenAmount.FromAtto(1L)) with { From = TestState.BlsKey };
        Assert.That(run.Apply(exact).Receipt.ExitCode, Is.EqualTo(ExitCode.SysInsufficientFunds));
    }

    [Test]
    public void A_negative_fee_cap_is_no_message()
    {
        using TestRun run = new();
        Cid before = run.Root;
        Assert.That(
            () => run.Apply(run.Message(To) with { GasFeeCap = TokenAmount.FromAtto(-1L) }),
            Throws.InstanceOf<FatalException>());
        Assert.That(run.Root, Is.EqualTo(before));
    }

    [Test]
    public void An_implicit_message_needs_a_sender_with_an_address_alone()
    {
        using TestRun run = new();
        ApplyRet unknown = run.Apply(run.Message(To) with { From = TestState.Key1(77) }, ApplyKind.Implicit);
        Assert.That((unknown.Receipt.ExitCode, unknown.Penalty), Is.EqualTo((ExitCode.SysSenderInvalid, TokenAmount.Zero)));

        ApplyRet none = run.Apply(run.Message(To) with { From = Address.NewId(777), Sequence = 99 }, ApplyKind.Implicit);
        Assert.That(none.Receipt.ExitCode, Is.EqualTo(ExitCode.Ok));
    }

    [Test]
    public void A_machine_is_not_made_on_a_store_that_fails()
    {
        using TestRun run = new();
        Cid root = run.State.Flush();
        FailingBlockstore store = new(run.State.Store) { Failing = cid => cid != root };
        Assert.That(
            () => TestMachine.Create(run.Pool, run.State, store: store),
            Throws.InstanceOf<FatalException>());
    }

    private static void Fails(TestRun run, Message message, ExitCode expected, TokenAmount? penalty = null)
    {
        Cid before = run.Root;
        ApplyRet ret = run.Apply(message);
        Assert.Multiple(() =>
        {
            Assert.That(ret.Receipt, Is.EqualTo(new Receipt { ExitCode = expected }));
            Assert.That(ret.Penalty, Is.EqualTo(penalty ?? TestMachine.BaseFee * message.GasLimit));
            Assert.That(
                (ret.MinerTip, ret.BaseFeeBurn, ret.OverEstimationBurn, ret.Refund, ret.GasRefund, ret.GasBurned),
                Is.EqualTo((TokenAmount.Zero, TokenAmount.Zero, TokenAmount.Zero, TokenAmount.Zero, 0UL, 0UL)));
            Assert.That(ret.Failure, Does.StartWith("pre-validation failed: "));
            Assert.That(ret.Trace, Is.Empty);
            Assert.That(run.Root, Is.EqualTo(before), "the state is untouched");
        });
    }
}
