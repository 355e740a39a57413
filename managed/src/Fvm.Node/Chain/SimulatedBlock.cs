namespace Fvm.Node;

/// <summary>A simulated block. It is part of no chain.</summary>
/// <param name="Block">The block. The state behind the last one of a simulation is that before its messages, as nobody reads it.</param>
/// <param name="GasLimit">The most gas of its calls.</param>
/// <param name="Calls">What its calls gave.</param>
internal sealed record SimulatedBlock(LocalBlock Block, ulong GasLimit, IReadOnlyList<SimulatedCall> Calls);
