namespace Fvm.Diff;

/// <summary>How many vectors of a part of the kit passed.</summary>
/// <param name="Passed">Those with the results of the kit.</param>
/// <param name="Failed">Those with others, or without.</param>
/// <param name="Refused">Those of network versions at which the side gives no result at all.</param>
internal sealed record ConformanceCount(int Passed, int Failed, int Refused);
