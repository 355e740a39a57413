namespace Fvm.Chain;

/// <summary>A block's proof of having won its election.</summary>
/// <param name="WinCount">The number of wins, by which the block reward is multiplied.</param>
/// <param name="VrfProof">The proof of the verifiable random function.</param>
public sealed record ElectionProof(long WinCount, ReadOnlyMemory<byte> VrfProof);
