using System.Text;

namespace Fvm;

/// <summary>
/// The actors that an error passed on its way up, and the syscall error or fatal error that it came from. Only for people: nothing of it
/// is consensus.
/// </summary>
public sealed class Backtrace
{
    private readonly List<string> _frames = [];
    private string? _cause;

    /// <summary>Whether there is nothing to tell.</summary>
    public bool IsEmpty => _frames.Count == 0 && _cause is null;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _frames.Clear();
        _cause = null;
    }

    /// <summary>Starts a new backtrace at its cause: what was recorded before belongs to an error that some actor has handled.</summary>
    public void Begin(string cause)
    {
        _frames.Clear();
        _cause = cause;
    }

    /// <summary>Sets the cause once the frames are there.</summary>
    public void SetCause(string cause) => _cause = cause;

    /// <summary>Adds an actor that ended with an error.</summary>
    public void Push(ActorId actor, MethodNumber method, ExitCode exitCode, string message) =>
        _frames.Add($"f0{actor.Value} (method {method.Value}) -- {message} ({exitCode.Value})");

    /// <summary>A line for each actor and the cause; what actors say is escaped, so that it cannot pass for a line of its own.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        for (int i = _frames.Count - 1, n = 0; i >= 0; i--, n++)
        {
            text.Append($"{n:00}: ").Append(PrintableText.Of(_frames[i])).Append('\n');
        }

        if (_cause is not null)
        {
            text.Append("--> caused by: ").Append(PrintableText.Of(_cause)).Append('\n');
        }

        return text.ToString();
    }
}
