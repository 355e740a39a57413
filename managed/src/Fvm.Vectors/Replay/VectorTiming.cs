// How long a vector takes.
using Fvm.Ipld;

namespace Fvm.Vectors;

/// <summary>Times of several replays of one vector.</summary>
/// <param name="Name">The vector's file without folders, and its id.</param>
/// <param name="Messages">How many messages it has.</param>
/// <param name="Gas">What they use together.</param>
/// <param name="Execution">Times of applying the messages, ascending.</param>
/// <param name="Total">Times from opening the state to flushing it, ascending.</param>
public sealed record VectorTiming(
    string Name, int Messages, ulong Gas, IReadOnlyList<TimeSpan> Execution, IReadOnlyList<TimeSpan> Total)
{
    /// <summary>Replays a vector once to warm up and then several times for the clock.</summary>
    /// <param name="replayer">One that does nothing but what a node does (<see cref="ReplaySettings.OnlyTimes"/>).</param>
    /// <param name="repeat">How many replays are timed; at least one.</param>
    /// <exception cref="InputException">The vector cannot be replayed.</exception>
    public static VectorTiming Measure(VectorReplayer replayer, Vector vector, int repeat)
    {
        VectorResult warm = replayer.Replay(vector, vector.Variants[0]);
        if (warm.Reason is not null)
        {
            throw new InputException($"{vector.Source}: {warm.Reason}");
        }

        // Read once per vector: reading the CAR takes as long as a message of some milliseconds, and who times the process cannot tell them apart.
        CarBlockstore state = CarBlocks.Read(vector.Car, "car");
        List<TimeSpan> execution = new(repeat);
        List<TimeSpan> total = new(repeat);
        for (int round = 0; round < repeat; round++)
        {
            VectorResult result = replayer.Replay(vector, vector.Variants[0], state);
            execution.Add(result.ExecutionTime);
            total.Add(result.TotalTime);
        }

        execution.Sort();
        total.Sort();
        return new VectorTiming(vector.Name, vector.Messages.Count, warm.GasUsed, execution, total);
    }
}
