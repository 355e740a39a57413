namespace Fvm.Node;

/// <summary>Writes the result of a call, or throws <see cref="RpcException"/>.</summary>
internal delegate ValueTask RpcHandler(RpcCall call);

/// <summary>The methods by name.</summary>
internal sealed class RpcRegistry
{
    // Namespaces whose methods Lotus also has as Filecoin.EthX.
    private static readonly string[] EthereumPrefixes = ["eth_", "trace_"];

    // Namespaces whose methods Lotus also has with the namespace: Filecoin.NetVersion, Filecoin.Web3ClientVersion.
    private static readonly string[] NamedPrefixes = ["net_", "web3_"];

    private readonly SortedDictionary<string, RpcHandler> _methods = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => _methods.Keys;

    /// <summary>The error of a failure that is foreseen; null for others.</summary>
    public Func<Exception, RpcException?> ErrorOf { get; set; } = static _ => null;

    /// <summary>Adds a method, and its alias in Lotus' namespace if it has one.</summary>
    /// <param name="name">Such as <c>eth_chainId</c>.</param>
    /// <param name="handler">Writes the result to the call.</param>
    /// <exception cref="ArgumentException">The name is there already.</exception>
    public void Add(string name, Action<RpcCall> handler) => AddAsync(name, call =>
    {
        handler(call);
        return ValueTask.CompletedTask;
    });

    /// <summary>Adds a method that may wait.</summary>
    /// <exception cref="ArgumentException">The name is there already.</exception>
    public void AddAsync(string name, RpcHandler handler)
    {
        _methods.Add(name, handler);
        if (LotusAlias(name) is string alias)
        {
            // trace_block and a Filecoin method of its own may have the same alias: the first remains.
            _ = _methods.TryAdd(alias, handler);
        }
    }

    /// <summary>Adds a method under several names.</summary>
    /// <exception cref="ArgumentException">A name is there already.</exception>
    public void Add(ReadOnlySpan<string> names, Action<RpcCall> handler)
    {
        foreach (string name in names)
        {
            Add(name, handler);
        }
    }

    /// <summary>Adds a method that is refused with a reason.</summary>
    /// <exception cref="ArgumentException">The name is there already.</exception>
    public void Refuse(string name, string reason) => Add(name, call => throw RpcException.NotSupported(call.Method, reason));

    /// <summary>The handler of a method.</summary>
    public bool TryGet(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out RpcHandler? handler) =>
        _methods.TryGetValue(name, out handler);

    /// <summary>The name of a method in Lotus' namespace; null if it has none.</summary>
    public static string? LotusAlias(string name)
    {
        int at = name.IndexOf('_', StringComparison.Ordinal) + 1;
        string prefix = name[..at];
        if (NamedPrefixes.Contains(prefix))
        {
            return $"Filecoin.{Capital(prefix[..^1])}{Capital(name[at..])}";
        }

        if (!EthereumPrefixes.Contains(prefix))
        {
            return null;
        }

        return prefix == "trace_" ? $"Filecoin.EthTrace{Capital(name[at..])}" : $"Filecoin.Eth{Capital(name[at..])}";
    }

    private static string Capital(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..];
}
