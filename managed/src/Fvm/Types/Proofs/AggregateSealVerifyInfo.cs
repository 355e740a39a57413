using Fvm.Ipld;

namespace Fvm;

/// <summary>One seal of an aggregate.</summary>
/// <param name="SectorNumber">The sector's number with the aggregate's miner.</param>
/// <param name="Randomness">32 bytes in a valid seal.</param>
/// <param name="InteractiveRandomness">32 bytes in a valid seal.</param>
/// <param name="SealedCid">CommR.</param>
/// <param name="UnsealedCid">CommD.</param>
public readonly record struct AggregateSealVerifyInfo(
    ulong SectorNumber, ReadOnlyMemory<byte> Randomness, ReadOnlyMemory<byte> InteractiveRandomness, Cid SealedCid, Cid UnsealedCid);
