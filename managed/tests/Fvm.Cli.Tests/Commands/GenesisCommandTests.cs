using System.Text;
using NUnit.Framework;

namespace Fvm.Cli.Tests;

public sealed class GenesisCommandTests : CommandFixture
{
    [Test]
    public void A_state_with_a_block_of_5_MiB_is_read_again()
    {
        byte[] large = new byte[5 << 20];
        new byte[] { 0, (byte)'a', (byte)'s', (byte)'m' }.CopyTo(large, 0);
        Files.Write("large.wasm", large);
        foreach (string name in new[] { "system", "init", "account" })
        {
            Files.Write($"{name}.wasm", Encoding.UTF8.GetBytes(name));
        }

        string spec = Files.Write("spec.json", """
            {"network_name": "n", "builtin": [{"name": "system", "code": "system.wasm"}, {"name": "init", "code": "init.wasm"}, {"name": "account", "code": "account.wasm"}],
             "accounts": [], "actors": [{"id": 1000, "code": "large.wasm"}]}
            """u8.ToArray());
        string state = Files.PathOf("state.car");

        CommandResult made = CommandResult.Of("genesis", spec, "--out", state);
        CommandResult read = CommandResult.Of("inspect", state);

        Assert.That((made.ExitCode, read.ExitCode), Is.EqualTo((0, 0)), made.Errors + read.Errors);
        Assert.That(read.Output, Does.Contain("f01000"));
    }

    [Test]
    public void A_specification_that_is_refused_names_file_line_and_field()
    {
        string spec = Files.Write("spec.json", "{\"network_name\": \"n\",\n \"builtin\": [],\n \"acounts\": [], \"actors\": []}"u8.ToArray());

        CommandResult result = CommandResult.Of("genesis", spec, "--out", Files.PathOf("x.car"));

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.ErrorLines, Is.EqualTo(new[] { $"fvm: {spec}: line 3: acounts is unknown; did you mean accounts?" }));
        Assert.That(File.Exists(Files.PathOf("x.car")), Is.False);
    }

    [Test]
    public void A_bundle_becomes_a_state_on_which_messages_run()
    {
        string bundle = Repository.Shared("bundles", "builtin-actors-v18-mainnet.car.gz");
        string state = Files.PathOf("state.car");

        CommandResult made = CommandResult.Of("genesis", "--bundle", bundle, "--fund", "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266=10", "--out", state);
        CommandResult sent = CommandResult.Of(
            "exec", "--car", state, "--from", "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266", "--to", "f099", "--value", "1");

        Assert.That((made.ExitCode, sent.ExitCode), Is.EqualTo((0, 0)), made.Errors + sent.Errors + sent.Output);
    }

    [TestCase("expected either SPEC.json or --bundle", "--out", "x.car")]
    [TestCase("--fund goes with --bundle", "x.json", "--fund", "f1amhpxw5uiazpybikmauuriwnmm3xbdrntixzrii=1", "--out", "x.car")]
    [TestCase("--code goes with SPEC.json", "--bundle", "x.car", "--code", ".", "--out", "y.car")]
    [TestCase("is not ADDRESS=FIL", "--bundle", "x.car", "--fund", "f1amhpxw5uiazpybikmauuriwnmm3xbdrntixzrii", "--out", "y.car")]
    [TestCase("is negative", "--bundle", "x.car", "--fund", "f1amhpxw5uiazpybikmauuriwnmm3xbdrntixzrii=-1", "--out", "y.car")]
    [TestCase("network version 99 is unknown", "--bundle", "x.car", "--nv", "99", "--out", "y.car")]
    public void Arguments_that_do_not_go_together_are_refused(string reason, params string[] arguments)
    {
        CommandResult result = CommandResult.Of(["genesis", .. arguments]);

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Does.Contain(reason));
    }
}
