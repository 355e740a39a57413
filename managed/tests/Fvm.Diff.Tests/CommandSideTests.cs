using System.IO.Compression;
using System.Runtime.Versioning;
using Fvm.Vectors;
using NUnit.Framework;

namespace Fvm.Diff.Tests;

/// <summary>Commands that misbehave: each ends as one failure of its side.</summary>
[Platform("Linux")]
[UnsupportedOSPlatform("windows")]
public sealed class CommandSideTests
{
    private string _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("fvm-diff-tests-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("exit 3", "it ended with exit code 3")]
    [TestCase("echo 'cannot run it' >&2; exit 1", "it ended with exit code 1: cannot run it")]
    [TestCase("kill -SEGV $$", "it was ended by signal 11")]
    [TestCase("sleep 100", "it was killed after 1 s without a result")]
    [TestCase("sleep 100 & setsid sleep 100", "it was killed after 1 s without a result")]
    [TestCase("R='{\"apply_rets\":[],\"receipts\":[],\"state_root\":\"b\"}'; echo $R; echo $R", "it printed more than one result for one vector")]
    public void A_command_that_misbehaves_is_a_failure(string script, string failure)
    {
        using CommandSide side = SideOf(script);
        SideRun run = side.Run([SharedVectors.Counter]).Single();
        Assert.That(run.Failure, Does.Contain(failure));
    }

    [TestCase("true", "it printed no result")]
    [TestCase("echo 'text for people'", "it printed no result")]
    [TestCase("echo 'cannot read it' >&2; exit 2", "it ended with exit code 2: cannot read it")]
    [TestCase("echo '{\"apply_rets\":[{}],\"receipts\":[{}]}'", "its output is unusable: receipts[0].exit_code is missing")]
    [TestCase("echo '{\"apply_rets\":[],\"receipts\":[{}]}'", "receipts has 1 elements for 0 of apply_rets")]
    [TestCase("echo '{broken'", "its output is unusable: not JSON")]
    [TestCase("printf '{'; head -c 3000000 /dev/zero | tr '\\0' '['; echo", "its output is unusable: a line has more than")]
    [TestCase("while :; do echo 'a line for people'; done", "its output is unusable: it has more than 4000000 bytes")]
    public void A_command_that_gives_no_result_from_the_start_is_no_side(string script, string reason)
    {
        using CommandSide side = SideOf(script);
        Assert.That(
            () => side.Run([SharedVectors.Counter, SharedVectors.Named("events")]),
            Throws.TypeOf<InputException>().With.Message.StartsWith("cmd: ").And.Message.Contains(reason));
    }

    [Test]
    public void A_program_that_the_system_cannot_start_is_no_side_and_the_reason_is_told()
    {
        using CommandSide side = SideOf(string.Empty, interpreter: "/nowhere/interpreter");
        Assert.That(
            () => side.Run([SharedVectors.Counter]),
            Throws.TypeOf<InputException>().With.Message.EqualTo("cmd: it cannot be started: No such file or directory"));
    }

    [Test]
    public void A_file_that_is_not_executable_is_refused_at_once()
    {
        string path = Path.Combine(_folder, "text");
        File.WriteAllText(path, "#!/bin/sh\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead);
        Assert.That(
            () => new CommandSide("cmd:text", path, [], new CommandOptions()),
            Throws.TypeOf<InputException>().With.Message.EqualTo($"cmd:text: {path} is not executable (chmod +x)"));
    }

    [TestCase("echo 'fvm: x.so: cannot be loaded: no such symbol' >&2; exit 2", "x.so: cannot be loaded: no such symbol")]
    [TestCase("kill -SEGV $$", "cmd: its process cannot be used: it was ended by signal 11")]
    [TestCase("sleep 100", "cmd: its process cannot be used: it was killed after 1 s without a result")]
    public void A_required_program_that_does_not_exit_with_0_is_no_side(string script, string message)
    {
        using CommandSide side = SideOf(script);
        Assert.That(() => side.Require(), Throws.TypeOf<InputException>().With.Message.EqualTo(message));
        using CommandSide good = SideOf("exit 0", name: "good");
        Assert.That(() => good.Require(), Throws.Nothing);
    }

    [Test]
    public void A_command_that_has_given_a_result_stays_a_side()
    {
        // Knows the vector counter, and prints nothing for others.
        using CommandSide side = SideOf("""
            zcat "$4" | grep -q '"id":"counter"' && echo '{"apply_rets":[],"receipts":[],"state_root":"b"}'
            exit 0
            """);
        Assert.That(side.Run([SharedVectors.Counter])[0].Failure, Is.Null);
        Assert.That(side.Run([SharedVectors.Named("events")])[0].Failure, Is.EqualTo("it printed no result"));
    }

    [Test]
    public void A_vector_that_breaks_the_command_fails_alone()
    {
        // Prints a result for each vector with this name, and dies of any other one.
        using CommandSide side = SideOf("""
            zcat "$4" | while read -r line; do
              case $line in *'"id":"counter"'*) echo '{"apply_rets":[],"receipts":[],"state_root":"b"}' ;; *) kill -KILL $$ ;; esac
            done
            """);
        IReadOnlyList<SideRun> runs = side.Run([SharedVectors.Counter, SharedVectors.Named("events"), SharedVectors.Counter]);
        Assert.That(runs.Select(static run => run.Failure is null), Is.EqualTo((bool[])[true, false, true]));
    }

    [Test]
    public void A_batch_with_one_vector_that_breaks_the_command_takes_a_few_runs()
    {
        string log = Path.Combine(_folder, "log");
        using CommandSide side = SideOf($$"""
            echo run >>{{log}}
            zcat "$4" >{{log}}.set
            while read -r line; do
              case $line in *'"id":"counter"'*) echo '{"apply_rets":[],"receipts":[],"state_root":"b"}' ;; *) kill -KILL $$ ;; esac
            done <{{log}}.set
            """);
        IEnumerable<VectorCase> good = Enumerable.Repeat(SharedVectors.Counter, 40);
        VectorCase[] cases = [.. good, SharedVectors.Named("events"), .. good];
        IReadOnlyList<SideRun> runs = side.Run(cases);
        Assert.That(runs.Index().Where(static run => run.Item.Failure is not null).Select(static run => run.Index), Is.EqualTo((int[])[40]));
        Assert.That(File.ReadAllLines(log), Has.Length.EqualTo(4), "all, those before it, it alone, those after it");
    }

    [Test]
    public void A_batch_with_one_vector_that_the_command_leaves_out_is_halved()
    {
        string log = Path.Combine(_folder, "log");
        using CommandSide side = SideOf($$"""
            echo run >>{{log}}
            zcat "$4" | while read -r line; do
              case $line in *'"id":"counter"'*) echo '{"apply_rets":[],"receipts":[],"state_root":"b"}' ;; esac
            done
            """);
        VectorCase[] cases = [.. Enumerable.Repeat(SharedVectors.Counter, 63), SharedVectors.Named("events")];
        IReadOnlyList<SideRun> runs = side.Run(cases);
        Assert.That(runs.Index().Where(static run => run.Item.Failure is not null).Select(static run => run.Index), Is.EqualTo((int[])[63]));
        Assert.That(File.ReadAllLines(log), Has.Length.LessThanOrEqualTo(1 + (2 * 6) + 1));
    }

    [Test]
    public void A_command_gets_its_bundles_unpacked_and_broken_ones_as_they_are()
    {
        string bundles = Directory.CreateDirectory(Path.Combine(_folder, "bundles")).FullName;
        using (GZipStream packed = new(File.Create(Path.Combine(bundles, "a.car.gz")), CompressionLevel.Fastest))
        {
            packed.Write("unpacked"u8);
        }

        File.WriteAllText(Path.Combine(bundles, "broken.car.gz"), "broken");
        using CommandSide side = SideOf(
            """
            A=$(cat "$FVM_BUNDLES/a.car.gz")
            B=$(cat "$FVM_BUNDLES/broken.car.gz")
            echo "{\"apply_rets\":[],\"receipts\":[],\"state_root\":\"$A $B $FVM_BUNDLES\"}"
            """,
            bundles: bundles);
        string[] said = side.Run([Using("a.car.gz")])[0].StateRoot!.Split(' ');
        Assert.That(said[..2], Is.EqualTo((string[])["unpacked", string.Empty]));
        Assert.That(side.Run([Using("broken.car.gz")])[0].StateRoot, Does.StartWith("unpacked broken"));
        side.Dispose();
        Assert.That(Directory.Exists(said[2]), Is.False);

        static VectorCase Using(string bundle) => SharedVectors.Counter with { Vector = SharedVectors.Counter.Vector with { Bundle = bundle } };
    }

    [Test]
    public void A_missing_command_is_refused_at_once() => Assert.That(
        () => new CommandSide("cmd:/nowhere", "/nowhere", [], new CommandOptions()),
        Throws.TypeOf<InputException>().With.Message.EqualTo("cmd:/nowhere: there is no program /nowhere"));

    private CommandSide SideOf(string script, string interpreter = "/bin/sh", string name = "command", string? bundles = null)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, $"#!{interpreter}\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        CommandOptions options = new()
        {
            TimePerVector = TimeSpan.FromSeconds(1),
            MaxLineBytes = 1 << 20,
            MaxOutputBytes = 4_000_000,
            BundleDirectory = bundles,
        };
        return new CommandSide("cmd", path, CommandSide.PrintArguments, options);
    }
}
