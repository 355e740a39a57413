using Fvm.Crypto;

namespace Fvm.Node;

/// <summary>The keys that the node signs with for clients of Filecoin. Thread-safe.</summary>
/// <param name="known">The keys of the test accounts, in the order in which they are shown.</param>
internal sealed class AccountKeys(IReadOnlyList<AccountKey> known)
{
    // Clients add keys.
    private const int MaxKeys = 100_000;

    private readonly Lock _gate = new();
    private readonly List<AccountKey> _keys = [.. known];
    private readonly Dictionary<Address, AccountKey> _byAddress = known.ToDictionary(static key => key.Address);

    // Null until a client chooses one.
    private Address? _default;

    /// <summary>All of them.</summary>
    public IReadOnlyList<AccountKey> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _keys];
            }
        }
    }

    /// <summary>The address that clients take who name none; null if there is no key.</summary>
    public Address? Default
    {
        get
        {
            lock (_gate)
            {
                return _default ?? (_keys.Count > 0 ? _keys[0].Address : null);
            }
        }

        set
        {
            lock (_gate)
            {
                _default = value;
            }
        }
    }

    /// <summary>The key of an address; null if it is not here.</summary>
    public AccountKey? Find(in Address address)
    {
        lock (_gate)
        {
            return _byAddress.GetValueOrDefault(address);
        }
    }

    /// <summary>Adds a key; one that is there already stays.</summary>
    /// <exception cref="RefusedException">There are too many.</exception>
    public void Add(AccountKey key)
    {
        lock (_gate)
        {
            if (_keys.Count == MaxKeys)
            {
                throw new RefusedException($"the node keeps at most {MaxKeys} keys");
            }

            if (_byAddress.TryAdd(key.Address, key))
            {
                _keys.Add(key);
            }
        }
    }

    /// <summary>A new random key of a kind, as Lotus names it; null if there is no such kind.</summary>
    public static AccountKey? CreateRandom(string kind)
    {
        // Random but for six bits of each: 244 bits in all.
        byte[] random = [.. Guid.NewGuid().ToByteArray(), .. Guid.NewGuid().ToByteArray()];
        return Create(kind, Keccak256.Hash(random));
    }

    /// <summary>The key of some bytes in big-endian order; null if there is no such kind, or the bytes are no key.</summary>
    public static AccountKey? Create(string kind, byte[] bytes) => kind switch
    {
        "bls" when BlsSecretKey.TryCreate(bytes, out BlsSecretKey? key) => AccountKey.OfBls(key),
        "secp256k1" when EthKey.TryCreate(bytes, out EthKey? key) => AccountKey.OfSecp256k1(key),
        "delegated" when EthKey.TryCreate(bytes, out EthKey? key) => AccountKey.OfEthereum(key),
        _ => null,
    };
}
