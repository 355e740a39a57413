using System.Runtime.InteropServices;
using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Cli.Tests;

/// <summary><c>fvm chain import</c> and <c>--store</c>.</summary>
public sealed class ChainImportCommandTests : CommandFixture
{
    [SetUp]
    public void RequireLibrary()
    {
        if (!NativeLibrary.TryLoad("liblmdb.so.0", out _))
        {
            Assert.Ignore("the system has no LMDB (liblmdb0)");
        }
    }

    [Test]
    public void The_roots_of_an_imported_file_are_the_head_of_the_store()
    {
        string store = Files.PathOf("store");

        CommandResult imported = CommandResult.Of("chain", "import", "--snapshot", Snapshot(), "--store", store);
        CommandResult replayed = CommandResult.Of("chain", "replay", "--store", store, "--network", "mainnet");

        Assert.That(imported.ExitCode, Is.Zero, imported.Output);
        Assert.That(imported.Output, Does.Contain("store: 1 blocks"));
        Assert.That(replayed.ExitCode, Is.EqualTo(2), replayed.Output);
        Assert.That(replayed.ErrorLines.Single(), Does.StartWith($"fvm: {store}: ").And.Contain("is not a block header"));
    }

    [Test]
    public void A_store_to_which_nothing_was_imported_needs_a_head()
    {
        CommandResult result = CommandResult.Of("chain", "replay", "--store", Files.PathOf("store"), "--network", "mainnet");

        Assert.That(result.ExitCode, Is.EqualTo(2), result.Output);
        Assert.That(result.ErrorLines.Single(), Does.Contain("nothing was imported").And.Contain("--head"));
    }

    [Test]
    public void A_file_that_is_cut_off_is_refused_and_is_no_head()
    {
        string file = Snapshot();
        byte[] bytes = File.ReadAllBytes(file);
        File.WriteAllBytes(file, bytes[..^1]);
        string store = Files.PathOf("store");

        CommandResult imported = CommandResult.Of("chain", "import", "--snapshot", file, "--store", store);
        CommandResult replayed = CommandResult.Of("chain", "replay", "--store", store, "--network", "mainnet");

        Assert.That(imported.ExitCode, Is.EqualTo(2), imported.Output);
        Assert.That(imported.ErrorLines.Single(), Does.StartWith($"fvm: {file}: ").And.Contain("cut off"));
        Assert.That(replayed.ErrorLines.Single(), Does.Contain("nothing was imported"));
    }

    [Test]
    public void A_file_is_no_store()
    {
        string file = Snapshot();

        CommandResult result = CommandResult.Of("chain", "import", "--snapshot", file, "--store", file);

        Assert.That(result.ExitCode, Is.EqualTo(2), result.Output);
        Assert.That(result.ErrorLines.Single(), Does.StartWith($"fvm: {file}: "));
    }

    private string Snapshot()
    {
        string file = Files.PathOf("snapshot.car");
        byte[] block = [0x80];
        Cid cid = Cid.Blake2b256(Multicodec.DagCbor, block);
        using CarWriter writer = new(File.Create(file), [cid], pack: false);
        writer.Write(cid, block);
        return file;
    }
}
