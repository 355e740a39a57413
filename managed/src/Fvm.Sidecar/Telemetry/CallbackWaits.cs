using System.Diagnostics;
using Fvm.Protocol.V1;

namespace Fvm.Sidecar;

/// <summary>The waits of a machine for its client during one call. Used by one thread at a time.</summary>
internal sealed class CallbackWaits(SidecarMetrics metrics)
{
    /// <summary>The number of callbacks.</summary>
    public int Count { get; private set; }

    /// <summary>The time of all of them together.</summary>
    public TimeSpan Total { get; private set; }

    /// <summary>The time stamp at the first callback.</summary>
    public long First { get; private set; }

    /// <summary>The time stamp after the last callback.</summary>
    public long Last { get; private set; }

    /// <summary>Begins a call.</summary>
    public void Begin()
    {
        Count = 0;
        Total = TimeSpan.Zero;
    }

    /// <summary>Adds a callback that has ended.</summary>
    /// <param name="question">The question.</param>
    /// <param name="asked">The time stamp when it was asked.</param>
    /// <param name="answers">The answers; null if none came.</param>
    /// <param name="isFirst">Whether it is the first of those asked at that time: the others wait with it.</param>
    public void Add(Callback.QuestionOneofCase question, long asked, List<CallbackAnswer>? answers, bool isFirst = true)
    {
        Last = Stopwatch.GetTimestamp();
        First = Count++ == 0 ? asked : First;
        TimeSpan duration = Stopwatch.GetElapsedTime(asked, Last);
        Total += isFirst ? duration : TimeSpan.Zero;
        metrics.Asked(question, EndOf(answers), duration);
    }

    private static CallbackEnd EndOf(List<CallbackAnswer>? answers)
    {
        if (answers is null)
        {
            return CallbackEnd.None;
        }

        bool hasFailed = answers.Exists(static answer => answer.AnswerCase == CallbackAnswer.AnswerOneofCase.Failure);
        return hasFailed ? CallbackEnd.Failed : CallbackEnd.Given;
    }
}
