namespace Fvm;

/// <summary>A consensus fault that the host found in two block headers.</summary>
/// <param name="Target">The miner at fault.</param>
/// <param name="Epoch">The higher of the two blocks' epochs.</param>
/// <param name="Type">The kind of fault.</param>
public readonly record struct ConsensusFault(ActorId Target, ChainEpoch Epoch, ConsensusFaultType Type);
