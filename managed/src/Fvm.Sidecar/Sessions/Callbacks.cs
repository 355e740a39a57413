using System.Collections.Concurrent;
using Fvm.Protocol.V1;
using Grpc.Core;

namespace Fvm.Sidecar;

/// <summary>
/// The questions of a session's machines to its client, by identifier. Answers count as bytes of the session until they are used: parts of one
/// could follow each other without end. Thread-safe.
/// </summary>
internal sealed class Callbacks(FrameWriter writer, SessionBytes bytes, TimeSpan timeout, CancellationToken ended)
{
    private readonly ConcurrentDictionary<ulong, Pending> _pending = new();
    private long _last;

    /// <summary>The number of unanswered callbacks.</summary>
    public int Count => _pending.Count;

    /// <summary>Asks the client, and waits for the answer.</summary>
    /// <param name="callId">The call that the question belongs to.</param>
    /// <param name="question">The question.</param>
    /// <param name="cancelled">The call's cancellation.</param>
    /// <returns>The answers: one, or those of a get in parts.</returns>
    /// <exception cref="CallFault">There is no answer in time, or the call was cancelled.</exception>
    public List<CallbackAnswer> Ask(ulong callId, Callback question, CancellationToken cancelled)
    {
        question.CallbackId = (ulong)Interlocked.Increment(ref _last);
        Pending pending = new(bytes);
        _pending[question.CallbackId] = pending;
        try
        {
            writer.Write(new SessionResponse { CallId = callId, Callback = question });
            if (!pending.Done.Wait(timeout, cancelled))
            {
                throw new CallFault(
                    StatusCode.DeadlineExceeded, ErrorReason.CallbackTimeout, $"the client did not answer {question.QuestionCase} within {timeout}");
            }

            return pending.Answers;
        }
        finally
        {
            // Not disposed: an answer may be on its way, and the event has no handle of the system's.
            _pending.TryRemove(question.CallbackId, out _);
            pending.Release();
        }
    }

    /// <summary>Takes an answer. One that comes late, or twice, has no question any more, and is ignored.</summary>
    /// <exception cref="CallFault">The session never asked that, or holds too many bytes.</exception>
    public void Answer(CallbackAnswer answer)
    {
        if (answer.CallbackId == 0 || answer.CallbackId > (ulong)Interlocked.Read(ref _last))
        {
            throw CallFault.Protocol($"there was no callback {answer.CallbackId}");
        }

        if (!ended.IsCancellationRequested && _pending.TryGetValue(answer.CallbackId, out Pending? pending))
        {
            pending.Add(answer);
        }
    }

    private sealed class Pending(SessionBytes bytes)
    {
        private readonly Lock _gate = new();
        private long _held;
        private bool _released;

        public List<CallbackAnswer> Answers { get; } = [];

        public ManualResetEventSlim Done { get; } = new();

        public void Add(CallbackAnswer answer)
        {
            lock (_gate)
            {
                if (Done.IsSet || _released)
                {
                    return;
                }

                int size = answer.CalculateSize();
                bytes.Add(size);
                _held += size;
                Answers.Add(answer);
            }

            if (answer.AnswerCase != CallbackAnswer.AnswerOneofCase.Blocks || !answer.Blocks.More)
            {
                Done.Set();
            }
        }

        // The asker has the answers, or waits no longer.
        public void Release()
        {
            lock (_gate)
            {
                _released = true;
                bytes.Remove(_held);
            }
        }
    }
}
