namespace Fvm.Node;

/// <summary>A block named by a client: by tag, number or hash.</summary>
/// <param name="Kind">Which of the fields counts.</param>
/// <param name="Number">The number, if named by it.</param>
/// <param name="Hash">The hash, if named by it.</param>
/// <param name="RequiresCanonical">With a hash: whether the block must be on the current chain.</param>
internal readonly record struct BlockReference(BlockReferenceKind Kind, ulong Number = 0, EthHash Hash = default, bool RequiresCanonical = false)
{
    public static readonly BlockReference Latest = new(BlockReferenceKind.Latest);

    public static readonly BlockReference Pending = new(BlockReferenceKind.Pending);

    public static BlockReference OfNumber(ulong number) => new(BlockReferenceKind.Number, number);

    public static BlockReference OfHash(EthHash hash) => new(BlockReferenceKind.Hash, Hash: hash);
}
