using System.Text.Json;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Fvm.Cli.Tests;

public sealed partial class JsonTests : CommandFixture
{
    [TestCase("inspect STATE", "kind blocks block_bytes roots")]
    [TestCase("inspect --actor f0100 STATE", "kind blocks block_bytes roots")]
    [TestCase("networks", "networks")]
    [TestCase("networks 20 21", "before after rules prices syscalls")]
    [TestCase("run VECTOR", "differences exec_us gas messages name reason status total_us")]
    [TestCase("exec --car STATE --from f0100 --to f01000 --method 2", "receipt failure fees events logs calls trace state_root out")]
    [TestCase("exec --car STATE --from f0100 --to f0101 --out OUT", "receipt failure fees events logs calls trace state_root out")]
    [TestCase("record SPEC --car STATE --out OUT", "out messages state_root")]
    [TestCase("genesis GENESIS --out OUT", "state_root out")]
    public void A_command_prints_one_line_with_the_documented_fields(string command, string fields)
    {
        string[] arguments = [.. command.Split(' ').Select(Replace), "--json"];
        CommandResult result = CommandResult.Of(arguments);

        Assert.That(result.ExitCode, Is.EqualTo(0), result.Errors);
        Assert.That(result.OutputLines, Has.Length.EqualTo(1));
        using JsonDocument json = JsonDocument.Parse(result.Output);
        Assert.That(FieldsOf(json.RootElement), Is.EqualTo(fields));
        AssertSnakeCase(json.RootElement);
    }

    [Test]
    public void Bench_prints_a_line_per_vector_and_the_total_of_all()
    {
        string vector = TemporaryFiles.Example("counter-nv21.json");
        CommandResult result = CommandResult.Of("bench", "--repeat", "1", "--json", vector, vector);

        Assert.That(result.ExitCode, Is.EqualTo(0), result.Errors);
        JsonElement[] lines = [.. result.OutputLines.Select(static line => JsonSerializer.Deserialize<JsonElement>(line))];
        Assert.That(lines, Has.Length.EqualTo(3));
        JsonElement total = lines[2].GetProperty("total");
        Assert.That(FieldsOf(lines[0]), Is.EqualTo("name messages gas exec_us_min exec_us_median total_us_min total_us_median cpu_us allocated_bytes"));
        Assert.That(FieldsOf(total), Is.EqualTo("vectors messages gas exec_us_median total_us_median cpu_us allocated_bytes"));
        Assert.That(total.GetProperty("vectors").GetInt32(), Is.EqualTo(2));
        foreach (string field in (string[])["messages", "gas", "exec_us_median", "total_us_median", "allocated_bytes"])
        {
            Assert.That(total.GetProperty(field).GetInt64(), Is.EqualTo(lines[..2].Sum(line => line.GetProperty(field).GetInt64())), field);
        }
    }

    [Test]
    public void Amounts_are_decimal_strings_gas_is_whole_and_bytes_are_base64()
    {
        string state = Files.Genesis();
        using JsonDocument ran = Parse("exec", "--json", "--car", state, "--from", "f0100", "--to", "f01000", "--method", "2");
        using JsonDocument seen = Parse("inspect", "--json", "--actor", "f0100", state);

        JsonElement actor = seen.RootElement.GetProperty("roots")[0].GetProperty("actors")[0];
        Assert.Multiple(() =>
        {
            Assert.That(actor.GetProperty("balance").GetString(), Is.EqualTo("1000000000000000000000"));
            Assert.That(actor.GetProperty("type").GetString(), Is.EqualTo("account"));
            Assert.That(actor.GetProperty("state_block").TryGetBytesFromBase64(out _), Is.True);
            Assert.That(ran.RootElement.GetProperty("receipt").GetProperty("gas_used").TryGetUInt64(out _), Is.True);
            Assert.That(ran.RootElement.GetProperty("receipt").GetProperty("return").TryGetBytesFromBase64(out _), Is.True);
            Assert.That(ran.RootElement.GetProperty("fees").GetProperty("base_fee_burn").GetString(), Does.Match("^[0-9]+$"));
            Assert.That(ran.RootElement.GetProperty("trace")[0].ValueKind, Is.EqualTo(JsonValueKind.Array));
        });
    }

    [Test]
    public void The_cache_is_listed_and_cleared()
    {
        string folder = Directory.CreateDirectory(Files.PathOf("cache")).FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        UseCache(folder);
        using JsonDocument list = Parse("cache", "ls", "--json");
        using JsonDocument clear = Parse("cache", "clear", "--json");
        Assert.That(FieldsOf(list.RootElement), Is.EqualTo("folder max_bytes bytes entries"));
        Assert.That(clear.RootElement.GetProperty("removed_entries").GetInt32(), Is.Zero);
    }

    [Test]
    public void What_an_actor_logs_is_escaped()
    {
        string line = JsonOutput.Line(static json => json.WriteString("text", "\u001b[31m\u202e\u009b\n"));

        Assert.That(line, Does.Match("^[ -~]*$"));
        using JsonDocument json = JsonDocument.Parse(line);
        Assert.That(json.RootElement.GetProperty("text").GetString(), Is.EqualTo("\u001b[31m\u202e\u009b\n"));
    }

    [Test]
    public void The_table_of_networks_fits_a_terminal_of_80_columns()
    {
        CommandResult result = CommandResult.Of("networks");

        Assert.That(result.OutputLines.Select(static line => line.TrimEnd().Length), Is.All.LessThanOrEqualTo(80));
        Assert.That(result.Output, Does.Not.Contain("\u001b"));
    }

    private static string FieldsOf(JsonElement json) => string.Join(' ', json.EnumerateObject().Select(static field => field.Name));

    private static JsonDocument Parse(params string[] arguments)
    {
        CommandResult result = CommandResult.Of(arguments);
        Assert.That(result.ExitCode, Is.EqualTo(0), result.Errors);
        return JsonDocument.Parse(result.Output);
    }

    private static void AssertSnakeCase(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty field in element.EnumerateObject())
            {
                Assert.That(field.Name, Does.Match(SnakeCase()));
                AssertSnakeCase(field.Value);
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in element.EnumerateArray())
            {
                AssertSnakeCase(item);
            }
        }
    }

    [GeneratedRegex("^[a-z0-9]+(_[a-z0-9]+)*$")]
    private static partial Regex SnakeCase();

    private string Replace(string argument) => argument switch
    {
        "STATE" => Files.Genesis(),
        "VECTOR" => TemporaryFiles.Example("counter-nv21.json"),
        "OUT" => Files.PathOf("out"),
        "SPEC" => Files.Write("spec.json", """{"id": "x", "nv": 28, "epoch": 9, "messages": [{"from": "f0100", "to": "f01000", "method": 2}]}"""u8.ToArray()),
        "GENESIS" => Genesis(),
        _ => argument,
    };

    private string Genesis()
    {
        Files.Write("x.wasm", [0, 1]);
        return Files.Write(
            "genesis.json",
            """{"network_name": "n", "builtin": [{"name": "system", "code": "x.wasm"}, {"name": "init", "code": "x.wasm"}, {"name": "account", "code": "x.wasm"}], "accounts": [], "actors": []}"""u8.ToArray());
    }
}
