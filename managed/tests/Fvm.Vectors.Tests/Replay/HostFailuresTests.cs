using System.Text.Json.Nodes;
using NUnit.Framework;

namespace Fvm.Vectors.Tests;

/// <summary>Tests vectors whose host fails at a call.</summary>
public sealed class HostFailuresTests
{
    [TestCase(VectorHostFailure.BlockGet)]
    [TestCase(VectorHostFailure.BlockPut)]
    public void A_failing_block_ends_the_vector_alike_on_both_engines(string call)
    {
        using VectorReplayer compiler = new(new ReplaySettings { Engine = "compiler", ForceTracing = true, CompareNothing = true });
        using VectorReplayer interpreter = new(new ReplaySettings { Engine = "interpreter", ForceTracing = true, CompareNothing = true });
        JsonObject json = VectorJson.Load("counter.json");
        string expected = Summary(compiler, VectorJson.Parse(json));
        int differing = 0;
        for (int at = 1; at <= 12; at++)
        {
            json["host_failures"] = new JsonArray(new JsonObject { ["call"] = call, ["at"] = at });
            Vector vector = VectorJson.Parse(json);
            string one = Summary(compiler, vector);
            Assert.That(Summary(interpreter, vector), Is.EqualTo(one), $"{call} {at}");
            differing += one == expected ? 0 : 1;
        }

        Assert.That(differing, Is.Positive, "the failures have an effect");
    }

    [Test]
    public void The_first_randomness_fails_and_the_second_does_not()
    {
        Vector vector = VectorJson.Parse(VectorJson.Load("counter.json")) with { HostFailures = [new VectorHostFailure("beacon_randomness", 1)] };
        VectorExterns externs = new(vector);
        Assert.That(externs.GetChainRandomness(new ChainEpoch(1)), Has.Length.EqualTo(32));
        Assert.That(() => externs.GetBeaconRandomness(new ChainEpoch(1)), Throws.TypeOf<ExternException>());
        Assert.That(externs.GetBeaconRandomness(new ChainEpoch(1)), Has.Length.EqualTo(32));
    }

    [Test]
    public void Failures_are_written_as_they_are_read()
    {
        JsonObject json = VectorJson.Load("counter.json");
        json["host_failures"] = new JsonArray(new JsonObject { ["call"] = "tipset_cid", ["at"] = 3 });
        Vector vector = VectorJson.Parse(json);
        using MemoryStream stream = new();
        VectorWriter.WriteWithoutResults(stream, vector, vector.Variants[0]);
        Vector again = VectorParser.Parse(stream.ToArray(), "again.json", inSet: false);
        Assert.That(again.HostFailures, Is.EqualTo(new[] { new VectorHostFailure("tipset_cid", 3) }));
    }

    [TestCase("nothing", 1, "call")]
    [TestCase("block_get", 0, "at")]
    public void Other_failures_are_refused_by_field(string call, int at, string field)
    {
        JsonObject json = VectorJson.Load("counter.json");
        json["host_failures"] = new JsonArray(new JsonObject { ["call"] = call, ["at"] = at });
        Assert.That(() => VectorJson.Parse(json), Throws.TypeOf<InputException>().With.Message.Contains($"host_failures[0].{field}"));
    }

    private static string Summary(VectorReplayer replayer, Vector vector)
    {
        VectorResult result = replayer.Replay(vector, vector.Variants[0]);
        IEnumerable<string> outcomes = result.Outcomes.Select(static outcome => $"{outcome.ExitCode} {outcome.GasUsed} {outcome.TraceDigest}");
        IEnumerable<string?> faults = result.Differences.Select(static difference => difference.Actual);
        return $"{result.Status} {result.Reason} {result.StateRoot} {string.Join('|', outcomes)} {string.Join('|', faults)}";
    }
}
