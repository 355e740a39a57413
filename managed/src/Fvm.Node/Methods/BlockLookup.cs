namespace Fvm.Node;

/// <summary>Finds the block that a client names.</summary>
/// <param name="chain">The chain.</param>
internal sealed class BlockLookup(LocalChain chain)
{
    /// <summary>A block as such; null if there is none.</summary>
    /// <exception cref="RpcException">It is one of a null round.</exception>
    public LocalBlock? Find(BlockReference reference)
    {
        if (reference.Kind != BlockReferenceKind.Number)
        {
            return reference.Kind == BlockReferenceKind.Hash ? chain.FindBlock(reference.Hash) : ByTag(reference.Kind);
        }

        if (reference.Number > chain.Head.Number)
        {
            return null;
        }

        // Lotus's error for null rounds.
        return chain.FindBlock(reference.Number)
            ?? throw new RpcException(RpcErrorCode.NullRound, $"requested epoch was a null round ({reference.Number})", $"{reference.Number}");
    }

    /// <summary>The block with the state that is meant: for a null round the last one before it.</summary>
    /// <exception cref="RpcException">There is none.</exception>
    public LocalBlock OfState(BlockReference reference) => reference.Kind switch
    {
        BlockReferenceKind.Number when reference.Number <= chain.Head.Number => chain.AtOrBefore(reference.Number),
        BlockReferenceKind.Number when reference.Number == chain.Head.Number + 1 => chain.Head,
        BlockReferenceKind.Number => throw new RpcException(
            RpcErrorCode.ServerError, $"block {reference.Number} does not exist: the latest is {chain.Head.Number}"),
        BlockReferenceKind.Hash => chain.FindBlock(reference.Hash)
            ?? throw new RpcException(RpcErrorCode.ResourceNotFound, $"there is no block {reference.Hash}"),
        _ => ByTag(reference.Kind),
    };

    /// <summary>The number that a reference stands for; that of the next block for pending.</summary>
    public ulong NumberOf(BlockReference reference) => reference.Kind switch
    {
        BlockReferenceKind.Number => reference.Number,
        BlockReferenceKind.Hash => OfState(reference).Number,
        BlockReferenceKind.Pending => chain.Head.Number + 1,
        _ => ByTag(reference.Kind).Number,
    };

    /// <summary>Whether the block that would be made next is meant.</summary>
    public bool IsPending(BlockReference reference) => reference.Kind == BlockReferenceKind.Pending
        || (reference.Kind == BlockReferenceKind.Number && reference.Number == chain.Head.Number + 1);

    private LocalBlock ByTag(BlockReferenceKind kind) => kind switch
    {
        BlockReferenceKind.Safe => chain.Safe(),
        BlockReferenceKind.Finalized => chain.Finalized(),
        BlockReferenceKind.Earliest => chain.AtOrBefore(0),
        _ => chain.Head,
    };
}
