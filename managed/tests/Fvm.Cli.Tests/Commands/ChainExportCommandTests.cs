using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Cli.Tests;

/// <summary><c>fvm chain export</c>: what cannot be used is refused in one line, and no file is written.</summary>
public sealed class ChainExportCommandTests : CommandFixture
{
    [TestCase("'--from' is required", "--to", "9")]
    [TestCase("'--to' is required", "--from", "1")]
    [TestCase("is not a block header", "--from", "1", "--to", "9", "--network", "mainnet")]
    [TestCase("no genesis block of a known network", "--from", "1", "--to", "9")]
    public void A_wrong_option_or_file_is_refused(string says, params string[] options)
    {
        string file = Files.PathOf("snapshot.car");
        byte[] block = [0x80];
        Cid cid = Cid.Blake2b256(Multicodec.DagCbor, block);
        using (CarWriter writer = new(File.Create(file), [cid]))
        {
            writer.Write(cid, block);
        }

        string exported = Files.PathOf("exported.car");
        CommandResult result = CommandResult.Of(["chain", "export", "--snapshot", file, "-o", exported, .. options]);

        Assert.That(result.ExitCode, Is.EqualTo(2), result.Output);
        Assert.That(result.ErrorLines[0], Does.StartWith("fvm: ").And.Contain(says));
        Assert.That(File.Exists(exported), Is.False);
    }
}
