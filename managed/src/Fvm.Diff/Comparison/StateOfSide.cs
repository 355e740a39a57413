using Fvm.Ipld;

namespace Fvm.Diff;

/// <summary>A state root with its blocks.</summary>
/// <param name="Root">The root.</param>
/// <param name="Before">The blocks of the vector: those of the state before that its messages read.</param>
/// <param name="Written">The blocks that the side wrote.</param>
public sealed record StateOfSide(Cid Root, IEnumerable<KeyValuePair<Cid, byte[]>> Before, IEnumerable<KeyValuePair<Cid, byte[]>> Written);
