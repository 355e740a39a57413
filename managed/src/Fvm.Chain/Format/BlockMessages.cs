namespace Fvm.Chain;

/// <summary>A block and the messages of it that run: those that an earlier block of the tipset does not have.</summary>
/// <param name="Block">The header.</param>
/// <param name="Messages">The messages: those with an aggregated signature first, then the signed ones.</param>
internal sealed record BlockMessages(BlockHeader Block, IReadOnlyList<ChainMessage> Messages);
