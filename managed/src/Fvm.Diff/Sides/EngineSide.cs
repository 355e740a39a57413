using Fvm.Ipld;
using Fvm.Vectors;

namespace Fvm.Diff;

/// <summary>The machine of this process, on one of its engines.</summary>
/// <param name="name">The engine's name.</param>
/// <param name="settings">The engine, the bundles and the code cache; how to trace and compare is set here.</param>
public sealed class EngineSide(string name, ReplaySettings settings) : ISide
{
    private readonly VectorReplayer _replayer = new(settings with
    {
        KeepTraces = true,
        ForceTracing = true,
        CompareNothing = true,
    });

    private readonly Lazy<VectorReplayer> _timed = new(() => new VectorReplayer(settings with { OnlyTimes = true, CompareNothing = true }));

    public string Name => name;

    public IReadOnlyList<SideRun> Run(IReadOnlyList<VectorCase> cases) => [.. cases.Select(item => Run(item))];

    /// <summary>Runs one vector.</summary>
    /// <param name="item">The vector.</param>
    /// <param name="state">The blocks of its CAR, if not those of the vector.</param>
    internal SideRun Run(VectorCase item, IBlockstore? state = null)
    {
        MemoryBlockstore written = new();
        VectorResult result = _replayer.Replay(item.Vector, item.Variant, state, written);
        return result.Reason is string reason
            ? SideRun.Failed(reason, isUnusable: true)
            : new SideRun
            {
                Failure = result.Differences.Count == 0 ? null : result.Differences[0].Actual,
                Outcomes = result.Outcomes,
                StateRoot = result.StateRoot,
                MessageTimes = result.MessageTimes,
                MadeUpRandomness = result.MadeUpRandomness,
                Written = written.Snapshot(),
            };
    }

    /// <summary>Times a vector, as in a node: without tracing.</summary>
    /// <exception cref="InputException">The vector cannot be replayed.</exception>
    public VectorTime Measure(VectorCase item, int repeat)
    {
        VectorTiming timing = VectorTiming.Measure(_timed.Value, item.Vector with { Variants = [item.Variant] }, repeat);
        return new VectorTime(timing.Execution[0], timing.Gas);
    }

    public void Dispose()
    {
        _replayer.Dispose();
        if (_timed.IsValueCreated)
        {
            _timed.Value.Dispose();
        }
    }
}
