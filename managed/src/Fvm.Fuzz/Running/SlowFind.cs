using Fvm.Diff;

namespace Fvm.Fuzz;

/// <summary>A message that takes much time for its gas, written as a vector.</summary>
/// <param name="Path">The vector's file.</param>
/// <param name="Own">The time of the side that guides.</param>
/// <param name="Peer">The time of the other side; null if it cannot be timed.</param>
public sealed record SlowFind(string Path, VectorTime Own, VectorTime? Peer)
{
    /// <summary>The time of the side that guides in relation to the other's; null if that cannot be timed.</summary>
    public double? Ratio => Peer is { NanosecondsPerGas: > 0 } peer ? Own.NanosecondsPerGas / peer.NanosecondsPerGas : null;
}
