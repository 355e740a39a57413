using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Cli.Tests;

/// <summary><c>fvm chain replay</c>: what cannot be used is refused in one line.</summary>
public sealed class ChainReplayCommandTests : CommandFixture
{
    [TestCase("no genesis block of a known network")]
    [TestCase("unknown network 'moon'; known networks: mainnet, calibnet", "--network", "moon")]
    [TestCase("'x' is not EPOCH:VERSION", "--upgrades", "x")]
    [TestCase("is not a CID", "--network", "mainnet", "--head", "x")]
    [TestCase("is not a block header", "--network", "mainnet")]
    [TestCase("two amounts", "--network", "mainnet", "--reserve", "1")]
    [TestCase("at least 1", "--workers", "0")]
    [TestCase("'x' is not of the form lib:PATH", "--proofs", "x")]
    [TestCase("'lib:' is not of the form lib:PATH", "--proofs", "lib:")]
    [TestCase("/nowhere.so: no such file", "--proofs", "lib:/nowhere.so")]
    [TestCase("/: it is a folder", "--proofs", "lib:/")]
    [TestCase("/dev/null: it is not a regular file", "--proofs", "lib:/dev/null")]
    public void A_wrong_option_or_file_is_refused(string says, params string[] options)
    {
        string file = Files.PathOf("snapshot.car");
        byte[] block = [0x80];
        Cid cid = Cid.Blake2b256(Multicodec.DagCbor, block);
        using (CarWriter writer = new(File.Create(file), [cid]))
        {
            writer.Write(cid, block);
        }

        CommandResult result = CommandResult.Of(["chain", "replay", "--snapshot", file, .. options]);

        Assert.That(result.ExitCode, Is.EqualTo(2), result.Output);
        Assert.That(result.ErrorLines.Single(), Does.StartWith("fvm: ").And.Contain(says));
    }

    [Test]
    public void A_file_that_is_no_library_is_refused()
    {
        string file = Files.PathOf("library.so");
        File.WriteAllText(file, "no library");

        CommandResult result = CommandResult.Of("chain", "replay", "--snapshot", file, "--proofs", $"lib:{file}");

        Assert.That(result.ExitCode, Is.EqualTo(2), result.Output);
        Assert.That(result.ErrorLines.Single(), Does.StartWith($"fvm: {file}: cannot be loaded: "));
    }

    [Test]
    public void A_snapshot_is_required() =>
        Assert.That(CommandResult.Of("chain", "replay").ErrorLines[0], Does.StartWith("fvm: ").And.Contain("--snapshot"));
}
