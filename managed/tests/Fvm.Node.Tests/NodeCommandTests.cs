namespace Fvm.Node.Tests;

/// <summary>Tests the arguments of the command.</summary>
internal sealed class NodeCommandTests
{
    [Test]
    public async Task An_unknown_option_is_refused_in_one_line()
    {
        using StringWriter output = new();
        using StringWriter errors = new();
        int status = await NodeCommand.RunAsync(["--no-such-option"], output, errors);
        Assert.That((status, output.ToString(), errors.ToString().Count(static character => character == '\n')), Is.EqualTo((2, string.Empty, 1)));
        Assert.That(errors.ToString(), Does.StartWith("fvm-node: ").And.Contain("--no-such-option"));
    }
}
