using Fvm.Diff;
using Fvm.Vectors;
using NUnit.Framework;

namespace Fvm.Fuzz.Tests;

/// <summary>Tests the fuzzer on examples, which need no other material: their state has the actors' code.</summary>
public sealed class FuzzerTests
{
    private static string Examples => Repository.PathOf("examples", "vectors");

    [Test]
    public void Equal_seeds_give_equal_inputs_and_other_seeds_give_others()
    {
        using TemporaryFolder folder = new();
        string[] first = InputsOf(folder, "a", seed: 7);
        string[] again = InputsOf(folder, "b", seed: 7);
        string[] other = InputsOf(folder, "c", seed: 8);
        Assert.That(first, Has.Length.GreaterThan(10));
        Assert.That(again, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    [Test]
    public void Two_engines_that_agree_give_no_find()
    {
        using TemporaryFolder folder = new();
        using EngineSide a = Engine("compiler");
        using EngineSide b = Engine("interpreter");
        FuzzStatistics end = new Fuzzer(new FuzzSide(a, a), new FuzzSide(b, b), Options(folder, "corpus", 1)).Run(_ => { }, _ => { });
        Assert.That(end.Finds, Is.Zero);
        Assert.That(end.Messages, Is.GreaterThan(50));
        Assert.That(end.Succeeded, Is.GreaterThan(10), "messages that do something");
        Assert.That(end.Features, Is.GreaterThan(50));
    }

    [Test]
    public void A_planted_difference_is_found_and_its_vector_reproduces_it()
    {
        using TemporaryFolder folder = new();
        using EngineSide a = Engine("compiler");
        using PlantedSide b = new(
            Engine("compiler"),
            static outcome => outcome.ExitCode == 0 && outcome.EventsJson.Length > 2 ? outcome with { GasUsed = outcome.GasUsed + 1 } : outcome);
        List<FuzzFind> finds = [];
        FuzzStatistics end = new Fuzzer(new FuzzSide(a, a), new FuzzSide(b, b), Options(folder, "corpus", 3) with { MaxFinds = 1 })
            .Run(_ => { }, finds.Add);
        Assert.That(end.Finds, Is.EqualTo(1));
        Assert.That(finds[0].Comparison.Fields[0].Field, Is.EqualTo("gas_used"));
        Vector vector = VectorFiles.Read([finds[0].Path]).Single().Vector!;
        Assert.That(vector.Messages, Has.Count.LessThanOrEqualTo(2), "it is minimised");
        Assert.That(new Comparison(a, b).Compare(VectorCase.Of(vector).Single()).Fields[0].Field, Is.EqualTo("gas_used"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_side_that_starts_processes_gets_all_inputs_in_larger_batches_and_its_fault_is_found(bool isFirst)
    {
        using TemporaryFolder folder = new();
        using EngineSide engine = Engine("compiler");
        using PlantedSide planted = new(
            Engine("compiler"), static outcome => outcome.ExitCode == 6 ? outcome with { ExitCode = 7 } : outcome);
        FuzzSide process = new(planted, planted, FuzzSideKind.Processes);
        FuzzSide guide = new(engine, engine);
        List<FuzzFind> finds = [];
        FuzzOptions options = Options(folder, "corpus", 3) with { Rounds = 3, Batch = 100 };
        FuzzStatistics end = new Fuzzer(isFirst ? process : guide, isFirst ? guide : process, options).Run(_ => { }, finds.Add);
        Assert.That(end.Waiting, Is.Zero);
        Assert.That(planted.FirstBatch, Is.EqualTo(100), "three rounds have more inputs, none has so many");
        Assert.That(end.Messages, Is.GreaterThan(100));
        Assert.That(end.Finds, Is.GreaterThan(0));
        Assert.That(finds.Select(static find => find.Comparison.Fields[0].Field), Has.All.EqualTo("exit_code"));
        Assert.That(new[] { end.RateOfA, end.RateOfB }, Has.All.GreaterThan(0));
    }

    [TestCase(false, 0)]
    [TestCase(true, 1)]
    public void A_digest_of_a_trace_counts_as_a_find_only_if_the_trace_differs_however_many_inputs_of_a_batch_it_is(bool withFault, int finds)
    {
        using TemporaryFolder folder = new();
        using EngineSide engine = Engine("compiler");
        using PlantedSide tracer = new(Engine("compiler"), WithFault);
        using PlantedSide runner = new(Engine("compiler"), outcome => WithFault(outcome) with { TraceDigest = "of another trace" });
        FuzzSide process = new(runner, tracer, FuzzSideKind.Processes);
        FuzzOptions options = Options(folder, "corpus", 3) with { Rounds = 3, Batch = 4_096 };
        FuzzStatistics end = new Fuzzer(new FuzzSide(engine, engine), process, options).Run(_ => { }, _ => { });
        Assert.That(runner.FirstBatch, Is.GreaterThan(2 * BatchRunner.MostTraced), "all inputs of the batch differ in the digest");
        Assert.That(end.Finds, Is.EqualTo(finds));
        Assert.That(end.Repeated, withFault ? Is.GreaterThan(BatchRunner.MostTraced) : Is.Zero);

        MessageOutcome WithFault(MessageOutcome outcome) => withFault ? outcome with { ExitCode = outcome.ExitCode ^ 1 } : outcome;
    }

    [Test]
    public void Randomness_that_one_host_makes_up_is_listed_for_the_other()
    {
        using TemporaryFolder folder = new();
        using EngineSide engine = Engine("compiler");
        using InventiveSide inventive = new(Engine("compiler"));
        FuzzSide peer = new(inventive, inventive, FuzzSideKind.Processes);
        FuzzStatistics end = new Fuzzer(new FuzzSide(engine, engine), peer, Options(folder, "corpus", 3) with { Rounds = 4 }).Run(_ => { }, _ => { });
        Assert.That(inventive.Listed, Is.GreaterThan(0), "messages asked for randomness that no input lists");
        Assert.That(inventive.Ambiguous, Is.Zero, "each question has one answer");
        Assert.That(end.Finds, Is.Zero);
    }

    [Test]
    public void A_side_that_cannot_run_ends_the_run_with_its_own_reason()
    {
        using TemporaryFolder folder = new();
        using EngineSide engine = Engine("compiler");
        using CommandSide gone = new("cmd:/bin/true", "/bin/true", [], new CommandOptions());
        Fuzzer fuzzer = new(new FuzzSide(engine, engine), new FuzzSide(gone, gone, FuzzSideKind.Processes), Options(folder, "corpus", 3));
        FuzzStatistics? end = null;
        Exception? failure = null;
        try
        {
            end = fuzzer.Run(_ => { }, _ => { });
        }
        catch (InputException exception)
        {
            failure = exception;
        }

        Assert.That(failure is not null || end!.Finds > 0, "a command that prints nothing is not taken as one that agrees");
        Assert.That(File.Exists(Path.Combine(folder.Path, "corpus", "progress.json")), "what was done is kept");
    }

    [Test]
    public void The_slowest_messages_per_gas_are_measured_on_both_sides_and_written()
    {
        using TemporaryFolder folder = new();
        using EngineSide a = Engine("compiler");
        using EngineSide b = Engine("interpreter");
        FuzzSide fast = new(a, a) { Timer = a.Measure };

        // A side that takes a thousand times as long.
        FuzzSide slow = new(b, b)
        {
            Timer = (item, repeat) => b.Measure(item, repeat) is var time ? time with { Time = 1_000 * time.Time } : default,
        };
        Fuzzer fuzzer = new(fast, slow, Options(folder, "corpus", 1) with { ChecksSlow = true });
        fuzzer.Run(_ => { }, _ => { });
        IReadOnlyList<SlowFind> slowest = fuzzer.MeasureSlowest(2);
        Assert.That(slowest, Is.Not.Empty);
        Assert.That(slowest.Select(static find => find.Own.NanosecondsPerGas), Is.Ordered.Descending);
        Assert.That(slowest.Select(static find => find.Ratio), Has.All.LessThan(0.5).And.All.GreaterThan(0));
        foreach (SlowFind find in slowest)
        {
            Vector vector = VectorFiles.Read([find.Path]).Single().Vector!;
            Assert.That(a.Measure(VectorCase.Of(vector).Single(), 1).Gas, Is.EqualTo(find.Own.Gas), "the vector is the one that was measured");
        }

        Assert.That(
            () => new Fuzzer(new FuzzSide(a, a), slow, Options(folder, "other", 1) with { ChecksSlow = true }),
            Throws.TypeOf<InputException>().With.Message.Contains("engine"));
    }

    [Test]
    public void A_run_is_resumed_where_it_ended()
    {
        using TemporaryFolder folder = new();
        using EngineSide side = Engine("compiler");
        FuzzSide both = new(side, side);
        FuzzOptions options = Options(folder, "corpus", 5);
        FuzzStatistics first = new Fuzzer(both, both, options).Run(_ => { }, _ => { });
        Assert.That(() => new Fuzzer(both, both, options), Throws.TypeOf<InputException>().With.Message.Contains("--resume"));
        FuzzStatistics second = new Fuzzer(both, both, options with { Resume = true, Rounds = 2 }).Run(_ => { }, _ => { });
        Assert.That(second.Rounds, Is.EqualTo(first.Rounds + 2));
        Assert.That(second.Features, Is.GreaterThanOrEqualTo(first.Features), "the inputs of the first run are run again");
    }

    [Test]
    public void A_run_that_is_killed_is_continued_with_the_first_round_that_was_not_compared()
    {
        using TemporaryFolder folder = new();
        using EngineSide engine = Engine("compiler");
        using EngineSide peer = Engine("compiler");
        FuzzOptions options = Options(folder, "corpus", 5) with { Rounds = 3, Batch = 4_096 };
        string progress = Path.Combine(options.Corpus, "progress.json");
        List<(bool Waits, string Progress)> rounds = [];
        new Fuzzer(new FuzzSide(engine, engine), new FuzzSide(peer, peer, FuzzSideKind.Processes), options)
            .Run(round => rounds.Add((round.Waiting > 0, File.ReadAllText(progress))), _ => { });
        Assert.That(rounds.Take(2).Select(static round => round.Waits), Has.All.True, "two rounds are smaller than the first batch");
        Assert.That(rounds[1].Progress, Does.Contain("\"rounds\":0,"));
        Assert.That(rounds[^1].Progress, Does.Contain("\"rounds\":3,"));
    }

    [Test]
    public void The_size_of_batches_does_not_change_the_inputs()
    {
        using TemporaryFolder folder = new();
        Assert.That(InputsOf(folder, "small", seed: 7, batch: 3), Is.EqualTo(InputsOf(folder, "large", seed: 7, batch: 4_096)));
    }

    [Test]
    public void A_folder_without_a_run_cannot_be_resumed()
    {
        using TemporaryFolder folder = new();
        using EngineSide side = Engine("compiler");
        FuzzSide both = new(side, side);
        Assert.That(
            () => new Fuzzer(both, both, Options(folder, "nothing", 1) with { Resume = true }),
            Throws.TypeOf<InputException>().With.Message.Contains("progress.json"));
    }

    [Test]
    public void Genesis_states_have_the_builtin_actors_and_their_methods_run()
    {
        string bundles = Path.GetDirectoryName(Repository.Shared("bundles", "builtin-actors-v18-mainnet.car.gz"))!;
        using TemporaryFolder folder = new();
        using EngineSide side = new("compiler", new ReplaySettings { Engine = "compiler", BundleDirectory = bundles });
        FuzzSide both = new(side, side);
        FuzzOptions options = Options(folder, "corpus", 1) with { Seeds = [], NetworkVersions = [28], BundleDirectory = bundles, Rounds = 1 };
        FuzzStatistics end = new Fuzzer(both, both, options).Run(_ => { }, _ => { });
        Assert.That(end.Succeeded, Is.GreaterThan(0));
        Assert.That(end.Features, Is.GreaterThan(100));
    }

    private static string[] InputsOf(TemporaryFolder folder, string name, ulong seed, int batch = 24)
    {
        using EngineSide side = Engine("compiler");
        FuzzSide both = new(side, side);
        new Fuzzer(both, both, Options(folder, name, seed) with { Batch = batch }).Run(_ => { }, _ => { });
        return [.. Directory.GetFiles(Path.Combine(folder.Path, name, "inputs")).Order(StringComparer.Ordinal).Select(File.ReadAllText)];
    }

    private static EngineSide Engine(string name) => new(name, new ReplaySettings { Engine = name });

    private static FuzzOptions Options(TemporaryFolder folder, string name, ulong seed) => new()
    {
        Seed = seed,
        Rounds = 2,
        Time = TimeSpan.FromMinutes(5),
        Batch = 24,
        Corpus = Path.Combine(folder.Path, name),
        NetworkVersions = [28],
        Seeds = [Examples],
    };
}
