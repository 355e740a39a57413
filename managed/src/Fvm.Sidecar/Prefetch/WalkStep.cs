using Fvm.Ipld;

namespace Fvm.Sidecar;

/// <summary>A block that a walk comes to.</summary>
/// <param name="Cid">The block.</param>
/// <param name="Kind">Why it will be wanted.</param>
/// <param name="IsLast">Whether nothing of the walk depends on its content: it goes with others, and is not worth a round trip.</param>
internal readonly record struct WalkStep(Cid Cid, GuessKind Kind, bool IsLast = false);
