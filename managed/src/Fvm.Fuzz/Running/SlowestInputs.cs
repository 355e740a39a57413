using Fvm.Diff;
using Fvm.Vectors;

namespace Fvm.Fuzz;

/// <summary>A message that takes the side that guides much time for its gas.</summary>
/// <param name="Case">The vector: the message alone, or after those before it.</param>
/// <param name="Own">The time of the side that guides.</param>
internal sealed record SlowMessage(VectorCase Case, VectorTime Own);

/// <summary>Keeps the messages that take the most time per gas, one per receiver and method.</summary>
/// <param name="timer">Measures them again: the first time may include compilation, and tracing.</param>
internal sealed class SlowestInputs(Func<VectorCase, int, VectorTime> timer)
{
    private const int Most = 8;
    private const int Repeat = 3;

    // Below, the fixed work per message counts more than what its gas pays for.
    private const ulong FewestGas = 2_000_000;

    private readonly List<(Address To, MethodNumber Method, SlowMessage Slow)> _slowest = [];

    /// <summary>The messages, the slowest first.</summary>
    public IEnumerable<SlowMessage> All => _slowest.Select(static entry => entry.Slow).OrderByDescending(static slow => slow.Own.NanosecondsPerGas);

    /// <summary>Looks at an input's run.</summary>
    public void Add(FuzzInput input, SideRun run)
    {
        int count = Math.Min(run.Outcomes.Count, run.MessageTimes.Count);
        for (int index = 0; index < count; index++)
        {
            ulong gas = run.Outcomes[index].GasUsed;
            Message message = Message.Decode(input.Vector.Messages[index].Bytes);
            int same = _slowest.FindIndex(entry => entry.To == message.To && entry.Method == message.Method);
            double least = same >= 0 ? _slowest[same].Slow.Own.NanosecondsPerGas
                : _slowest.Count == Most ? _slowest.Min(static entry => entry.Slow.Own.NanosecondsPerGas)
                : 0;
            if (gas >= FewestGas && new VectorTime(run.MessageTimes[index], gas).NanosecondsPerGas > least
                && Measure(input, index) is SlowMessage slow && slow.Own.NanosecondsPerGas > least)
            {
                Keep(same, message, slow);
            }
        }
    }

    private void Keep(int same, Message message, SlowMessage slow)
    {
        if (same >= 0 || _slowest.Count == Most)
        {
            _slowest.RemoveAt(same >= 0 ? same : _slowest.IndexOf(_slowest.MinBy(static entry => entry.Slow.Own.NanosecondsPerGas)));
        }

        _slowest.Add((message.To, message.Method, slow));
    }

    // The message alone, if it is as slow then; otherwise with those before it.
    private SlowMessage? Measure(FuzzInput input, int index)
    {
        IReadOnlyList<VectorMessage> messages = input.Vector.Messages;
        SlowMessage? alone = Measure(input.With(InputGenerator.Numbered([messages[index]], input.State)));
        SlowMessage? after = index == 0 ? null : Measure(input.With([.. messages.Take(index + 1)]));
        return after is not null && (alone is null || after.Own.NanosecondsPerGas > alone.Own.NanosecondsPerGas) ? after : alone;
    }

    private SlowMessage? Measure(FuzzInput input)
    {
        try
        {
            SlowMessage slow = new(input.Case, timer(input.Case, Repeat));
            return slow.Own.Gas >= FewestGas ? slow : null;
        }
        catch (InputException)
        {
            return null;
        }
    }
}
