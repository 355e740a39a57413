using NUnit.Framework;

namespace Fvm.Tracing.Tests;

public sealed class CallTreeTests
{
    [Test]
    public void Gas_of_a_call_holds_that_of_the_calls_within_it()
    {
        ExecutionEvent[] trace =
        [
            Charge(1), Call(100, 1000), Charge(10), Call(1000, 1001), Charge(100), Return(0), Call(1000, 1002), Charge(1000), Return(16), Return(0), Charge(10_000),
        ];

        string[] lines = [.. CallTreeText.Lines(new CallTree(trace, ActorNames.None))];

        Assert.That(lines, Is.EqualTo(new[]
        {
            "gas 11,111.000 in all, 10,001.000 of it outside of calls",
            "└─ f0100 → f01000, method 2: 0 (OK) (gas 1,110.000, own 10.000)",
            "   ├─ f01000 → f01001, method 2: 0 (OK) (gas 100.000)",
            "   └─ f01000 → f01002, method 2: 16 (USR_ILLEGAL_ARGUMENT) (gas 1,000.000)",
        }));
    }

    [Test]
    public void A_call_that_does_not_come_about_shows_its_error()
    {
        ExecutionEvent[] trace = [Call(100, 777), new CallErrorEvent(ErrorNumber.NotFound, "no such actor")];

        Assert.That(CallTreeText.Lines(new CallTree(trace, ActorNames.None)).Last(), Is.EqualTo("└─ f0100 → f0777, method 2: error NotFound (gas 0.000)"));
    }

    [Test]
    public void Calls_that_nest_deeply_are_counted_instead_of_drawn()
    {
        List<ExecutionEvent> trace = [];
        for (int depth = 0; depth < 1024; depth++)
        {
            trace.Add(Call(1000, 1000));
        }

        string[] lines = [.. CallTreeText.Lines(new CallTree(trace, ActorNames.None))];

        Assert.That(lines, Has.Length.LessThan(20));
        Assert.That(lines[^1], Does.EndWith("calls further down"));
    }

    private static GasChargeEvent Charge(ulong gas) => new(new GasCharge("test", Gas.Of(gas), Gas.Zero));

    private static CallEvent Call(ulong from, ulong to) =>
        new(new ActorId(from), Address.NewId(to), new MethodNumber(2), null, TokenAmount.Zero, 0, false);

    private static CallReturnEvent Return(uint exitCode) => new(new ExitCode(exitCode), null);
}
