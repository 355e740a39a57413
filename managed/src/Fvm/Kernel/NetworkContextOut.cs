namespace Fvm;

/// <summary>What <c>network.context</c> tells an actor.</summary>
public readonly record struct NetworkContextOut(long Epoch, ulong Timestamp, UInt128 BaseFee, ulong ChainId, uint NetworkVersion);
