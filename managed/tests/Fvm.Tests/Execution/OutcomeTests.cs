using NUnit.Framework;

namespace Fvm.Tests;

public sealed class OutcomeTests
{
    [Test]
    public void Or_fatal_makes_everything_but_success_fatal()
    {
        Assert.That(Outcome.Ok.OrFatal().IsOk);
        Outcome[] others = [Outcome.Error(ErrorNumber.NotFound, "gone"), Outcome.OutOfGas, Outcome.Fatal("broken")];
        Assert.That(others.Select(static outcome => outcome.OrFatal().Kind), Is.All.EqualTo(OutcomeKind.Fatal));
        Assert.That(others.Select(static outcome => outcome.OrFatal().Message), Is.EqualTo(new[] { "gone", "out of gas", "broken" }));
    }

    [Test]
    public void The_default_outcome_is_success() => Assert.That((default(Outcome).IsOk, Outcome.Charged(true).IsOk, Outcome.Charged(false).Kind),
        Is.EqualTo((true, true, OutcomeKind.OutOfGas)));
}
