using System.Collections.Concurrent;
using System.Diagnostics;
using Fvm.Protocol.V1;
using Grpc.Core;

namespace Fvm.Sidecar;

/// <summary>
/// The questions of a session's machines to its client, by identifier. Answers count as bytes of the session until they are used: parts of one
/// could follow each other without end. Thread-safe.
/// </summary>
internal sealed class Callbacks(FrameWriter writer, SessionBytes bytes, TimeSpan timeout, CancellationToken ended)
{
    private readonly ConcurrentDictionary<ulong, PendingAnswer> _pending = new();
    private long _last;

    /// <summary>The number of unanswered callbacks.</summary>
    public int Count => _pending.Count;

    /// <summary>Asks the client, and does not wait for the answer.</summary>
    /// <param name="callId">The call that the question belongs to.</param>
    /// <param name="question">The question.</param>
    /// <param name="signal">Set when the answer is complete.</param>
    /// <returns>The answer to come; <see cref="Forget"/> must follow, once it was used.</returns>
    /// <exception cref="CallFault">The client does not read.</exception>
    /// <exception cref="OperationCanceledException">The session has ended.</exception>
    public PendingAnswer Begin(ulong callId, Callback question, AnswerSignal signal)
    {
        question.CallbackId = (ulong)Interlocked.Increment(ref _last);
        PendingAnswer pending = new(question, bytes, signal);
        _pending[question.CallbackId] = pending;
        try
        {
            writer.Write(new SessionResponse { CallId = callId, Callback = question });
        }
        catch
        {
            Forget(pending);
            throw;
        }

        pending.Asked = Stopwatch.GetTimestamp();
        return pending;
    }

    /// <summary>Waits for an answer.</summary>
    /// <param name="pending">The answer to come.</param>
    /// <param name="signal">The one given with the question.</param>
    /// <param name="cancelled">The call's cancellation.</param>
    /// <returns>The answers: one, or those of a get in parts.</returns>
    /// <exception cref="CallFault">There is no answer in time.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public List<CallbackAnswer> Wait(PendingAnswer pending, AnswerSignal signal, CancellationToken cancelled) =>
        signal.Wait(pending, timeout, cancelled)
        ? pending.Parts
        : throw new CallFault(
            StatusCode.DeadlineExceeded, ErrorReason.CallbackTimeout, $"the client did not answer {pending.Question.QuestionCase} within {timeout}");

    /// <summary>An answer was used, or nobody waits for it any longer.</summary>
    public void Forget(PendingAnswer pending)
    {
        _pending.TryRemove(pending.Question.CallbackId, out _);
        pending.Release();
    }

    /// <summary>Takes an answer. One that comes late, or twice, has no question any more, and is ignored.</summary>
    /// <exception cref="CallFault">The session never asked that, or holds too many bytes.</exception>
    public void Answer(CallbackAnswer answer)
    {
        if (answer.CallbackId == 0 || answer.CallbackId > (ulong)Interlocked.Read(ref _last))
        {
            throw CallFault.Protocol($"there was no callback {answer.CallbackId}");
        }

        if (!ended.IsCancellationRequested && _pending.TryGetValue(answer.CallbackId, out PendingAnswer? pending))
        {
            pending.Add(answer);
        }
    }
}
