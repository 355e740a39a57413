using System.Text;

namespace Fvm.Diff;

/// <summary>A call that was open at a line of a trace, with what it invoked. Texts are the trace's own.</summary>
public sealed record CallStackEntry
{
    /// <summary>The caller, such as <c>f0100</c>.</summary>
    public required string From { get; init; }

    /// <summary>The receiver's address.</summary>
    public required string To { get; init; }

    /// <summary>The method's number.</summary>
    public required string Method { get; init; }

    /// <summary>Parameters, value, gas limit and read-only, each behind a comma; the whole call if it is malformed.</summary>
    public required string Details { get; init; }

    /// <summary>The invoked actor's ID, such as <c>f0101</c>; null if no code was invoked.</summary>
    public string? Invoked { get; init; }

    /// <summary>The invoked code.</summary>
    public string? Code { get; init; }

    /// <summary>The caller's name; null if it is no builtin actor.</summary>
    public string? FromName { get; init; }

    /// <summary>The receiver's name; null if it is no builtin actor.</summary>
    public string? ToName { get; init; }

    /// <summary>The method's name; null if it is not known.</summary>
    public string? MethodName { get; init; }

    /// <summary>The call as one line: <c>f0100 account → f02 reward, method 2 AwardBlockReward, gas limit 5000 [f02, code bafk…]</c>.</summary>
    public override string ToString()
    {
        if (To.Length == 0)
        {
            return Details;
        }

        StringBuilder text = new();
        text.Append(From).Append(Named(FromName)).Append(" → ").Append(To).Append(Named(ToName));
        text.Append(", method ").Append(Method).Append(Named(MethodName)).Append(Details);
        return Invoked is null ? text.ToString() : text.Append(" [").Append(Invoked).Append(", code ").Append(Code).Append(']').ToString();
    }

    private static string Named(string? name) => name is null ? string.Empty : $" {name}";
}
