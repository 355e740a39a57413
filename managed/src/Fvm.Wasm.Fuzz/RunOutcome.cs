namespace Fvm.Wasm.Fuzz;

/// <summary>What can be observed of a run, a line each, in the order in which it happened.</summary>
/// <param name="Lines">Traps, results, gas, digests of memory, globals and host calls after each step.</param>
/// <param name="CountsFrames">Whether the interpreter counted frames: nothing but the machine's stack may end the module's calls.</param>
public sealed record RunOutcome(IReadOnlyList<string> Lines, bool CountsFrames = false)
{
    private static readonly string Overflow = $" {TrapCode.HostStackOverflow} ";

    /// <summary>The first line that differs from another outcome's, both sides; null if none does.</summary>
    public string? FirstDifference(RunOutcome other)
    {
        for (int i = 0; i < Math.Max(Lines.Count, other.Lines.Count); i++)
        {
            string mine = i < Lines.Count ? Lines[i] : "(nothing)";
            string theirs = i < other.Lines.Count ? other.Lines[i] : "(nothing)";
            if (mine != theirs)
            {
                // Machine code has other frames than those that are counted, for it does not run such modules but here.
                return (CountsFrames || other.CountsFrames) && (mine + theirs).Contains(Overflow, StringComparison.Ordinal)
                    ? null
                    : $"{mine}  !=  {theirs}";
            }
        }

        return null;
    }
}
