using NUnit.Framework;

namespace Fvm.Cli.Tests;

public sealed class CommandLineTests
{
    [Test]
    public void An_example_passes_and_the_last_line_counts()
    {
        CommandResult result = CommandResult.Of("run", Example("counter-nv21.json"));

        Assert.That(result.ExitCode, Is.EqualTo(0), result.Errors);
        Assert.That(result.OutputLines[^1], Is.EqualTo("1 passed, 0 failed, 0 skipped"));
    }

    [Test]
    public void A_difference_names_vector_message_field_and_both_values_and_exits_with_1()
    {
        using TemporaryFiles files = new();
        string vector = files.Change(Example("counter-nv21.json"), "\"gas_used\": ", "\"gas_used\": 1");

        CommandResult result = CommandResult.Of("run", vector);

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.OutputLines[0], Does.Match(@"counter-nv21\.json: message 0: gas_used is \d+, expected 1\d+$"));
        Assert.That(result.OutputLines[^1], Is.EqualTo("0 passed, 1 failed, 0 skipped"));
    }

    [Test]
    public void A_file_that_cannot_be_read_exits_with_2_and_the_others_run()
    {
        CommandResult result = CommandResult.Of("run", "nothing.json", Example("counter-nv21.json"));

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.ErrorLines, Is.EqualTo(new[] { "nothing.json: no such file" }));
        Assert.That(result.OutputLines[^1], Is.EqualTo("1 passed, 1 failed, 0 skipped"));
    }

    [Test]
    public void Printed_outcomes_are_one_json_line_a_vector()
    {
        CommandResult result = CommandResult.Of("run", "--print", "--trace", Example("counter-nv21.json"));

        Assert.That(result.OutputLines, Has.Length.EqualTo(1));
        Assert.That(result.OutputLines[0], Does.StartWith("{\"apply_rets\":[{\"base_fee_burn\":").And.Contain("[\"gas\",\"OnChainMessage\","));
        Assert.That(result.ErrorLines[^1], Is.EqualTo("1 passed, 0 failed, 0 skipped"));
    }

    [Test]
    public void Comparisons_can_be_had_as_json_lines()
    {
        CommandResult result = CommandResult.Of("run", "--json", Example("counter-nv21.json"));

        Assert.That(result.OutputLines[0], Does.StartWith("{\"differences\":[],").And.Contain("\"status\":\"passed\""));
    }

    [Test]
    public void Bench_prints_a_line_a_vector_and_the_total()
    {
        CommandResult result = CommandResult.Of("bench", "--repeat", "2", Example("counter-nv21.json"));

        Assert.That(result.ExitCode, Is.EqualTo(0));
        string header = "vector,messages,gas,exec_us_min,exec_us_median,total_us_min,total_us_median,cpu_us,allocated_bytes";
        Assert.That(result.OutputLines[0], Is.EqualTo(header));
        Assert.That(result.OutputLines[1], Does.Match(@"^counter-nv21\.json,2,\d+,\d+,\d+,\d+,\d+,\d+,[1-9]\d+$"));
        Assert.That(result.OutputLines[2], Does.Match(@"^TOTAL,2,\d+,,\d+,,\d+,\d+,[1-9]\d+$"));
    }

    [TestCase("run")]
    [TestCase("run", "--jobs", "0", "x.json")]
    [TestCase("run", "--jobs", "many", "x.json")]
    [TestCase("run", "--engine", "steam", "x.json")]
    [TestCase("fly")]
    [TestCase()]
    [TestCase("exec", "--car", "x.car")]
    [TestCase("inspect", "nothing.car")]
    [TestCase("genesis", "nothing.json", "--out", "x.car")]
    public void Wrong_use_exits_with_2_and_says_so_on_the_error_stream(params string[] arguments)
    {
        CommandResult result = CommandResult.Of(arguments);

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Output, Is.Empty);
        Assert.That(result.ErrorLines[0], Does.StartWith("fvm: "));
        Assert.That(result.Errors, Does.Not.Contain("   at "));
    }

    [TestCase("run")]
    [TestCase("bench")]
    public void Without_its_library_the_engine_wasmtime_is_refused_in_one_line(string command)
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("FVM_WASMTIME")))
        {
            Assert.Ignore("FVM_WASMTIME names the library");
        }

        CommandResult result = CommandResult.Of(command, "--engine", "wasmtime", Example("counter-nv21.json"));

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.ErrorLines.Single(), Does.Match("^fvm: the engine wasmtime needs .*wasmtime.* of Wasmtime 50.0.1: .* FVM_WASMTIME$"));
    }

    [TestCase("--jobs", "run", "--jobs", "many", "x.json")]
    [TestCase("--jobs", "run", "--jobs", "", "x.json")]
    [TestCase("--jobs", "run", "--jobs", "-1", "x.json")]
    [TestCase("at most", "run", "--jobs", "99999", "x.json")]
    [TestCase("--jobs", "run", "--jobs", "99999999999", "x.json")]
    [TestCase("--nonce", "exec", "--nonce", "-1")]
    [TestCase("--epoch", "exec", "--epoch", "never")]
    [TestCase("--nv", "exec", "--nv", "4294967296")]
    [TestCase("'x'", "networks", "x", "y")]
    [TestCase("--nv", "cache", "warm", "--nv", "x")]
    [TestCase("path is empty", "inspect", "")]
    [TestCase("path is empty", "run", "")]
    [TestCase("NUL", "inspect", "a\0b")]
    [TestCase("device", "inspect", "/dev/zero")]
    [TestCase("folder", "inspect", "/")]
    [TestCase("path is empty", "genesis", "", "--out", "x")]
    [TestCase("device", "genesis", "/dev/zero", "--out", "x")]
    [TestCase("path is empty", "record", "x", "--car", "", "--out", "x")]
    [TestCase("folder", "exec", "--car", "/", "--from", "f00", "--to", "f00")]
    [TestCase("no such file", "run", "@nowhere")]
    public void A_wrong_argument_is_named_without_types_of_the_platform(string says, params string[] arguments)
    {
        CommandResult result = CommandResult.Of(arguments);

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Errors, Does.Contain(says).And.Not.Contain("System.").And.Not.Contain("   at "));
    }

    [Test]
    public void Output_that_cannot_be_written_is_one_line_and_exit_code_2()
    {
        using StreamWriter output = new(new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0)) { AutoFlush = true };
        using StringWriter errors = new();

        Assert.That(CommandLine.Run(["networks"], output, errors), Is.EqualTo(2));
        Assert.That(errors.ToString().TrimEnd(), Is.EqualTo("fvm: no space left on the device"));
    }

    [Test]
    public void Errors_that_cannot_be_written_change_nothing()
    {
        using StringWriter output = new();
        using StreamWriter errors = new(new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0)) { AutoFlush = true };

        Assert.That(CommandLine.Run(["inspect", ""], output, errors), Is.EqualTo(2));
    }

    [Test]
    public void Tables_have_no_escape_codes()
    {
        CommandResult result = CommandResult.Of("networks", "17", "18");

        Assert.That(result.ExitCode, Is.EqualTo(0));
        Assert.That(result.Output, Does.Not.Contain("\u001b").And.Not.Contain("\\u001b"));
    }

    [TestCase("run")]
    [TestCase("bench")]
    [TestCase("exec")]
    [TestCase("inspect")]
    [TestCase("genesis")]
    [TestCase("record")]
    public void Help_ends_with_examples(string command)
    {
        CommandResult result = CommandResult.Of(command, "--help");

        Assert.That(result.ExitCode, Is.EqualTo(0));
        Assert.That(result.Output, Does.Contain($"Examples:{Environment.NewLine}  fvm {command} "));
    }

    private static string Example(string name) => TemporaryFiles.Example(name);
}
