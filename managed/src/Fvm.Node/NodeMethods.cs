namespace Fvm.Node;

/// <summary>All methods of a node.</summary>
internal static class NodeMethods
{
    /// <summary>The methods by name.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="ethereumKeys">The keys of <c>eth_accounts</c>.</param>
    /// <param name="filecoinKeys">The keys that the node signs with for clients of Filecoin.</param>
    /// <param name="lenient">Raises gas limits that are too low; null for none.</param>
    public static RpcRegistry Of(
        LocalChain chain, IReadOnlyList<EthKey> ethereumKeys, IReadOnlyList<AccountKey> filecoinKeys, LenientGas? lenient = null)
    {
        RpcRegistry registry = new();
        Wallet wallet = new(ethereumKeys);
        new EthMethods(chain, wallet, lenient).AddTo(registry);
        new SimulationMethods(chain).AddTo(registry);
        new WatchMethods(chain).AddTo(registry);
        new PoolMethods(chain).AddTo(registry);
        new SigningMethods(wallet).AddTo(registry);
        new TestMethods(chain).AddTo(registry);
        new UpstreamMethods(chain).AddTo(registry);
        new TraceMethods(chain).AddTo(registry);
        new DebugMethods(chain).AddTo(registry);
        FilecoinMethods.AddAll(registry, chain, new AccountKeys(filecoinKeys));
        new NotifyMethods(chain, FilecoinMethods.FormsOf(chain)).AddTo(registry);
        return registry;
    }
}
