namespace Fvm;

/// <summary>A fault that a host found in two block headers.</summary>
/// <param name="Target">The miner at fault.</param>
/// <param name="Epoch">The higher of the two blocks' epochs.</param>
/// <param name="Type">What was wrong.</param>
public readonly record struct ConsensusFault(ActorId Target, ChainEpoch Epoch, ConsensusFaultType Type);
