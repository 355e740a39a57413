using NUnit.Framework;

namespace Fvm.Vectors.Tests;

public sealed class NearestNameTests
{
    [TestCase("gaslimit", "gas_limit")]
    [TestCase("Gas-Limit", "gas_limit")]
    [TestCase("gas_limt", "gas_limit")]
    [TestCase("prams", "params")]
    [TestCase("tp", "to")]
    [TestCase("recipient", null)]
    [TestCase("", null)]
    public void The_nearest_name_is_one_that_few_letters_are_away(string name, string? nearest) =>
        Assert.That(NearestName.Of(name, ["from", "to", "params", "gas_limit"]), Is.EqualTo(nearest));
}
