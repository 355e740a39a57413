using System.Diagnostics;
using Fvm.Hosting;

namespace Fvm.Sidecar;

/// <summary>
/// Wakes a machine that waits for answers. The events of .NET spin before they sleep: answers take longer than that, and the processor is needed by
/// the client and by other machines.
/// </summary>
internal sealed class AnswerSignal : IDisposable
{
    // The semaphore's timeouts depend on the system's clock, which may be set.
    private const double LongestSleepMilliseconds = 1_000;

    private readonly NativeSemaphore _semaphore = new();

    /// <summary>Something has changed.</summary>
    public void Set() => _semaphore.Give();

    /// <summary>Waits until an answer is complete.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="timeout">The longest wait since the question.</param>
    /// <param name="cancelled">Ends the wait; it sets the signal.</param>
    /// <returns>False if it did not come in time.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public bool Wait(PendingAnswer answer, TimeSpan timeout, CancellationToken cancelled)
    {
        while (!answer.IsComplete)
        {
            cancelled.ThrowIfCancellationRequested();
            TimeSpan left = timeout - Stopwatch.GetElapsedTime(answer.Asked);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            _semaphore.TryTake((int)Math.Ceiling(Math.Min(left.TotalMilliseconds, LongestSleepMilliseconds)));
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _semaphore.Dispose();
}
