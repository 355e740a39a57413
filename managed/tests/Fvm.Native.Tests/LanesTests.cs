using System.Text;

namespace Fvm.Native.Tests;

public sealed class LanesTests
{
    [TestCase("1", 1)]
    [TestCase("256", 256)]
    [TestCase("+4", 4)]
    public void A_number_from_1_to_256_is_taken_silently(string value, int lanes)
    {
        List<string> lines = [];

        Assert.That(Lanes.Parse(value, 8, Log(lines)), Is.EqualTo(lanes));
        Assert.That(lines, Is.Empty);
    }

    [TestCase("0")]
    [TestCase("257")]
    [TestCase("-1")]
    [TestCase("")]
    [TestCase("many")]
    [TestCase("99999999999999999999")]
    [TestCase("1.5")]
    [TestCase(" 4")]
    public void Anything_else_is_an_error_in_the_log_and_the_default_is_used(string value)
    {
        List<string> lines = [];

        Assert.That(Lanes.Parse(value, 8, Log(lines)), Is.EqualTo(8));
        Assert.That(lines, Has.Count.EqualTo(1));
        Assert.That(lines[0], Does.Contain(Lanes.Variable).And.Contain(" ERROR "));
    }

    [Test]
    public void Where_it_is_not_set_the_default_is_used() => Assert.That(Lanes.Parse(null, 8, Log([])), Is.EqualTo(8));

    private static Log Log(List<string> lines) =>
        new(LogFilter.Parse("trace"), asJson: false, line => lines.Add(Encoding.UTF8.GetString(line)));
}
