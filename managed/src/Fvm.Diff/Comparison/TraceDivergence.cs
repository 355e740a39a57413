namespace Fvm.Diff;

/// <summary>The first line in which two traces differ, with its surroundings.</summary>
/// <param name="Line">Its index; in both traces, as all lines before are equal.</param>
/// <param name="Order">The order of the lines.</param>
/// <param name="Before">The lines before it, the nearest last.</param>
/// <param name="A">The line and those after it in the first side's trace; empty if that trace ends here.</param>
/// <param name="B">The line and those after it in the second side's trace; empty if that trace ends here.</param>
/// <param name="CallsA">The calls that the line is within, the outermost first.</param>
/// <param name="CallsB">The same of the second side; differs only if the line itself begins a call.</param>
public sealed record TraceDivergence(
    int Line,
    TraceOrder Order,
    IReadOnlyList<string> Before,
    IReadOnlyList<string> A,
    IReadOnlyList<string> B,
    IReadOnlyList<CallStackEntry> CallsA,
    IReadOnlyList<CallStackEntry> CallsB);
