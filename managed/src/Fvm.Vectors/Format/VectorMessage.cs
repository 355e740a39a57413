namespace Fvm.Vectors;

/// <summary>One message of a vector.</summary>
/// <param name="Bytes">The message in CBOR, without signature.</param>
/// <param name="Implicit">Whether it is an implicit message: applied without gas payment by its sender.</param>
/// <param name="RawLength">The on-chain length charged for, in bytes; null to derive it from the message's length and sender.</param>
public sealed record VectorMessage(byte[] Bytes, bool Implicit, int? RawLength);

/// <summary>A network version and an epoch at which to run a vector.</summary>
public sealed record VectorVariant(string Id, long Epoch, uint NetworkVersion);

/// <summary>A response of the randomness externs.</summary>
/// <param name="Beacon">Whether it is beacon randomness; otherwise chain randomness.</param>
/// <param name="Value">32 bytes.</param>
public sealed record VectorRandomness(bool Beacon, long Epoch, byte[] Value);

/// <summary>A response of the tipset extern: the CID of the tipset at an epoch.</summary>
public sealed record VectorTipsetCid(long Epoch, string Cid);

/// <summary>A response of the consensus fault extern.</summary>
/// <param name="Headers">The headers that were given: the two, and the third one or nothing.</param>
/// <param name="Fault">The fault; null for none.</param>
/// <param name="GasUsed">The gas of the host's check.</param>
public sealed record VectorConsensusFault(IReadOnlyList<byte[]> Headers, ConsensusFault? Fault, long GasUsed);
