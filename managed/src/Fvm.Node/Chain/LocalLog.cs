using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>A log of a contract: an event whose entries are topics and data.</summary>
/// <param name="Address">The emitter.</param>
/// <param name="Topics">At most four.</param>
/// <param name="Data">The data; may be empty.</param>
/// <param name="Index">The number within the block.</param>
internal sealed record LocalLog(EthAddress Address, EthHash[] Topics, ReadOnlyMemory<byte> Data, int Index);
