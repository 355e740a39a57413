namespace Fvm.Node;

/// <summary>How a client names a block.</summary>
internal enum BlockReferenceKind
{
    Latest,
    Pending,
    Safe,
    Finalized,
    Earliest,
    Number,
    Hash,
}
