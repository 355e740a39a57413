using Fvm.Chain;

namespace Fvm.Node;

/// <summary>What a fork begins with.</summary>
/// <param name="Endpoint">The upstream node.</param>
/// <param name="Epoch">The last epoch of its chain that the fork shares; null for the last one with results.</param>
/// <param name="CacheFolder">Where its blocks are kept; null for nowhere.</param>
/// <param name="Settings">Limits of requests; null for the default ones.</param>
internal sealed record ForkOptions(RpcEndpoint Endpoint, ulong? Epoch, string? CacheFolder, RpcSettings? Settings = null);
