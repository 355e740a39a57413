using NUnit.Framework;

namespace Fvm.Cli.Tests;

/// <summary><c>fvm chain follow</c>, and the node of <c>fvm chain replay</c>: what cannot be used is refused in one line.</summary>
public sealed class ChainFollowCommandTests : CommandFixture
{
    [TestCase("name the node by --rpc URL", "follow")]
    [TestCase("--rpc: it is not a URL", "follow", "--rpc", "node.example:1234")]
    [TestCase("--confidence must be between", "follow", "--rpc", "http://127.0.0.1:1", "--confidence", "-1")]
    [TestCase("--poll must be at least 1", "follow", "--rpc", "http://127.0.0.1:1", "--poll", "0")]
    [TestCase("name the chain by --snapshot FILE, --rpc URL or --store DIR", "replay")]
    [TestCase("--token-file needs --rpc", "replay", "--token-file", "x")]
    [TestCase("is the node running?", "replay", "--rpc", "http://127.0.0.1:1", "--cache-dir", "off", "--network", "mainnet")]
    public void A_wrong_option_or_a_node_that_is_not_there_is_refused(string says, string command, params string[] options)
    {
        CommandResult result = CommandResult.Of(["chain", command, .. options]);

        Assert.That(result.ExitCode, Is.EqualTo(2), result.Output);
        Assert.That(result.ErrorLines.Single(), Does.StartWith("fvm: ").And.Contain(says));
    }

    [Test]
    public void A_folder_that_is_a_file_is_refused()
    {
        string file = Files.PathOf("cache");
        File.WriteAllText(file, "x");
        CommandResult result = CommandResult.Of("chain", "replay", "--rpc", "http://127.0.0.1:1", "--cache-dir", file, "--network", "mainnet");

        Assert.That(result.ExitCode, Is.EqualTo(2), result.Output);
        Assert.That(result.ErrorLines.Single(), Does.StartWith("fvm: ").And.Contain(file));
    }
}
