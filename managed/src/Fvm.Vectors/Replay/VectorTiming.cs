using Fvm.Ipld;

namespace Fvm.Vectors;

/// <summary>Times of several replays of one vector.</summary>
/// <param name="Name">The vector's file name without folder, and its ID.</param>
/// <param name="Messages">The number of messages.</param>
/// <param name="Gas">The gas used by all messages.</param>
/// <param name="Execution">Times of applying the messages, in ascending order.</param>
/// <param name="Total">Times from opening the state to flushing it, in ascending order.</param>
/// <param name="Processor">The mean processor time of a replay from opening the state to flushing it, of all threads, garbage collection
/// included.</param>
/// <param name="AllocatedBytes">The mean bytes that such a replay allocates on the managed heap.</param>
public sealed record VectorTiming(
    string Name,
    int Messages,
    ulong Gas,
    IReadOnlyList<TimeSpan> Execution,
    IReadOnlyList<TimeSpan> Total,
    TimeSpan Processor,
    long AllocatedBytes)
{
    /// <summary>Replays a vector once as warm-up, then several times timed.</summary>
    /// <param name="replayer">A replayer that does only a node's work (<see cref="ReplaySettings.OnlyTimes"/>).</param>
    /// <param name="repeat">The number of timed replays; at least one.</param>
    /// <exception cref="InputException">The vector cannot be replayed.</exception>
    public static VectorTiming Measure(VectorReplayer replayer, Vector vector, int repeat)
    {
        VectorResult warm = replayer.Replay(vector, vector.Variants[0]);
        if (warm.Reason is not null)
        {
            throw new InputException($"{vector.Source}: {warm.Reason}");
        }

        // Read once per vector: reading the CAR can take as long as a short message, and a profile of the process could not separate them.
        CarBlockstore state = CarBlocks.Read(vector.Car, "car");
        List<TimeSpan> execution = new(repeat);
        List<TimeSpan> total = new(repeat);
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        for (int round = 0; round < repeat; round++)
        {
            VectorResult result = replayer.Replay(vector, vector.Variants[0], state);
            execution.Add(result.ExecutionTime);
            total.Add(result.TotalTime);
        }

        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        processor = Environment.CpuUsage.TotalTime - processor;
        execution.Sort();
        total.Sort();
        return new VectorTiming(vector.Name, vector.Messages.Count, warm.GasUsed, execution, total, processor / repeat, allocated / repeat);
    }
}
