namespace Fvm.Ipld;

/// <summary>The result of surveying a possibly incomplete or malformed HAMT.</summary>
/// <param name="Nodes">The number of nodes read.</param>
/// <param name="Missing">Linked but missing nodes; the entries below them are unknown.</param>
/// <param name="Malformed">Malformed nodes, each with the reason.</param>
public sealed record HamtSurvey(int Nodes, IReadOnlyList<Cid> Missing, IReadOnlyList<(Cid Node, string Reason)> Malformed);
