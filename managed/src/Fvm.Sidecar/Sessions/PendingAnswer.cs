using System.Diagnostics;
using Fvm.Protocol.V1;

namespace Fvm.Sidecar;

/// <summary>The answer to a callback, perhaps in parts, which counts as bytes of the session until it is released.</summary>
/// <param name="question">The question.</param>
/// <param name="bytes">The session's bytes.</param>
/// <param name="signal">Set when the answer is complete.</param>
internal sealed class PendingAnswer(Callback question, SessionBytes bytes, AnswerSignal signal)
{
    private readonly Lock _gate = new();
    private long _held;
    private volatile bool _isComplete;
    private bool _released;

    /// <summary>The question.</summary>
    public Callback Question => question;

    /// <summary>The time stamp when it was asked.</summary>
    public long Asked { get; set; } = Stopwatch.GetTimestamp();

    /// <summary>The parts so far.</summary>
    public List<CallbackAnswer> Parts { get; } = [];

    /// <summary>Whether the last part is there.</summary>
    public bool IsComplete => _isComplete;

    /// <summary>Takes a part.</summary>
    /// <exception cref="CallFault">The session holds too many bytes.</exception>
    public void Add(CallbackAnswer part)
    {
        lock (_gate)
        {
            if (_isComplete || _released)
            {
                return;
            }

            int size = part.CalculateSize();
            bytes.Add(size);
            _held += size;
            Parts.Add(part);
            if (part.AnswerCase != CallbackAnswer.AnswerOneofCase.Blocks || !part.Blocks.More)
            {
                _isComplete = true;
                signal.Set();
            }
        }
    }

    /// <summary>The answer was used, or nobody waits for it any longer.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _released = true;
            bytes.Remove(_held);
            _held = 0;
        }
    }
}
