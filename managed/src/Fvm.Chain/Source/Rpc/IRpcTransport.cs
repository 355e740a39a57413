namespace Fvm.Chain;

/// <summary>Carries calls to a node and answers back. Thread-safe.</summary>
internal interface IRpcTransport : IDisposable
{
    /// <summary>Sends calls, in one request if there is such a thing.</summary>
    /// <returns>The answers, in the order of the calls.</returns>
    /// <exception cref="RpcException">The answers did not arrive, or are malformed.</exception>
    Task<IReadOnlyList<RpcAnswer>> SendAsync(IReadOnlyList<RpcCall> calls, CancellationToken cancellation);
}
