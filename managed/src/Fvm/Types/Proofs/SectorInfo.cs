using Fvm.Ipld;

namespace Fvm;

/// <summary>A sector challenged by a proof of spacetime.</summary>
/// <param name="Proof">Its seal proof type.</param>
/// <param name="SectorNumber">Its number.</param>
/// <param name="SealedCid">The commitment to the sealed sector (CommR).</param>
public readonly record struct SectorInfo(RegisteredSealProof Proof, ulong SectorNumber, Cid SealedCid);
