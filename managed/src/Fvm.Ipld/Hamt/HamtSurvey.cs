// What is there of a HAMT.
namespace Fvm.Ipld;

/// <summary>What was found of a HAMT of which parts may be missing or malformed.</summary>
/// <param name="Nodes">How many nodes were read.</param>
/// <param name="Missing">Nodes that are linked to and not there; what lies below them is not known.</param>
/// <param name="Malformed">Nodes that are there and are not what they must be, each with the reason.</param>
public sealed record HamtSurvey(int Nodes, IReadOnlyList<Cid> Missing, IReadOnlyList<(Cid Node, string Reason)> Malformed);
