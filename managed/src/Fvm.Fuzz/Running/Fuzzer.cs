using System.Diagnostics;
using Fvm.Diff;
using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Fuzz;

/// <summary>
/// Runs random sequences of messages on two sides and compares them, in rounds of one batch per worker. What a round found interesting, the next
/// ones vary and build on; so all inputs are determined by the seed and the number of workers.
/// </summary>
public sealed class Fuzzer
{
    private const int FewestPerRound = 32;
    private const int MostPerRound = 128;
    private const int MostStates = 64;
    private const int MostCorpus = 1_024;
    private const int MostStateBlocks = 1_500;

    private readonly FuzzOptions _options;
    private readonly BatchRunner _runner;
    private readonly CorpusFolder _folder;
    private readonly CoverageMap _coverage = new();
    private readonly List<FuzzState> _states;
    private readonly List<FuzzInput> _corpus = [];
    private readonly List<FuzzInput> _pending = [];
    private readonly HashSet<string> _signatures = new(StringComparer.Ordinal);
    private readonly SlowestInputs? _slowest;
    private FuzzStatistics _statistics = new();

    /// <summary>Prepares a run: makes or reads the states.</summary>
    /// <exception cref="InputException">A bundle, a vector or the folder cannot be used.</exception>
    public Fuzzer(FuzzSide a, FuzzSide b, FuzzOptions options)
    {
        _options = options;
        _runner = new BatchRunner(a, b);
        FuzzStates maker = new(options.BundleDirectory);
        List<FuzzState> states = [];
        string?[] bundles = options.Bundles.Count > 0 || options.Seeds.Count > 0 ? [.. options.Bundles] : [null];
        foreach (string? bundle in bundles)
        {
            states.AddRange(options.NetworkVersions.Select(version => maker.Genesis(bundle, version)));
        }

        _states = states;
        if (options.ChecksSlow)
        {
            _slowest = new SlowestInputs(
                _runner.GuideTimer ?? throw new InputException("times per gas are measured on an engine of this machine: name one as a side"));
        }

        _folder = new CorpusFolder(options.Corpus, options.Resume);
        foreach (VectorOrError entry in VectorFiles.Read(options.Seeds).Concat(_folder.ReadInputs()))
        {
            Vector vector = entry.Vector ?? throw new InputException(entry.Error ?? "a seed is unreadable");
            if (vector.SkipReason is not null || !vector.Messages.All(IsMessage))
            {
                continue;
            }

            foreach (VectorCase seed in VectorCase.Of(vector))
            {
                FuzzState state = maker.Of(vector, seed.Variant);
                _pending.Add(new FuzzInput(new VectorCase(vector with { Variants = [seed.Variant] }, seed.Variant), state));
                if (state.Actors.Count > 0 && _states.Count < MostStates)
                {
                    _states.Add(state);
                }
            }
        }

        if (_states.Count == 0)
        {
            throw new InputException("there is no state to start from: the seeds have none that can be read");
        }
    }

    /// <summary>Runs until time, rounds or finds are used up.</summary>
    /// <param name="round">Called after each round.</param>
    /// <param name="found">Called for each find.</param>
    /// <exception cref="InputException">A side cannot run anything.</exception>
    public FuzzStatistics Run(Action<FuzzStatistics> round, Action<FuzzFind> found) => ExecutionThread.Run(() => RunRounds(round, found));

    /// <summary>Measures the slowest messages of the run once more, on both sides, and writes each as a vector.</summary>
    /// <param name="repeat">The number of runs per measurement.</param>
    /// <returns>The messages, the slowest per gas first.</returns>
    public IReadOnlyList<SlowFind> MeasureSlowest(int repeat) => ExecutionThread.Run(() =>
    {
        List<SlowFind> slowest = [];
        foreach (SlowMessage slow in _slowest?.All ?? [])
        {
            VectorTime own = _runner.GuideTimer!(slow.Case, repeat);
            slowest.Add(new SlowFind(_folder.WriteSlow(slow.Case, slowest.Count + 1), own, TimeOfPeer(slow.Case, repeat)));
        }

        return slowest.OrderByDescending(static slow => slow.Own.NanosecondsPerGas).ToArray();
    });

    // Not every command can time vectors; the own times are worth reporting then, too.
    private VectorTime? TimeOfPeer(VectorCase item, int repeat)
    {
        try
        {
            return _runner.PeerTimer?.Invoke(item, repeat);
        }
        catch (InputException)
        {
            return null;
        }
    }

    private FuzzStatistics RunRounds(Action<FuzzStatistics> round, Action<FuzzFind> found)
    {
        long start = Stopwatch.GetTimestamp();
        int number = _folder.Rounds;
        int last = _options.Rounds is int rounds ? number + rounds : int.MaxValue;
        PeerQueue? peers = _runner.PeerStartsProcesses ? new PeerQueue(_runner, _options.Workers, _options.Batch) : null;
        bool isFirst = true;
        do
        {
            IReadOnlyList<FuzzInput>[] batches = Batches(number, isFirst);
            isFirst = false;
            List<FuzzInput> interesting = [];
            List<GuidedRun> waiting = [];
            ParallelReplay.Run(batches, _options.Workers, RunBatch, done =>
            {
                foreach (GuidedRun run in done.Guided)
                {
                    Learn(run, interesting);
                    if (run.IsForPeer)
                    {
                        waiting.Add(run with { Run = run.Run with { Written = null } });
                    }
                }

                Report(done.Compared);
            });
            Adopt(interesting);
            foreach (IReadOnlyList<InputRun> compared in peers?.Add(waiting, number) ?? [])
            {
                Report(compared);
            }

            number++;
            EndRound();
        }
        while (number < last && Stopwatch.GetElapsedTime(start) < _options.Time && _statistics.Finds < _options.MaxFinds);
        if (peers is not null)
        {
            foreach (IReadOnlyList<InputRun> compared in peers.End(withWaiting: _statistics.Finds < _options.MaxFinds))
            {
                Report(compared);
            }

            EndRound();
        }

        return _statistics;

        // A peer that starts processes gets the inputs later.
        (IReadOnlyList<GuidedRun> Guided, IReadOnlyList<InputRun> Compared) RunBatch(IReadOnlyList<FuzzInput> inputs)
        {
            IReadOnlyList<GuidedRun> guided = _runner.RunGuide(inputs);
            return (guided, peers is null ? _runner.RunPeer(guided) : []);
        }

        void Report(IReadOnlyList<InputRun> compared)
        {
            foreach (InputRun run in compared)
            {
                Merge(run, Stopwatch.GetElapsedTime(start).TotalSeconds, found);
            }
        }

        // A run that is killed is continued with the first round that the peer has not seen all of.
        void EndRound()
        {
            _folder.WriteProgress(peers?.FirstRound ?? number);
            _statistics = _statistics with
            {
                Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
                Rounds = number,
                Waiting = peers?.Count ?? 0,
                Features = _coverage.Count,
                Corpus = _corpus.Count,
                States = _states.Count,
                RateOfA = _runner.RateOfA,
                RateOfB = _runner.RateOfB,
            };
            round(_statistics);
        }
    }

    // Messages that do not decode cannot be varied.
    private static bool IsMessage(VectorMessage message)
    {
        try
        {
            Message.Decode(message.Bytes);
            return true;
        }
        catch (MessageException)
        {
            return false;
        }
    }

    // What seeds and earlier runs have comes first.
    private IReadOnlyList<FuzzInput>[] Batches(int round, bool isFirst)
    {
        if (isFirst && _pending.Count > 0)
        {
            FuzzInput[][] given = [.. _pending.Chunk(MostPerRound)];
            _pending.Clear();
            return given;
        }

        int size = Math.Min(MostPerRound, FewestPerRound << Math.Min(round, 16));
        FuzzState[] states = [.. _states];
        FuzzInput[] corpus = [.. _corpus];
        InputGenerator generator = new(states, corpus, _options.NetworkVersions);
        IReadOnlyList<FuzzInput>[] batches = new IReadOnlyList<FuzzInput>[_options.Workers];
        for (int worker = 0; worker < batches.Length; worker++)
        {
            FuzzRandom random = new(FuzzRandom.SeedOf(_options.Seed, ((ulong)round << 16) | (uint)worker));
            FuzzInput[] batch = new FuzzInput[size];
            for (int index = 0; index < size; index++)
            {
                batch[index] = generator.Make(random, $"fuzz-{_options.Seed}-{round}-{worker}-{index}");
            }

            batches[worker] = batch;
        }

        return batches;
    }

    private void Learn(GuidedRun run, List<FuzzInput> interesting)
    {
        _slowest?.Add(run.Input, run.Run);
        _statistics = _statistics with { Inputs = _statistics.Inputs + 1, Withheld = _statistics.Withheld + (run.IsForPeer ? 0 : 1) };
        if (_coverage.Add(run.Features) > 0)
        {
            interesting.Add(run.Input);
            if (StateAfter(run) is FuzzState state)
            {
                AddState(state);
            }
        }
    }

    private void Merge(InputRun run, double seconds, Action<FuzzFind> found)
    {
        VectorComparison comparison = run.Comparison;
        _statistics = _statistics with
        {
            Messages = _statistics.Messages + comparison.Messages,
            Succeeded = _statistics.Succeeded + run.A.Outcomes.Take(comparison.Messages).Count(static outcome => outcome.ExitCode == 0),
            Unusable = _statistics.Unusable + (comparison.Status == ComparisonStatus.Unusable ? 1 : 0),
        };
        if (comparison.Status == ComparisonStatus.Different)
        {
            Report(run, seconds, found);
        }
    }

    private void Report(InputRun run, double seconds, Action<FuzzFind> found)
    {
        if (_statistics.Finds >= _options.MaxFinds || run.IsRepeated || !_signatures.Add(FindSignature.Of(run.Comparison)))
        {
            _statistics = _statistics with { Repeated = _statistics.Repeated + 1 };
            return;
        }

        _statistics = _statistics with { Finds = _statistics.Finds + 1 };
        InputRun smallest = new Minimiser(_runner).Minimise(run);
        string path = _folder.WriteFind(smallest.Input.Case, smallest.A);
        found(new FuzzFind(_folder.FindCount, path, smallest.Comparison, seconds, _statistics.Messages));
    }

    private void Adopt(List<FuzzInput> interesting)
    {
        foreach (FuzzInput input in interesting)
        {
            if (!_options.Resume || !input.Vector.Source.Contains(_options.Corpus, StringComparison.Ordinal))
            {
                _folder.Keep(input.Case);
            }

            // The oldest go first.
            if (_corpus.Count == MostCorpus)
            {
                _corpus.RemoveAt(0);
            }

            _corpus.Add(input);
        }
    }

    // Genesis states stay; of the others the oldest goes first.
    private void AddState(FuzzState state)
    {
        int given = _options.NetworkVersions.Count * Math.Max(1, _options.Bundles.Count);
        if (_states.Count >= MostStates)
        {
            _states.RemoveAt(Math.Min(given, _states.Count - 1));
        }

        _states.Add(state);
    }

    private static FuzzState? StateAfter(GuidedRun run)
    {
        if (run.Run.Written is null || run.Input.State.Actors.Count == 0 || !Cid.TryParse(run.Run.StateRoot, out Cid root)
            || run.Input.State.Blocks.Count + run.Run.Written.Count > MostStateBlocks)
        {
            return null;
        }

        MemoryBlockstore blocks = new();
        blocks.PutMany(run.Input.State.Blocks.Snapshot());
        blocks.PutMany(run.Run.Written);
        FuzzState state = FuzzState.Open(run.Input.State.Bundle, run.Input.State.Code, run.Input.State.NetworkVersion, root, blocks);
        return state.Actors.Count > 0 ? state : null;
    }
}
