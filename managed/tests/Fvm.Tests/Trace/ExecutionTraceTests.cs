using NUnit.Framework;

namespace Fvm.Tests;

public sealed class ExecutionTraceTests
{
    private static readonly GasChargeEvent Charge = new(new GasCharge("OnSomething", Gas.Of(1), Gas.Zero));

    [Test]
    public void A_trace_within_its_bound_is_whole()
    {
        ExecutionTrace trace = new(10_000);
        foreach (ExecutionEvent item in (ExecutionEvent[])[Call(), Charge, Return()])
        {
            trace.Add(item);
        }

        Assert.That(trace, Has.Count.EqualTo(3));
        Assert.That(trace.IsTruncated, Is.False);
    }

    // Two calls are traced as begun, each with endless nested calls: both get an end, so that the tree can be written.
    [TestCase(0)]
    [TestCase(4_000)]
    public void A_trace_past_its_bound_says_so_and_ends_the_calls_that_it_shows(int parameters)
    {
        ExecutionTrace trace = new(10_000);
        trace.Add(Call());
        trace.Add(Call());
        for (int i = 0; i < 100_000; i++)
        {
            trace.Add(Call(parameters));
            trace.Add(Charge);
            trace.Add(Return());
        }

        trace.Add(Return(1_000_000));
        trace.Add(Charge);
        trace.Add(Return());

        int begun = trace.Count(static e => e is CallEvent);
        Assert.Multiple(() =>
        {
            Assert.That(trace.IsTruncated, Is.True);
            Assert.That(trace, Has.Count.LessThan(110));
            Assert.That(trace.Count(static e => e is CallReturnEvent), Is.EqualTo(begun));
            Assert.That(trace.Count(static e => e is GasChargeEvent { Charge.Name: ExecutionTrace.TruncationMark }), Is.EqualTo(1));
            Assert.That(TraceCborWriter.Encode(trace), Has.Length.LessThan(20_000));
        });
    }

    private static CallEvent Call(int parameters = 0) => new(
        new ActorId(100), Address.NewId(101), new MethodNumber(2), new IpldBlock(0x55, new byte[parameters]), TokenAmount.Zero, 1, false);

    private static CallReturnEvent Return(int length = 0) => new(ExitCode.Ok, new IpldBlock(0x55, new byte[length]));
}
