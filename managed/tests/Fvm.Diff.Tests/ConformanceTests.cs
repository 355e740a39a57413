using System.Text.Json;
using Fvm.Vectors;
using NUnit.Framework;

namespace Fvm.Diff.Tests;

/// <summary>A kit of the examples: this machine passes, and a machine with a fault fails in the fault's aspect and feature.</summary>
public sealed class ConformanceTests
{
    private const string Feature = "examples";

    private string _folder = null!;
    private ConformanceKit _kit = null!;
    private int _vectors;

    [OneTimeSetUp]
    public void MakeTheKit()
    {
        _folder = Directory.CreateTempSubdirectory("fvm-diff-tests-").FullName;
        _kit = new ConformanceKit(_folder);
        KitRecorder recorder = new(Settings);
        Fvm.ExecutionThread.Run(() =>
        {
            foreach (string name in (string[])["counter", "counter-nv21", "events", "transfers"])
            {
                recorder.Add(SharedVectors.Named(name).Vector, Feature);
            }

            return true;
        });
        recorder.Write(_kit);
        _vectors = recorder.Recorded;
        Assert.That(_vectors, Is.EqualTo(4));
        Assert.That(_kit.Sets().Select(path => Path.GetRelativePath(_folder, path)), Is.EqualTo((string[])
            ["vectors/nv21/examples.ndjson.gz", "vectors/nv28/examples.ndjson.gz"]));
    }

    [OneTimeTearDown]
    public void RemoveTheKit() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void This_machine_passes()
    {
        ConformanceReport report = Run(static outcome => outcome);
        Assert.That(report.HasFailures, Is.False, string.Join('\n', report.Lines()));
        Assert.That(report.Lines().Last(), Is.EqualTo("4 passed, 0 failed, 0 skipped"));
        Assert.That(report.Compared, Is.EqualTo(_vectors));
    }

    [TestCase("exit codes")]
    [TestCase("gas")]
    [TestCase("return values")]
    [TestCase("fees")]
    [TestCase("events")]
    [TestCase("traces")]
    public void A_fault_is_reported_in_its_aspect_alone(string aspect)
    {
        ConformanceReport report = Run(outcome => aspect switch
        {
            "exit codes" => outcome with { ExitCode = outcome.ExitCode + 1 },
            "gas" => outcome with { GasUsed = outcome.GasUsed + 1 },
            "return values" => outcome with { ReturnCodec = 0x99 },
            "fees" => outcome with { Refund = "77" },
            "events" => outcome with { EventsJson = """[{"emitter":1,"entries":[]}]""" },
            _ => outcome with { TraceDigest = "00" },
        });
        Assert.That(report.HasFailures, Is.True);
        using JsonDocument json = JsonOf(report);
        foreach (JsonProperty row in json.RootElement.GetProperty("differing").EnumerateObject())
        {
            Assert.That(row.Value.GetInt32(), Is.EqualTo(row.Name == aspect ? _vectors : 0), row.Name);
        }

        JsonElement feature = json.RootElement.GetProperty("features")[0];
        Assert.That(feature.GetProperty("network_version").GetInt32(), Is.EqualTo(21));
        Assert.That(feature.GetProperty("feature").GetString(), Is.EqualTo(Feature));
        Assert.That(feature.GetProperty("failed").GetInt32(), Is.EqualTo(1));
    }

    [Test]
    public void What_a_side_refuses_is_no_failure_and_no_pass()
    {
        ConformanceReport report = new("none", strict: false);
        using ChangedSide side = new(static _ => SideRun.Failed("it knows no such network version"));
        _kit.Run(side, 1, report);
        Assert.That((report.HasFailures, report.Compared), Is.EqualTo((false, 0)));
        Assert.That(report.Lines().Last(), Is.EqualTo("0 passed, 0 failed, 4 skipped"));
    }

    [TestCase(false, "FAILED: does so: it was ended by signal 11", true)]
    [TestCase(true, "not survived, which is allowed: does so: it was ended by signal 11", false)]
    public void An_edge_that_a_library_does_not_survive_is_a_row(bool undefined, string row, bool fails)
    {
        ConformanceReport report = new("lib:x", strict: false);
        report.Add(new LibraryEdge("edge", "does so", undefined), "it was ended by signal 11");
        Assert.That(report.Lines(), Has.Some.EndsWith(row));
        Assert.That(report.HasFailures, Is.EqualTo(fails));
        ConformanceReport strict = new("lib:x", strict: true);
        strict.Add(new LibraryEdge("edge", "does so", undefined), "it was ended by signal 11");
        Assert.That(strict.HasFailures, Is.True);
    }

    [Test]
    public void A_folder_without_vectors_is_no_kit() => Assert.That(
        () => new ConformanceKit("/nowhere").Sets(),
        Throws.TypeOf<InputException>().With.Message.StartsWith("/nowhere is no conformance kit"));

    [Test]
    public void Edges_have_names_of_their_own()
    {
        string[] names = [.. LibraryEdges.All.Select(static edge => edge.Name)];
        Assert.That(names, Is.Unique.And.Length.GreaterThan(10));
    }

    [Test]
    public void A_side_that_fails_on_some_vectors_of_a_version_alone_fails_there()
    {
        using EngineSide engine = new("interpreter", Settings);
        using ChangedSide side = new(item => item.Vector.Id == "events" ? SideRun.Failed("it was ended by signal 11") : engine.Run([item])[0]);
        ConformanceReport report = new("interpreter", strict: true);
        _kit.Run(side, 1, report);
        Assert.That(report.Lines().Last(), Is.EqualTo("3 passed, 1 failed, 0 skipped"));
        Assert.That(report.Lines(), Has.Some.Match("outcomes +1 of 4"));
    }

    private static ReplaySettings Settings => new() { Engine = "interpreter", KeepTraces = true, ForceTracing = true };

    private ConformanceReport Run(Func<MessageOutcome, MessageOutcome> change)
    {
        using EngineSide engine = new("interpreter", Settings);
        using ChangedSide side = new(item =>
        {
            SideRun run = engine.Run([item])[0];
            return run with { Outcomes = [.. run.Outcomes.Select(change)] };
        });
        ConformanceReport report = new("interpreter", strict: true);
        _kit.Run(side, 1, report);
        return report;
    }

    private static JsonDocument JsonOf(ConformanceReport report)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            report.Write(json);
            json.WriteEndObject();
        }

        return JsonDocument.Parse(stream.ToArray());
    }

    private sealed class ChangedSide(Func<VectorCase, SideRun> run) : ISide
    {
        public string Name => "changed";

        public IReadOnlyList<SideRun> Run(IReadOnlyList<VectorCase> cases) => [.. cases.Select(run)];

        public void Dispose()
        {
        }
    }
}
