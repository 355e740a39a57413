using System.Diagnostics;
using NUnit.Framework;

namespace Fvm.Cli.Tests;

[NonParallelizable]
public sealed class CacheCommandTests : CommandFixture
{
    [SetUp]
    public void NewCache() => UseCache(Files.PathOf("cache"));

    [Test]
    public void Warm_compiles_each_actor_once_ls_lists_them_and_clear_says_how_many_went()
    {
        RequireCompiler();
        string bundle = Bundle("builtin-actors-v18-test.car");

        // Of each actor there are the machine code and the module without its instructions.
        CommandResult warm = CommandResult.Of("cache", "warm", bundle);
        Assert.That(warm.ExitCode, Is.Zero, warm.Errors);
        Assert.That(warm.Output, Does.Match(@"builtin-actors-v18-test\.car *│ nv28( nv\d+)* *│ *6 *│ *6 *│ *6 │").And.Contain("12 entries"));

        CommandResult again = CommandResult.Of("cache", "warm", Files.PathOf("."));
        Assert.That(again.Output, Does.Match(@"│ nv28( nv\d+)* *│ *6 *│ *6 *│ *0 │"), "nothing is left to compile");

        CommandResult list = CommandResult.Of("cache", "ls");
        Assert.That(list.OutputLines.Count(static line => line.Contains(':')), Is.EqualTo(12));
        Assert.That(list.OutputLines[^1], Does.StartWith("12 entries, ").And.Contains("of 1,024.0 MiB"));

        Assert.That(CommandResult.Of("cache", "clear").Output, Does.StartWith("12 entries removed from "));
        Assert.That(CommandResult.Of("cache", "ls").Output, Does.StartWith("0 entries, "));
    }

    [Test]
    public void Network_versions_with_the_same_costs_share_their_code()
    {
        RequireCompiler();
        CommandResult warm = CommandResult.Of("cache", "warm", "--nv", "27", "28", "--jobs", "1", Bundle("a.car"));
        Assert.That(warm.Output, Does.Contain("nv27 nv28").And.Contain("12 entries"));
    }

    [Test]
    public void Two_processes_at_once_share_the_cache()
    {
        RequireCompiler();
        string bundle = Bundle("builtin-actors-v18-test.car");
        Process[] processes = [.. Enumerable.Range(0, 2).Select(_ => Process.Start(new ProcessStartInfo("dotnet", [ProgramPath(), "cache", "warm", bundle])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!)];
        foreach (Process process in processes)
        {
            string output = process.StandardOutput.ReadToEnd();
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Zero, errors);
            Assert.That(output, Does.Contain("12 entries"));
            process.Dispose();
        }

        Assert.That(CommandResult.Of("cache", "warm", bundle).Output, Does.Match(@"│ nv28( nv\d+)* *│ *6 *│ *6 *│ *0 │"), "what they wrote is good");
        Assert.That(Directory.GetFiles(Files.PathOf("cache"), "*.tmp"), Is.Empty);
    }

    [Test]
    public void A_replay_gives_the_same_with_and_without_the_cache()
    {
        string vector = TemporaryFiles.Example("counter-nv21.json");
        string[] outputs =
        [
            .. ((string[][])[["--no-cache"], [], []]).Select(flags => CommandResult.Of(["run", "--print", "--trace", vector, .. flags]).Output),
        ];
        Assert.That(outputs, Is.All.EqualTo(outputs[0]));
    }

    [Test]
    public void A_cache_that_is_switched_off_or_not_safe_is_told()
    {
        UseCache("off");
        Assert.That(CommandResult.Of("cache", "ls").ExitCode, Is.EqualTo(2));
        UseCache(Files.Write("file", []));
        CommandResult result = CommandResult.Of("cache", "ls");
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Does.Contain("not used"));
    }

    [Test]
    public void A_folder_withFiles_of_others_is_named_once_and_stays_as_it_is()
    {
        Directory.CreateDirectory(Files.PathOf("cache"));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Files.PathOf("cache"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        string mine = Files.Write(Path.Combine("cache", "mine.tmp"), [1]);

        CommandResult run = CommandResult.Of("run", TemporaryFiles.Example("counter-nv21.json"));
        CommandResult clear = CommandResult.Of("cache", "clear");

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.ErrorLines, Has.Exactly(1).Contains("files of others"));
        Assert.That(clear.ExitCode, Is.EqualTo(2));
        Assert.That(clear.ErrorLines, Has.Length.EqualTo(1).And.Exactly(1).Contains("files of others"));
        Assert.That(Directory.GetFileSystemEntries(Files.PathOf("cache")), Is.EqualTo(new[] { mine }));
    }

    [Test]
    public void Bench_times_the_compilation_of_a_bundle_without_the_cache()
    {
        RequireCompiler();
        CommandResult result = CommandResult.Of("bench", "--compile", "--repeat", "2", Bundle("a.car"));
        Assert.That(result.OutputLines[0], Is.EqualTo("bundle,actors,functions,wasm_bytes,code_bytes,compile_us_min,compile_us_median"));
        Assert.That(result.OutputLines[1], Does.Match(@"^a\.car,6,6,\d+,\d+,\d+,\d+$"));
        Assert.That(Directory.Exists(Files.PathOf("cache")), Is.False);
    }

    [Test]
    public void What_is_no_bundle_is_refused()
    {
        RequireCompiler();
        CommandResult result = CommandResult.Of("cache", "warm", Files.Genesis());
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Does.Contain("not a bundle of actors"));
    }

    private static string ProgramPath() => Path.Combine(AppContext.BaseDirectory, "Fvm.Cli.dll");

    private string Bundle(string name) => Files.Write(name, TestBundle.Bytes());
}
