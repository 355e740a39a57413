using Fvm.Ipld;

namespace Fvm;

/// <summary>A sector that a proof of spacetime is about.</summary>
/// <param name="Proof">How it was sealed.</param>
/// <param name="SectorNumber">Its number.</param>
/// <param name="SealedCid">The commitment to the sealed sector (CommR).</param>
public readonly record struct SectorInfo(RegisteredSealProof Proof, ulong SectorNumber, Cid SealedCid);
