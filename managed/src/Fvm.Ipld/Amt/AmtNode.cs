// Nodes of AMTs.
namespace Fvm.Ipld;

/// <summary>A node: at height 0 a leaf with values, above it links; in either case one place for each value of an index's digit.</summary>
internal sealed class AmtNode
{
    private AmtNode(ReadOnlyMemory<byte>[]? values, AmtLink?[]? links)
    {
        Values = values;
        Links = links;
    }

    /// <summary>The values of a leaf, an empty memory where there is none; null for a node of links.</summary>
    public ReadOnlyMemory<byte>[]? Values { get; }

    /// <summary>The links of a node above the leaves, null where there is none; null for a leaf.</summary>
    public AmtLink?[]? Links { get; }

    public static AmtNode NewLeaf(int bitWidth) => new(new ReadOnlyMemory<byte>[1 << bitWidth], null);

    public static AmtNode NewBranch(int bitWidth) => new(null, new AmtLink?[1 << bitWidth]);

    public static AmtNode New(int bitWidth, int height) => height == 0 ? NewLeaf(bitWidth) : NewBranch(bitWidth);

    /// <summary>Whether all places are empty.</summary>
    public bool IsEmpty => Values is not null
        ? Array.TrueForAll(Values, static value => value.IsEmpty)
        : Array.TrueForAll(Links!, static link => link is null);

    /// <summary>Whether only the first place has a link: then an AMT of one level less holds the same.</summary>
    public bool HasOnlyFirstLink => Links is not null
        && Links[0] is not null
        && Array.FindLastIndex(Links, static link => link is not null) == 0;
}
