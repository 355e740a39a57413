// The parts of a vector that go into the machine.
namespace Fvm.Vectors;

/// <summary>One message of a vector.</summary>
/// <param name="Bytes">The CBOR of the message, without signature.</param>
/// <param name="Implicit">Whether it is applied without a sender who pays.</param>
/// <param name="RawLength">The length that is charged for; null where the vector leaves it to the message's own length and sender.</param>
public sealed record VectorMessage(byte[] Bytes, bool Implicit, int? RawLength);

/// <summary>A network version and an epoch to run a vector at.</summary>
public sealed record VectorVariant(string Id, long Epoch, uint NetworkVersion);

/// <summary>An answer of the randomness externs.</summary>
/// <param name="Beacon">Whether it is the beacon's; the chain's otherwise.</param>
/// <param name="Value">32 bytes.</param>
public sealed record VectorRandomness(bool Beacon, long Epoch, byte[] Value);

/// <summary>An answer of the tipset extern: the CID of the tipset at an epoch.</summary>
public sealed record VectorTipsetCid(long Epoch, string Cid);
