namespace Fvm;

/// <summary>A handle of an open block, counted from 1 in each actor invocation.</summary>
internal readonly record struct BlockId(uint Value)
{
    /// <summary>The handle that stands for "no block".</summary>
    public static BlockId NoData => new(0);
}
