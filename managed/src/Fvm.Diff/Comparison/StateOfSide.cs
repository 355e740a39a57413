using Fvm.Ipld;

namespace Fvm.Diff;

/// <summary>A state root with the blocks that its side wrote; the others are the vector's.</summary>
/// <param name="Root">The root.</param>
/// <param name="Written">The blocks that the side wrote.</param>
public sealed record StateOfSide(Cid Root, IEnumerable<KeyValuePair<Cid, byte[]>> Written);
