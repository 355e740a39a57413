using Fvm.Tracing;

namespace Fvm.Node;

/// <summary>The keys of the test accounts.</summary>
/// <param name="keys">The keys, in the order in which they are shown.</param>
internal sealed class Wallet(IReadOnlyList<EthKey> keys)
{
    private readonly Dictionary<EthAddress, EthKey> _byAddress = keys.ToDictionary(static key => key.EthAddress);

    /// <summary>The accounts.</summary>
    public IEnumerable<EthAddress> Addresses => keys.Select(static key => key.EthAddress);

    /// <summary>The key of an address; null if it is not here.</summary>
    public EthKey? Find(EthAddress address) => _byAddress.GetValueOrDefault(address);
}
