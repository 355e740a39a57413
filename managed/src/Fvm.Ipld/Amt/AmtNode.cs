namespace Fvm.Ipld;

/// <summary>A node: at height 0 a leaf with values, above it links; one slot per value of an index digit.</summary>
internal sealed class AmtNode
{
    private AmtNode(ReadOnlyMemory<byte>[]? values, AmtLink?[]? links)
    {
        Values = values;
        Links = links;
    }

    /// <summary>A leaf's values, empty memory for unset slots; null for an inner node.</summary>
    public ReadOnlyMemory<byte>[]? Values { get; }

    /// <summary>An inner node's links, null for unset slots; null for a leaf.</summary>
    public AmtLink?[]? Links { get; }

    public static AmtNode NewLeaf(int bitWidth) => new(new ReadOnlyMemory<byte>[1 << bitWidth], null);

    public static AmtNode NewBranch(int bitWidth) => new(null, new AmtLink?[1 << bitWidth]);

    public static AmtNode New(int bitWidth, int height) => height == 0 ? NewLeaf(bitWidth) : NewBranch(bitWidth);

    /// <summary>Whether all slots are unset.</summary>
    public bool IsEmpty => Values is not null
        ? Array.TrueForAll(Values, static value => value.IsEmpty)
        : Array.TrueForAll(Links!, static link => link is null);

    /// <summary>Whether only the first slot is set: an AMT one level lower then has the same content.</summary>
    public bool HasOnlyFirstLink => Links is not null
        && Links[0] is not null
        && Array.FindLastIndex(Links, static link => link is not null) == 0;
}
