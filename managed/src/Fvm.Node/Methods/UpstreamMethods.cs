using Fvm.Chain;

namespace Fvm.Node;

/// <summary>The methods about the node that a chain forks off.</summary>
/// <param name="chain">The chain.</param>
internal sealed class UpstreamMethods(LocalChain chain)
{
    /// <summary>Adds all methods.</summary>
    public void AddTo(RpcRegistry registry) => registry.Add(["anvil_setRpcUrl", "hardhat_setRpcUrl"], call =>
    {
        RpcEndpoint endpoint = EndpointIn(call.Parameters[0, "URL"]);
        (chain.Upstream ?? throw RpcException.NotSupported(call.Method, "this node is no fork")).MoveTo(endpoint);
    });

    /// <summary>The URL of a node.</summary>
    /// <exception cref="RpcException">It is none.</exception>
    public static RpcEndpoint EndpointIn(RpcValue value)
    {
        try
        {
            return RpcEndpoint.Parse(value.Text(), token: null);
        }
        catch (FormatException exception)
        {
            throw value.Expected($"a URL; {exception.Message}");
        }
    }
}
