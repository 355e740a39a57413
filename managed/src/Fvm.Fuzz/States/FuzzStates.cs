using Fvm.Ipld;
using Fvm.Vectors;
using Fvm.Wasm;

namespace Fvm.Fuzz;

/// <summary>Makes the states that sequences start from: by genesis from bundles, and out of vectors.</summary>
/// <param name="bundleDirectory">The folder of the actors' bundles; null if there is none.</param>
internal sealed class FuzzStates(string? bundleDirectory)
{
    private readonly BundleCatalog _bundles = new(bundleDirectory);

    /// <summary>The state that a network starts with, with some accounts.</summary>
    /// <param name="bundle">The bundle's file; null for the one of the network version.</param>
    /// <param name="networkVersion">The network version.</param>
    /// <exception cref="InputException">There is no such bundle, or it does not serve that network version.</exception>
    public FuzzState Genesis(string? bundle, uint networkVersion)
    {
        if (!Enum.IsDefined((NetworkVersion)networkVersion))
        {
            throw new InputException($"network version {networkVersion} is unknown; `fvm networks` lists those that are known");
        }

        if (bundleDirectory is null)
        {
            throw new InputException($"the actors' bundles are unknown: name their folder with --bundles or {BundleDirectory.BundlesVariable}");
        }

        string name = bundle is null ? BundleCatalog.DefaultName(networkVersion) : Path.GetFileName(bundle);
        string path = Path.Combine(bundleDirectory, name);
        if (bundle is not null && Path.GetFullPath(bundle) != Path.GetFullPath(path))
        {
            throw new InputException($"{bundle}: finds name their bundle by file name, so it has to be in the bundles' folder, {bundleDirectory}");
        }

        using CarStore car = CarBlocks.Open(path);
        MemoryBlockstore code = new();
        code.PutMany(car.ReadAll());
        MemoryBlockstore written = new();
        using EnginePool pool = new(WasmEngines.Default);
        try
        {
            BundleGenesisSpec spec = new()
            {
                NetworkVersion = (NetworkVersion)networkVersion,
                NetworkName = "fuzz",
                Accounts = Accounts(),
            };
            Cid root = new BundleGenesis(pool, new LayeredBlockstore(written, code)).Build(car.Roots[0], spec);
            return FuzzState.Open(name, code, networkVersion, root, written);
        }
        catch (InputException exception)
        {
            throw new InputException($"{path}: {exception.Message}", exception);
        }
    }

    /// <summary>The state that a vector starts from.</summary>
    /// <exception cref="InputException">The vector's CAR, root or bundle cannot be used.</exception>
    public FuzzState Of(Vector vector, VectorVariant variant)
    {
        if (!Enum.IsDefined((NetworkVersion)variant.NetworkVersion))
        {
            throw new InputException($"{vector.Source}: network version {variant.NetworkVersion} is unknown");
        }

        MemoryBlockstore blocks = new();
        blocks.PutMany(CarBlocks.Read(vector.Car, $"{vector.Source}: car").Blocks);
        if (!Cid.TryParse(vector.PreRoot, out Cid root))
        {
            throw new InputException($"{vector.Source}: preconditions.state_tree.root_cid is not a CID");
        }

        IBlockstore code = _bundles.Of(vector, variant);
        return FuzzState.Open(vector.Bundle, code, variant.NetworkVersion, root, blocks);
    }

    // Keys are of few bytes, so that generated addresses meet them.
    private static GenesisAccount[] Accounts()
    {
        List<GenesisAccount> accounts = [];
        for (byte number = 0; number < 3; number++)
        {
            TokenAmount balance = TokenAmount.FromWhole(1_000_000 / ((number * 1_000L) + 1));
            byte[] key = new byte[Address.Secp256k1PublicKeyLength];
            key.AsSpan().Fill(number);
            accounts.Add(new GenesisAccount(Address.NewSecp256k1(key), balance));
            accounts.Add(new GenesisAccount(Address.NewBls(key.AsSpan(0, Address.BlsPublicKeyLength)), balance));
            accounts.Add(new GenesisAccount(Address.NewDelegated(ActorId.EthereumAddressManager, [0xe0, .. key.AsSpan(0, 19)]), balance));
        }

        return [.. accounts];
    }
}
