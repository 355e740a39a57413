namespace Fvm.Node;

/// <summary>A change of the chain.</summary>
/// <param name="Removed">Blocks that are no longer part of it, the latest first.</param>
/// <param name="Added">New blocks, the oldest first.</param>
internal sealed record ChainChange(IReadOnlyList<LocalBlock> Removed, IReadOnlyList<LocalBlock> Added);
