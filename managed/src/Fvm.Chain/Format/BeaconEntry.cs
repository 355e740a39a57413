namespace Fvm.Chain;

/// <summary>An entry of the random beacon, carried by a block.</summary>
/// <param name="Round">The beacon's round.</param>
/// <param name="Data">Its signature, of which randomness is the hash.</param>
public sealed record BeaconEntry(ulong Round, ReadOnlyMemory<byte> Data);
