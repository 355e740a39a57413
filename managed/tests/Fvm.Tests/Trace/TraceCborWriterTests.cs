using NUnit.Framework;

namespace Fvm.Tests;

public sealed class TraceCborWriterTests
{
    private static readonly CallEvent Begin =
        new(new(1), Address.NewId(2), new(3), new IpldBlock(0x51, new byte[] { 0xaa }), TokenAmount.FromAtto(4L), 5, true);

    private const string BeginHex = "88" + "420001" + "420002" + "420004" + "03" + "41aa" + "1851" + "05" + "f5";

    private static GasChargeEvent Charge(string name) => new(new GasCharge(name, Gas.OfMilli(1500), Gas.OfMilli(1)));

    [Test]
    public void A_call_is_message_result_invoked_charges_calls_logs_and_blocks()
    {
        ExecutionTrace trace =
        [
            Charge("before"),
            Begin,
            Charge("in"),
            new LogEvent("log"),
            new CallReturnEvent(ExitCode.Ok, new IpldBlock(0x55, new byte[] { 1 })),
            Charge("after"),
        ];

        // Each gas value is rounded up separately: 1.501 to 2, 1.5 to 2, 0.001 to 1.
        string expected = "87" + BeginHex + "83" + "00" + "4101" + "1855" + "f6"
            + "82" + "85" + "66" + "6265666f7265" + "02020100" + "85" + "62" + "696e" + "02020100" + "80" + "8163" + "6c6f67" + "80";
        Assert.That(Convert.ToHexStringLower(TraceCborWriter.Encode(trace)!), Is.EqualTo(expected));
    }

    [TestCase(ErrorNumber.InsufficientFunds, "06")]
    [TestCase(ErrorNumber.NotFound, "05")]
    [TestCase(ErrorNumber.Forbidden, "0a")]
    public void Calls_within_calls_and_errors_as_exit_codes(ErrorNumber error, string exitCode)
    {
        ExecutionTrace trace = [Begin, Begin, new CallErrorEvent(error, "text"), new CallReturnEvent(ExitCode.Ok, null)];

        string inner = "87" + BeginHex + "83" + exitCode + "40" + "00" + "f6" + "80" + "80" + "80" + "80";
        string expected = "87" + BeginHex + "83" + "00" + "40" + "00" + "f6" + "80" + "81" + inner + "80" + "80";
        Assert.That(Convert.ToHexStringLower(TraceCborWriter.Encode(trace)!), Is.EqualTo(expected));
    }

    [Test]
    public void The_invoked_actor_and_blocks_are_written()
    {
        ActorState state = ActorState.NewEmpty(EmptyState.Cid, null);
        ExecutionTrace trace =
        [
            Begin,
            new InvokeActorEvent(new ActorId(2), state),
            new IpldEvent(IpldOperation.Put, EmptyState.Cid, 1),
            new CallReturnEvent(ExitCode.Ok, null),
        ];

        string hex = Convert.ToHexStringLower(TraceCborWriter.Encode(trace)!);
        string link = "d82a582700" + Convert.ToHexStringLower(EmptyState.Cid.ToBytes());
        Assert.That(hex, Does.Contain("8202" + Convert.ToHexStringLower(state.Encode(StateTreeVersion.V5))));
        Assert.That(hex, Does.EndWith("80" + "80" + "80" + "81" + "83" + "01" + link + "01"));
    }

    [Test]
    public void Without_a_call_or_its_end_there_is_nothing()
    {
        Assert.That(TraceCborWriter.Encode([]), Is.Null);
        Assert.That(TraceCborWriter.Encode([Charge("alone")]), Is.Null);
        Assert.That(TraceCborWriter.Encode([Begin, Charge("open")]), Is.Null);
    }
}
