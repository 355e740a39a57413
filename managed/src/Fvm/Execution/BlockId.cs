namespace Fvm;

/// <summary>A block handle, counted from 1 in each actor invocation.</summary>
internal readonly record struct BlockId(uint Value)
{
    /// <summary>The handle for "no block".</summary>
    public static BlockId NoData => new(0);
}
