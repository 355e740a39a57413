using System.Diagnostics;
using Fvm.Ipld;
using Fvm.Ipld.Blockstore;
using Fvm.Ipld.Cbor;
using Fvm.Vectors;
using Fvm.Wasm.Compiler;
using NUnit.Framework;

namespace Fvm.Cli.Tests.Commands;

[NonParallelizable]
public sealed class CacheCommandTests
{
    private static readonly string[] Actors = ["system", "init", "account", "placeholder", "eam", "ethaccount"];

    private TemporaryFiles _files = new();

    [SetUp]
    public void NewCache()
    {
        _files = new TemporaryFiles();
        Environment.SetEnvironmentVariable("FVM_CACHE", _files.PathOf("cache"));
    }

    [TearDown]
    public void NoCache()
    {
        Environment.SetEnvironmentVariable("FVM_CACHE", "off");
        _files.Dispose();
    }

    [Test]
    public void Warm_compiles_each_actor_once_ls_lists_them_and_clear_says_how_many_went()
    {
        OnlyWithCompiler();
        string bundle = Bundle("builtin-actors-v18-test.car");
        CommandResult warm = CommandResult.Of("cache", "warm", bundle);
        Assert.That(warm.ExitCode, Is.Zero, warm.Errors);
        Assert.That(warm.Output, Does.Match(@"builtin-actors-v18-test\.car *│ nv28 nv29 *│ *6 *│ *6 *│ *6 │").And.Contain("6 entries"));

        CommandResult again = CommandResult.Of("cache", "warm", _files.PathOf("."));
        Assert.That(again.Output, Does.Match(@"│ nv28 nv29 *│ *6 *│ *6 *│ *0 │"), "nothing is left to compile");

        CommandResult list = CommandResult.Of("cache", "ls");
        Assert.That(list.OutputLines.Count(static line => line.Contains(':')), Is.EqualTo(6));
        Assert.That(list.OutputLines[^1], Does.StartWith("6 entries, ").And.Contains("of 1,024.0 MiB"));

        Assert.That(CommandResult.Of("cache", "clear").Output, Does.StartWith("6 entries removed from "));
        Assert.That(CommandResult.Of("cache", "ls").Output, Does.StartWith("0 entries, "));
    }

    [Test]
    public void Network_versions_with_the_same_costs_share_their_code()
    {
        OnlyWithCompiler();
        CommandResult warm = CommandResult.Of("cache", "warm", "--nv", "27", "28", "--jobs", "1", Bundle("a.car"));
        Assert.That(warm.Output, Does.Contain("nv27 nv28").And.Contain("6 entries"));
    }

    [Test]
    public void Two_processes_at_once_share_the_cache()
    {
        OnlyWithCompiler();
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
            Assert.That(output, Does.Contain("6 entries"));
            process.Dispose();
        }

        Assert.That(CommandResult.Of("cache", "warm", bundle).Output, Does.Match(@"│ nv28 nv29 *│ *6 *│ *6 *│ *0 │"), "what they wrote is good");
        Assert.That(Directory.GetFiles(_files.PathOf("cache"), "*.tmp"), Is.Empty);
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
        Environment.SetEnvironmentVariable("FVM_CACHE", "off");
        Assert.That(CommandResult.Of("cache", "ls").ExitCode, Is.EqualTo(2));
        Environment.SetEnvironmentVariable("FVM_CACHE", _files.Write("file", []));
        CommandResult result = CommandResult.Of("cache", "ls");
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Does.Contain("not used"));
    }

    [Test]
    public void A_folder_with_files_of_others_is_named_once_and_stays_as_it_is()
    {
        Directory.CreateDirectory(_files.PathOf("cache"));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_files.PathOf("cache"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        string mine = _files.Write(Path.Combine("cache", "mine.tmp"), [1]);

        CommandResult run = CommandResult.Of("run", TemporaryFiles.Example("counter-nv21.json"));
        CommandResult clear = CommandResult.Of("cache", "clear");

        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.ErrorLines, Has.Exactly(1).Contains("files of others"));
        Assert.That(clear.ExitCode, Is.EqualTo(2));
        Assert.That(clear.ErrorLines, Has.Length.EqualTo(1).And.Exactly(1).Contains("files of others"));
        Assert.That(Directory.GetFileSystemEntries(_files.PathOf("cache")), Is.EqualTo(new[] { mine }));
    }

    [Test]
    public void Bench_times_the_compilation_of_a_bundle_without_the_cache()
    {
        OnlyWithCompiler();
        CommandResult result = CommandResult.Of("bench", "--compile", "--repeat", "2", Bundle("a.car"));
        Assert.That(result.OutputLines[0], Is.EqualTo("bundle,actors,functions,wasm_bytes,code_bytes,compile_us_min,compile_us_median"));
        Assert.That(result.OutputLines[1], Does.Match(@"^a\.car,6,6,\d+,\d+,\d+,\d+$"));
        Assert.That(Directory.Exists(_files.PathOf("cache")), Is.False);
    }

    [Test]
    public void What_is_no_bundle_is_refused()
    {
        OnlyWithCompiler();
        CommandResult result = CommandResult.Of("cache", "warm", _files.Genesis());
        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Does.Contain("no bundle of actors"));
    }

    private static void OnlyWithCompiler()
    {
        if (!CompilerEngine.IsSupported)
        {
            Assert.Ignore("machine code cannot be made here");
        }
    }

    private static string ProgramPath() => Path.Combine(AppContext.BaseDirectory, "Fvm.Cli.dll");

    /// <summary>A bundle of modules that are large enough to be kept, one function each.</summary>
    private string Bundle(string name)
    {
        MemoryBlockstore store = new();
        CborWriter list = new();
        list.WriteArrayHeader(Actors.Length);
        for (int i = 0; i < Actors.Length; i++)
        {
            list.WriteArrayHeader(2);
            list.WriteText(Actors[i]);
            list.WriteCid(Put(store, Multicodec.Raw, Module((byte)i)));
        }

        CborWriter root = new();
        root.WriteArrayHeader(2);
        root.WriteUInt(1);
        root.WriteCid(Put(store, Multicodec.DagCbor, list.ToArray()));
        using FileStream file = File.Create(_files.PathOf(name));
        CarFiles.Write(file, Put(store, Multicodec.DagCbor, root.ToArray()), store);
        return _files.PathOf(name);
    }

    private static Cid Put(MemoryBlockstore store, ulong codec, byte[] block)
    {
        Cid cid = Cid.Blake2b256(codec, block);
        store.Put(cid, block);
        return cid;
    }

    // (module (func (result i32) i32.const NUMBER)) and a custom section of 20,000 bytes.
    private static byte[] Module(byte number) =>
    [
        0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
        1, 5, 1, 0x60, 0, 1, 0x7f,
        3, 2, 1, 0,
        10, 6, 1, 4, 0, 0x41, number, 0x0b,
        0, 0xa0, 0x9c, 1, .. new byte[20_000],
    ];
}
