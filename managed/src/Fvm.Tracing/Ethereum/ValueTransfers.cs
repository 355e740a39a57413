namespace Fvm.Tracing;

/// <summary>
/// Finds the movements of value in a message's trace: those of the calls and creations that Ethereum's tools see (<see cref="EthFrames"/>), so that
/// a creation is one transfer, not the calls of three actors that it consists of.
/// </summary>
public static class ValueTransfers
{
    /// <summary>The transfers of a message in their order; none if it failed.</summary>
    /// <param name="machine">The machine that applied it.</param>
    /// <param name="message">The message.</param>
    /// <param name="result">Its result, with trace.</param>
    /// <exception cref="FatalException">The state is incomplete or malformed.</exception>
    public static IReadOnlyList<ValueTransfer> Of(Machine machine, Message message, ApplyRet result)
    {
        CallTree tree = CallTree.Of(result, ActorNames.Of(machine));
        EthAddress sender = EthAddress.Find(message.From, machine.StateTree) ?? default;
        if (!result.Receipt.ExitCode.IsSuccess || tree.Outermost is not CallNode outermost || EthFrames.Of(tree, sender) is not EthFrame frame)
        {
            return [];
        }

        Walk walk = new();
        walk.Note(frame);
        walk.Take(outermost, counts: true);
        return walk.Found;
    }

    /// <summary>A walk through the calls in their order. Recurses to the depth of actor calls, which the machine limits.</summary>
    private sealed class Walk
    {
        // In the order of their calls, which are some of all.
        private readonly List<EthFrame> _frames = [];
        private int _next;
        private int _events;

        public List<ValueTransfer> Found { get; } = [];

        public void Note(EthFrame frame)
        {
            _frames.Add(frame);
            foreach (EthFrame inner in frame.Frames)
            {
                Note(inner);
            }
        }

        // What fails moves nothing, and neither do the calls in it.
        public void Take(CallNode call, bool counts)
        {
            counts &= call.HasEnded && call.ExitCode.IsSuccess;
            if (_next < _frames.Count && ReferenceEquals(_frames[_next].Source, call))
            {
                EthFrame frame = _frames[_next++];
                if (counts && frame is { To: EthAddress to, Value.IsZero: false })
                {
                    Found.Add(new ValueTransfer(frame.From, to, frame.Value, _events));
                }
            }

            int next = 0;
            for (int made = 0; made <= call.Calls.Count; made++)
            {
                for (; next < call.Events.Count && call.Events[next].CallsBefore <= made; next++)
                {
                    _events = call.Events[next].Index + 1;
                }

                if (made < call.Calls.Count)
                {
                    Take(call.Calls[made], counts);
                }
            }
        }
    }
}
