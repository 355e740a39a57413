namespace Fvm.Fuzz;

/// <summary>
/// Hands the runs of the side that guides to a peer that starts processes: in few large batches, because such a process compiles the actors each
/// time, and beside the next rounds.
/// </summary>
/// <param name="runner">Runs the batches.</param>
/// <param name="workers">The number of batches at a time.</param>
/// <param name="largest">The inputs per batch; the first ones have fewer, so that what is found at once is reported soon.</param>
internal sealed class PeerQueue(BatchRunner runner, int workers, int largest)
{
    private const int First = 256;
    private const int Growth = 4;

    private readonly List<(GuidedRun Run, int Round)> _waiting = [];
    private readonly Queue<Batch> _running = new();
    private int _size = Math.Min(First, largest);

    /// <summary>The inputs that are not compared yet.</summary>
    public int Count => _waiting.Count + _running.Sum(static batch => batch.Count);

    /// <summary>The first round with inputs that are not compared yet; null if there are none.</summary>
    public int? FirstRound => _running.TryPeek(out Batch? batch) ? batch.Round : _waiting.Count > 0 ? _waiting[0].Round : null;

    /// <summary>Adds runs, and starts a batch if there are enough. Waits while as many batches as allowed are running.</summary>
    /// <returns>The batches that have ended meanwhile, in the order of their inputs.</returns>
    public IEnumerable<IReadOnlyList<InputRun>> Add(IEnumerable<GuidedRun> runs, int round)
    {
        _waiting.AddRange(runs.Select(run => (run, round)));
        while (_waiting.Count >= _size)
        {
            foreach (IReadOnlyList<InputRun> ended in MakeRoom())
            {
                yield return ended;
            }

            Start(_size);
            _size = Math.Min(largest, _size * Growth);
        }

        while (_running.TryPeek(out Batch? batch) && batch.HasEnded)
        {
            yield return _running.Dequeue().Wait();
        }
    }

    /// <summary>Waits for all batches.</summary>
    /// <param name="withWaiting">Whether to run what waits, too.</param>
    public IEnumerable<IReadOnlyList<InputRun>> End(bool withWaiting)
    {
        if (withWaiting && _waiting.Count > 0)
        {
            foreach (IReadOnlyList<InputRun> ended in MakeRoom())
            {
                yield return ended;
            }

            Start(_waiting.Count);
        }

        while (_running.TryDequeue(out Batch? batch))
        {
            yield return batch.Wait();
        }
    }

    private IEnumerable<IReadOnlyList<InputRun>> MakeRoom()
    {
        while (_running.Count >= workers)
        {
            yield return _running.Dequeue().Wait();
        }
    }

    private void Start(int count)
    {
        _running.Enqueue(new Batch(runner, [.. _waiting.Take(count).Select(static entry => entry.Run)], _waiting[0].Round));
        _waiting.RemoveRange(0, count);
    }

    private sealed class Batch
    {
        private readonly ExecutionThread _thread;
        private IReadOnlyList<InputRun> _runs = [];
        private volatile bool _hasEnded;

        public Batch(BatchRunner runner, IReadOnlyList<GuidedRun> guided, int round)
        {
            Count = guided.Count;
            Round = round;
            _thread = ExecutionThread.Start(() => Run(runner, guided), "peer");
        }

        public int Count { get; }

        /// <summary>The round of the first input.</summary>
        public int Round { get; }

        public bool HasEnded => _hasEnded;

        /// <exception cref="Vectors.InputException">The peer cannot run anything.</exception>
        public IReadOnlyList<InputRun> Wait()
        {
            _thread.Join();
            return _runs;
        }

        private void Run(BatchRunner runner, IReadOnlyList<GuidedRun> guided)
        {
            try
            {
                _runs = runner.RunPeer(guided);
            }
            finally
            {
                _hasEnded = true;
            }
        }
    }
}
