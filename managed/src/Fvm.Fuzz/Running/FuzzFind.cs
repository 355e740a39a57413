using Fvm.Diff;

namespace Fvm.Fuzz;

/// <summary>An input on which the sides differ.</summary>
/// <param name="Number">From 1 on.</param>
/// <param name="Path">The vector's file.</param>
/// <param name="Comparison">What differs.</param>
/// <param name="Seconds">The time from the start, in seconds.</param>
/// <param name="Messages">The messages that both sides had executed by then.</param>
public sealed record FuzzFind(int Number, string Path, VectorComparison Comparison, double Seconds, long Messages);
