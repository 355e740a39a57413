namespace Fvm.Node;

/// <summary>The numbers and times of the blocks of a simulation (execution-apis: <c>ethsimulatev1-notes</c>).</summary>
internal static class SimulationPlan
{
    /// <summary>The blocks in order, with number and time, and empty ones in the gaps.</summary>
    /// <param name="blocks">The blocks.</param>
    /// <param name="number">The number of the block before them.</param>
    /// <param name="timestamp">The time of the block before them.</param>
    /// <param name="period">The seconds between blocks.</param>
    /// <param name="maxTimestamp">The latest time.</param>
    /// <exception cref="SimulationException">They are too many, or not in order.</exception>
    public static IReadOnlyList<BlockToSimulate> Of(
        IReadOnlyList<BlockToSimulate> blocks, ulong number, ulong timestamp, ulong period, ulong maxTimestamp)
    {
        ulong last = number + SimulationRequest.MaxBlocks;
        List<BlockToSimulate> planned = [];
        for (int index = 0; index < blocks.Count; index++)
        {
            BlockToSimulate block = blocks[index];
            ulong own = block.Number ?? number + 1;
            if (own <= number)
            {
                throw new SimulationException(
                    SimulationFault.BlockNumberOrder, $"block numbers must be in order: block {index} has number {own}, the one before {number}");
            }

            if (own > last)
            {
                throw new SimulationException(
                    SimulationFault.LimitExceeded,
                    $"too many blocks: block {index} has number {own}, at most {SimulationRequest.MaxBlocks} are simulated, up to number {last}");
            }

            while (++number < own)
            {
                timestamp += period;
                planned.Add(new BlockToSimulate { Number = number, Timestamp = timestamp });
            }

            ulong time = block.Timestamp ?? timestamp + period;
            if (time <= timestamp)
            {
                throw new SimulationException(
                    SimulationFault.TimestampOrder, $"block timestamps must be in order: block {index} has time {time}, the one before {timestamp}");
            }

            if (time > maxTimestamp)
            {
                throw new SimulationException(
                    SimulationFault.InvalidParams, $"block {index} has time {time}: expected seconds since 1970, at most {maxTimestamp}");
            }

            timestamp = time;
            planned.Add(block with { Number = own, Timestamp = time });
        }

        return planned;
    }
}
