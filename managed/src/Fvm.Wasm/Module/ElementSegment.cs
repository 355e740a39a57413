using System.Collections.Immutable;

namespace Fvm.Wasm;

/// <summary>A segment of function references for the table.</summary>
/// <param name="Mode">When it is written.</param>
/// <param name="Offset">Where an active one goes.</param>
/// <param name="Functions">Function indices; <see cref="Null"/> is a null reference.</param>
public sealed record ElementSegment(SegmentMode Mode, ConstantExpression Offset, ImmutableArray<int> Functions)
{
    /// <summary>Stands for a null reference among <see cref="Functions"/>.</summary>
    public const int Null = -1;
}
