using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using NUnit.Framework;
using static Fvm.Tests.ActorText;

namespace Fvm.Tests;

/// <summary>
/// Random messages: each yields a receipt, or an exception that describes the fault of the message or the state, and the machine remains
/// usable. FVM_MUTATIONS is their number.
/// </summary>
public sealed class MachineFuzzTests
{
    private static readonly int Count =
        int.TryParse(Environment.GetEnvironmentVariable("FVM_MUTATIONS"), NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : 3_000;

    private static readonly ulong[] Numbers =
        [0, 1, 2, 99, 100, 104, 105, 1_000, 1_001, 1_002, 777_777, 10_000_000, 1_000_000_000, long.MaxValue, 1UL << 63, ulong.MaxValue];

    private static readonly Gen<ulong> Number = Gen.OneOf(
        Gen.Elements(Numbers), Gen.Choose(0, int.MaxValue).Select(static n => (ulong)n), Gen.Choose(0, 300).Select(static n => (ulong)n));

    private static readonly Gen<Address> AnyAddress = Gen.OneOf(
        Number.Select(static id => Address.NewId(id)),
        Gen.Choose(0, 5).Select(static seed => TestState.Key1((byte)seed)),
        Gen.Choose(0, 5).Select(static seed => TestState.Key3((byte)seed)),
        Gen.Choose(0, 5).Select(static seed => TestState.Eth((byte)seed)),
        Gen.Elements(
            TestState.ActorAddress, TestState.SenderKey, TestState.BlsKey, Address.NewDelegated(new ActorId(32), []), Address.NewBls([0xc0, .. new byte[47]])));

    private static readonly Gen<TokenAmount> Amount = Gen.OneOf(
        Number.Select(static n => TokenAmount.FromAtto(n)),
        Gen.Choose(0, 200).Select(static n => TokenAmount.FromAtto((long)n)),
        Gen.Choose(-200, 0).Select(static n => TokenAmount.FromAtto((long)n)),
        Gen.Elements(TestState.Rich, TokenAmount.FromAtto(System.Numerics.BigInteger.Pow(2, 130))));

    private static readonly Gen<byte[]> Parameters =
        Gen.Choose(0, 40).SelectMany(static length => Gen.Choose(0, 255).Select(static b => (byte)b).ArrayOf(length));

    // Mostly nearly valid, to reach deep code.
    private static readonly Gen<Message> Messages =
        from @from in Gen.Frequency((6, Gen.Constant(TestState.SenderKey)), (1, AnyAddress))
        from to in AnyAddress
        from sequence in Gen.Frequency((9, Gen.Constant<ulong?>(null)), (1, Number.Select(static n => (ulong?)n)))
        from value in Amount
        from method in Gen.Frequency((2, Gen.Constant(0UL)), (2, Gen.Constant(2UL)), (1, Number))
        from parameters in Parameters
        from limit in Gen.Frequency((3, Gen.Constant(TestRun.DefaultGasLimit)), (1, Number))
        from cap in Gen.Frequency((3, Gen.Constant(TestRun.FeeCap)), (1, Amount))
        from premium in Amount
        select new Message
        {
            From = @from,
            To = to,
            Sequence = sequence ?? ulong.MaxValue,
            Value = value,
            Method = new MethodNumber(method),
            Params = parameters,
            GasLimit = limit,
            GasFeeCap = cap,
            GasPremium = premium,
        };

    [Test]
    public void A_random_message_gives_a_receipt_or_a_clear_exception()
    {
        using EnginePool pool = new(Fvm.Wasm.WasmEngines.Default);
        TestRun run = new(Populated(), pool);
        int receipts = 0;
        int successes = 0;
        Prop.ForAll(Messages.ToArbitrary(), message =>
        {
            ApplyRet? ret = Apply(run, message);
            receipts += ret is null ? 0 : 1;
            successes += ret is not null && ret.Receipt.ExitCode.IsSuccess ? 1 : 0;
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Count));
        Assert.That(() => run.Machine.Flush(), Throws.Nothing);
        Assert.That((receipts, successes), Is.GreaterThan((Count / 2, Count / 20)));
    }

    [Test]
    public void A_mutated_message_is_none_or_gives_a_receipt_or_a_clear_exception()
    {
        using EnginePool pool = new(Fvm.Wasm.WasmEngines.Default);
        TestRun run = new(Populated(), pool);
        int decoded = 0;
        Gen<(Message Message, (int At, byte Value)[] Changes, int Cut)> mutations =
            from message in Messages
            from changes in Gen.Zip(Gen.Choose(0, 200), Gen.Choose(0, 255).Select(static b => (byte)b)).ArrayOf(3)
            from cut in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Choose(0, 20)))
            select (message, changes, cut);
        Prop.ForAll(mutations.ToArbitrary(), mutation =>
        {
            byte[] bytes = mutation.Message.Encode();
            foreach ((int at, byte value) in mutation.Changes)
            {
                bytes[at % bytes.Length] = value;
            }

            Message message;
            try
            {
                message = Message.Decode(bytes.AsSpan(0, Math.Max(0, bytes.Length - mutation.Cut)));
            }
            catch (MessageException)
            {
                return true;
            }

            decoded++;
            Apply(run, message);
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Count));
        Assert.That(() => run.Machine.Flush(), Throws.Nothing);
        Assert.That(decoded, Is.GreaterThan(Count / 50));
    }

    private static ApplyRet? Apply(TestRun run, Message message)
    {
        // The correct sequence number, where any other would do as well.
        ulong sequence = message.Sequence == ulong.MaxValue ? run[TestState.Sender]!.Sequence : message.Sequence;
        TokenAmount before = run.BalanceOf(TestState.Sender);
        try
        {
            ApplyRet ret = run.Apply(message with { Sequence = sequence });
            Assert.That(ret.Receipt.GasUsed, Is.LessThanOrEqualTo(message.GasLimit));
            Assert.That(run.Machine.StateTree.InTransaction, Is.False);
            return ret;
        }
        catch (FatalException)
        {
            Assert.That(run.Machine.StateTree.InTransaction, Is.False);
            return null;
        }
        finally
        {
            // Restores the funds of the sender.
            run.Machine.StateTree.SetActor(TestState.Sender, run[TestState.Sender]! with { Balance = before });
        }
    }

    // Actors of several kinds, with ids from 1,000 on.
    private static TestState Populated()
    {
        TestState state = new();
        byte[] account = TestState.Key1(4).ToBytes();
        state.AddActor(Module(EmitEvent + Send(account.Length, value: 1) + ReturnOut(), account), TestState.Rich);
        state.AddActor(Module("unreachable"), TestState.Rich);
        state.AddActor(Module(Exit(16, block: 3) + ReturnNothing), TestState.Rich);
        state.AddActor([1, 2, 3], TestState.Rich);
        state.AddActor(Module("local.get 0"), TestState.Rich);
        return state;
    }
}
