namespace Fvm.Wasm.Fuzz;

/// <summary>The observations of a run, one per line, in chronological order.</summary>
/// <param name="Lines">Traps, results, gas, digests of memory, globals and host calls after each step.</param>
/// <param name="CountsFrames">
/// Whether the interpreter counted frames: only the machine stack then bounds the recursion of the module.
/// </param>
internal sealed record RunOutcome(IReadOnlyList<string> Lines, bool CountsFrames = false)
{
    private static readonly string Overflow = $" {TrapCode.HostStackOverflow} ";

    /// <summary>The first differing line of two outcomes, both sides; null if they are equal.</summary>
    public string? FirstDifference(RunOutcome other)
    {
        for (int i = 0; i < Math.Max(Lines.Count, other.Lines.Count); i++)
        {
            string mine = i < Lines.Count ? Lines[i] : "(nothing)";
            string theirs = i < other.Lines.Count ? other.Lines[i] : "(nothing)";
            if (mine != theirs)
            {
                // Machine code has other frame sizes than the counted ones: outside of fuzzing it does not run such modules.
                return (CountsFrames || other.CountsFrames) && (mine + theirs).Contains(Overflow, StringComparison.Ordinal)
                    ? null
                    : $"{mine}  !=  {theirs}";
            }
        }

        return null;
    }
}
