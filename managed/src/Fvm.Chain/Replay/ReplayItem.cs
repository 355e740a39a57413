namespace Fvm.Chain;

/// <summary>A tipset to check, and its child, whose header has the results.</summary>
public readonly record struct ReplayItem(Tipset Tipset, Tipset Child);
