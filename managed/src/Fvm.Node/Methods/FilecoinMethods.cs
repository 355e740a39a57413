namespace Fvm.Node;

/// <summary>What the methods <c>Filecoin.*</c> have in common.</summary>
internal static class FilecoinMethods
{
    private const ulong MainnetChainId = 314;
    private const string Prefix = "Filecoin.";

    /// <summary>Adds all methods.</summary>
    /// <param name="registry">Receives them.</param>
    /// <param name="chain">The chain.</param>
    /// <param name="keys">The keys that the node signs with.</param>
    public static void AddAll(RpcRegistry registry, LocalChain chain, AccountKeys keys)
    {
        registry.ErrorOf = CallErrors.Of;
        LotusForms forms = FormsOf(chain);
        new FilecoinChainMethods(chain, forms).AddTo(registry);
        new FilecoinStateMethods(chain, forms).AddTo(registry);
        new FilecoinMessageMethods(chain, forms).AddTo(registry);
        new FilecoinPoolMethods(chain, keys, forms).AddTo(registry);
        new FilecoinWalletMethods(chain, keys, forms).AddTo(registry);
        new FilecoinEventMethods(chain, forms).AddTo(registry);
        new FilecoinStorageMethods(chain, forms).AddTo(registry);
        new FilecoinTestMethods(chain, forms).AddTo(registry);
        new FilecoinEthMethods(chain, forms).AddTo(registry);
    }

    /// <summary>Writes the values of a chain.</summary>
    public static LotusForms FormsOf(LocalChain chain) => new(chain.ChainId == MainnetChainId ? AddressNetwork.Mainnet : AddressNetwork.Testnet);

    /// <summary>Adds a method; failures of the chain become errors of JSON-RPC.</summary>
    /// <param name="registry">Receives it.</param>
    /// <param name="name">The name in Lotus's namespace.</param>
    /// <param name="handler">Writes the result.</param>
    public static void Add(RpcRegistry registry, string name, Action<RpcCall> handler) => Add(registry, name, call =>
    {
        handler(call);
        return Task.CompletedTask;
    });

    /// <summary>Adds a method that may wait.</summary>
    public static void Add(RpcRegistry registry, string name, Func<RpcCall, Task> handler) => registry.AddAsync(Prefix + name, async call =>
    {
        try
        {
            await handler(call);
        }
        catch (FatalException exception)
        {
            throw TipsetLookup.Failure(exception.Message);
        }
        catch (Exception exception) when (CallErrors.Of(exception) is RpcException error)
        {
            throw error;
        }
    });
}
