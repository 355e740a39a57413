using System.IO.Compression;
using System.Text.Json.Nodes;
using NUnit.Framework;

namespace Fvm.Vectors.Tests;

public sealed class VectorReplayerTests
{
    private VectorReplayer _replayer = null!;

    [OneTimeSetUp]
    public void SetUp() => _replayer = new VectorReplayer(new ReplaySettings { KeepTraces = true });

    [OneTimeTearDown]
    public void TearDown() => _replayer.Dispose();

    private static IEnumerable<string> Examples() =>
        Directory.EnumerateFiles(Repository.PathOf("examples", "vectors"), "*.json").Select(Path.GetFileName).Order()!;

    [TestCaseSource(nameof(Examples))]
    public void An_example_gives_what_the_reference_gave(string name)
    {
        VectorResult result = Replay(VectorJson.Load(name));

        Assert.That(result.Differences, Is.Empty, result.Reason);
        Assert.That(result.Status, Is.EqualTo(VectorStatus.Passed));
    }

    [Test]
    public void Examples_pass_in_any_order_and_at_once()
    {
        string folder = Repository.PathOf("examples", "vectors");
        List<VectorResult> results = [];

        ParallelReplay.Run(
            VectorFiles.Read([folder]).Reverse(), jobs: 3, _replayer.ReplayAll, found => results.AddRange(found));

        Assert.That(results, Is.Not.Empty);
        Assert.That(results.Select(result => result.Status), Is.All.EqualTo(VectorStatus.Passed));
    }

    [TestCase("postconditions.receipts[1].gas_used", "1", "message 1: gas_used is ")]
    [TestCase("postconditions.receipts[0].exit_code", "16", "message 0: exit_code is 0, expected 16")]
    [TestCase("postconditions.receipts[0].return", "\"\"", "message 0: return is AQ==, expected empty")]
    [TestCase("postconditions.apply_rets[1].miner_tip", "\"3\"", "message 1: miner_tip is ")]
    [TestCase("postconditions.state_tree.root_cid./", "\"bafk\"", "state root is ")]
    public void A_wrong_expectation_fails_with_the_field_and_both_values(string path, string value, string text)
    {
        JsonObject json = VectorJson.Load("counter-nv21.json");
        VectorJson.At(json, path).ReplaceWith(JsonNode.Parse(value));

        VectorResult result = Replay(json);

        Assert.That(result.Status, Is.EqualTo(VectorStatus.Failed));
        Assert.That(result.Differences.Single().ToString(), Does.StartWith(text));
    }

    [Test]
    public void A_trace_that_differs_is_shown_at_its_first_line_that_does()
    {
        JsonObject json = VectorJson.Load("counter-nv21.json");
        VectorJson.At(json, "postconditions.apply_rets[0].trace_digest").ReplaceWith(JsonNode.Parse("\"00\""));
        VectorJson.At(json, "postconditions.apply_rets[0].trace[3][2]").ReplaceWith(JsonNode.Parse("12345"));

        VectorResult result = Replay(json);

        Assert.That(result.Differences[0].Field, Is.EqualTo("trace line 3"));
        Assert.That(result.Differences[0].Expected, Does.Contain("12345"));
    }

    [Test]
    public void Where_only_times_are_wanted_nothing_is_traced_compared_or_put_into_words()
    {
        JsonObject json = VectorJson.Load("events.json");
        VectorJson.At(json, "postconditions.receipts[0].exit_code").ReplaceWith(7);
        Vector vector = VectorJson.Parse(json);
        using VectorReplayer replayer = new(new ReplaySettings { OnlyTimes = true, ForceTracing = true });

        VectorResult result = ExecutionThread.Run(() => replayer.Replay(vector, vector.Variants[0]));

        Assert.That(result.Differences, Is.Empty);
        Assert.That(result.GasUsed, Is.Positive);
        Assert.That(result.Outcomes.Select(outcome => (outcome.EventsJson, outcome.TraceDigest)), Is.All.EqualTo(("[]", (string?)null)));
    }

    [Test]
    public void A_message_that_does_not_decode_is_named() =>
        AssertUnreadable(json => VectorJson.At(json, "apply_messages[1].bytes").ReplaceWith("AAAA"), "apply_messages[1].bytes: ");

    [Test]
    public void A_network_version_that_there_is_not_is_named() =>
        AssertUnreadable(json => VectorJson.At(json, "preconditions.variants[0].nv").ReplaceWith(99), "network version 99");

    [Test]
    public void A_root_that_is_no_cid_is_named() =>
        AssertUnreadable(json => VectorJson.At(json, "preconditions.state_tree.root_cid./").ReplaceWith("bafx"), "'bafx' is not a CID");

    [Test]
    public void A_root_whose_block_is_missing_is_named() => AssertUnreadable(
        json => VectorJson.At(json, "preconditions.state_tree.root_cid./")
            .ReplaceWith("bafy2bzacebc3bt6cedhoyw34drrmjvazhu4oj25er2ebk4u445pzycvq4ta4a"),
        "the machine cannot be created: ");

    [Test]
    public void A_car_that_is_cut_off_is_named() => AssertUnreadable(json => ChangeCar(json, car => car[..(car.Length / 2)]), "car: ");

    [Test]
    public void A_block_with_another_digest_is_named() => AssertUnreadable(
        json => ChangeCar(
            json,
            car =>
            {
                car[car.Length / 2] ^= 1;
                return car;
            }),
        "car: ");

    [Test]
    public void A_bundle_without_a_folder_says_how_to_name_one()
    {
        JsonObject json = VectorJson.Load("counter-nv21.json");
        json["_meta"]!["bundle"] = "actors.car.gz";

        Assert.That(Replay(json).Reason, Does.Contain("--bundles").And.Contain("actors.car.gz"));
    }

    [TestCase("../actors.car.gz")]
    [TestCase("")]
    [TestCase("/etc/passwd")]
    public void A_bundle_outside_of_the_folder_is_refused(string name)
    {
        JsonObject json = VectorJson.Load("counter-nv21.json");
        json["_meta"]!["bundle"] = name;

        Assert.That(Replay(json).Reason, Does.Contain("is not a file name"));
    }

    [Test]
    public void A_vector_to_be_skipped_is_skipped()
    {
        JsonObject json = VectorJson.Load("counter-nv21.json");
        json["selector"] = new JsonObject { ["chaos_actor"] = "true" };

        Assert.That(Replay(json).Status, Is.EqualTo(VectorStatus.Skipped));
    }

    [Test]
    public void Each_variant_gives_a_result_of_its_own()
    {
        JsonObject json = VectorJson.Load("counter-nv21.json");
        json["preconditions"]!["variants"]!.AsArray().Add(JsonNode.Parse("""{"id": "late", "epoch": 5000, "nv": 28}"""));

        IReadOnlyList<VectorResult> results =
            ExecutionThread.Run(() => _replayer.ReplayAll(new VectorOrError(VectorJson.Parse(json), null)));

        Assert.That(results.Select(result => result.Name), Is.EqualTo(new[] { "test.json@nv21", "test.json@late" }));
        Assert.That(results[0].Status, Is.EqualTo(VectorStatus.Passed));
    }

    [TestCase("vectors/recorded/nv21/multisig.ndjson.gz")]
    [TestCase("vectors/recorded/nv28/paych.ndjson.gz")]
    public void A_recorded_set_passes(string set)
    {
        string file = Repository.Shared(set);
        using VectorReplayer replayer = new(new ReplaySettings { BundleDirectory = Repository.Shared("bundles") });
        List<VectorResult> results = [];

        ParallelReplay.Run(VectorFiles.Read([file]), 2, replayer.ReplayAll, found => results.AddRange(found));

        Assert.That(results.SelectMany(result => result.Differences), Is.Empty);
        Assert.That(results.Select(result => result.Status), Is.All.EqualTo(VectorStatus.Passed));
    }

    private void AssertUnreadable(Action<JsonObject> change, string reason)
    {
        JsonObject json = VectorJson.Load("counter-nv21.json");
        change(json);

        VectorResult result = Replay(json);

        Assert.That(result.Status, Is.EqualTo(VectorStatus.Unreadable));
        Assert.That(result.Reason, Does.Contain(reason).And.Not.Contain("\n"));
    }

    private static void ChangeCar(JsonObject json, Func<byte[], byte[]> change)
    {
        using GZipStream packed = new(new MemoryStream(Convert.FromBase64String((string)json["car"]!)), CompressionMode.Decompress);
        using MemoryStream plain = new();
        packed.CopyTo(plain);
        json["car"] = Convert.ToBase64String(change(plain.ToArray()));
    }

    private VectorResult Replay(JsonObject json)
    {
        Vector vector = VectorJson.Parse(json);
        return ExecutionThread.Run(() => _replayer.Replay(vector, vector.Variants[0]));
    }
}
