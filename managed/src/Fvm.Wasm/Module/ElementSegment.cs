using System.Collections.Immutable;

namespace Fvm.Wasm;

/// <summary>An element segment of function references.</summary>
/// <param name="Mode">Active, passive or declared.</param>
/// <param name="Offset">Table offset of an active segment.</param>
/// <param name="Functions">Function indices; <see cref="Null"/> is a null reference.</param>
public sealed record ElementSegment(SegmentMode Mode, ConstantExpression Offset, ImmutableArray<int> Functions)
{
    /// <summary>The null reference in <see cref="Functions"/>.</summary>
    public const int Null = -1;
}
