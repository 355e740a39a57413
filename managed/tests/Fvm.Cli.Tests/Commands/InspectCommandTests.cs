using Fvm.Ipld;
using NUnit.Framework;

namespace Fvm.Cli.Tests;

public sealed class InspectCommandTests : CommandFixture
{
    [Test]
    public void A_state_shows_its_actors_by_id()
    {
        CommandResult result = CommandResult.Of("inspect", Files.Genesis());

        Assert.That(result.ExitCode, Is.EqualTo(0), result.Errors);
        Assert.That(result.Output, Does.Contain("a state tree of version 5"));
        Assert.That(result.Output, Does.Match(@"f00 +system .*\n(.*\n)*  f01 +init .*\n(.*\n)*  f0100 +account +1000\.0 FIL, nonce 0"));
    }

    [Test]
    public void A_module_shows_imports_exports_and_costs()
    {
        CommandResult result = CommandResult.Of("inspect", Counter());

        Assert.That(result.ExitCode, Is.EqualTo(0), result.Errors);
        Assert.That(result.OutputLines, Does.Contain("  function self.set_root (i32) -> (i32)"));
        Assert.That(result.Output, Does.Contain("function invoke = ").And.Contain("gas for running each block once"));
    }

    [TestCase("truncated", "cut off")]
    [TestCase("flipped", "digest")]
    [TestCase("empty", "x.car: ")]
    public void A_file_that_is_broken_is_named_with_what_is_wrong(string how, string reason)
    {
        byte[] car = File.ReadAllBytes(Files.Genesis());
        byte[] broken = how switch
        {
            "truncated" => car[..^10],
            "flipped" => [.. car[..^10], (byte)(car[^10] ^ 1), .. car[^9..]],
            _ => [],
        };

        CommandResult result = CommandResult.Of("inspect", Files.Write("x.car", broken));

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.ErrorLines, Has.Length.EqualTo(1));
        Assert.That(result.Errors, Does.Contain("x.car").And.Contain(reason));
    }

    [Test]
    public void A_module_that_is_broken_is_named()
    {
        CommandResult result = CommandResult.Of("inspect", Files.Write("x.wasm", [0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0, 99]));

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Does.StartWith("fvm: ").And.Contain("x.wasm: not a valid module: "));
    }

    [Test]
    public void An_actor_that_is_not_there_is_named()
    {
        CommandResult result = CommandResult.Of("inspect", "--actor", "f0555", Files.Genesis());

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Does.Contain("f0555"));
    }

    [TestCase("invoke")]
    [TestCase(null)]
    public void A_function_is_shown_beside_its_machine_code(string? export)
    {
        RequireCompiler();
        string counter = Counter();
        string function = export ?? System.Text.RegularExpressions.Regex.Match(CommandResult.Of("inspect", counter).Output, @"function invoke = (\d+)").Groups[1].Value;

        CommandResult result = CommandResult.Of("inspect", "--asm", $"{counter}#{function}");

        Assert.That(result.ExitCode, Is.EqualTo(0), result.Errors);
        Assert.That(result.Output, Does.Match(@"^function \d+ ""invoke"" \(i32\) -> \(i32\)\n[\d,]+ bytes of WebAssembly, [\d,]+ bytes of machine code\n\(entry\) +00000  "));
        Assert.That(result.Output, Does.Match(@"\n[0-9a-f]{6} i32\.const 0 *\n").Or.Match(@"\n[0-9a-f]{6} +local\.get \d+"));
        Assert.That(result.Output, Does.Contain("trap OutOfGas").And.Match(@"call +qword ptr \[function \d+\]").And.Match(@" +[0-9a-f]{5}  ret"));
        Assert.That(result.Output, Does.Not.Contain("(bad)"));
    }

    [TestCase("nothing", "no function \"nothing\": it exports invoke")]
    [TestCase("4000000000", "no function \"4000000000\"")]
    [TestCase("99", "no function 99: the module defines ")]
    [TestCase("0", "function 0 is imported (")]
    [TestCase("-1", "no function \"-1\"")]
    public void A_function_that_has_no_code_is_named_with_the_reason(string function, string reason)
    {
        RequireCompiler();

        CommandResult result = CommandResult.Of("inspect", "--asm", $"{Counter()}#{function}");

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.ErrorLines, Has.Length.EqualTo(1));
        Assert.That(result.Errors, Does.StartWith("fvm: ").And.Contain("counter.wasm: ").And.Contain(reason));
    }

    [TestCase("x.wasm", "write FILE.wasm#FUNCTION")]
    [TestCase("x.wasm#", "write FILE.wasm#FUNCTION")]
    [TestCase("not-there.wasm#0", "no such file")]
    [TestCase("x.wasm#0", "not a valid module")]
    public void Assembly_of_what_is_no_function_of_a_module_is_refused(string file, string reason)
    {
        RequireCompiler();
        Files.Write("x.wasm", [1, 2, 3, 4, 5, 6, 7, 8, 9]);

        CommandResult result = CommandResult.Of("inspect", "--asm", Files.PathOf(file));

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.ErrorLines, Has.Length.EqualTo(1));
        Assert.That(result.Errors, Does.StartWith("fvm: ").And.Contain(reason));
    }

    private string Counter()
    {
        CarBlockstore car = CarBlockstore.LoadFile(Files.Genesis());
        byte[] counter = car.Blocks.Values.Single(
            block => block.AsSpan().StartsWith("\0asm"u8) && block.AsSpan().IndexOf("set_root"u8) > 0 && block.AsSpan().IndexOf("no such method"u8) > 0);
        return Files.Write("counter.wasm", counter);
    }
}
