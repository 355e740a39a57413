using Fvm.Ipld;

namespace Fvm;

/// <summary>Bytes with their codec: parameters and return values.</summary>
/// <param name="Codec">A multicodec; see <see cref="Multicodec"/>.</param>
/// <param name="Data">The bytes.</param>
public sealed record IpldBlock(ulong Codec, ReadOnlyMemory<byte> Data);
