using System.Text;

namespace Fvm;

/// <summary>
/// The actors through which an error propagated, and the syscall error or fatal error that caused it. Human-readable only: not part of
/// consensus.
/// </summary>
internal sealed class Backtrace
{
    // Made by the first error: most messages have none. Text is made when it is asked for: many callers only look at exit codes.
    private List<Frame>? _frames;
    private string? _cause;

    /// <summary>Whether nothing is recorded.</summary>
    public bool IsEmpty => _cause is null && (_frames is null || _frames.Count == 0);

    /// <summary>Clears the backtrace.</summary>
    public void Clear()
    {
        _frames?.Clear();
        _cause = null;
    }

    /// <summary>Starts a new backtrace at its cause: an earlier one belongs to an error that an actor has handled.</summary>
    public void Begin(string cause)
    {
        _frames?.Clear();
        _cause = cause;
    }

    /// <summary>Sets the cause after the frames.</summary>
    public void SetCause(string cause) => _cause = cause;

    /// <summary>Adds an actor that ended with an error.</summary>
    public void Push(ActorId actor, MethodNumber method, ExitCode exitCode, string message) =>
        (_frames ??= []).Add(new Frame(actor, method, exitCode, message));

    /// <summary>One line per actor and one for the cause; actors' texts are escaped, so that they cannot imitate a line.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        for (int i = (_frames?.Count ?? 0) - 1, n = 0; i >= 0; i--, n++)
        {
            text.Append($"{n:00}: ").Append(PrintableText.Of(_frames![i].ToString())).Append('\n');
        }

        if (_cause is not null)
        {
            text.Append("--> caused by: ").Append(PrintableText.Of(_cause)).Append('\n');
        }

        return text.ToString();
    }

    private readonly record struct Frame(ActorId Actor, MethodNumber Method, ExitCode ExitCode, string Message)
    {
        public override string ToString() => $"f0{Actor.Value} (method {Method.Value}) -- {Message} ({ExitCode.Value})";
    }
}
