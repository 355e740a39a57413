using System.CommandLine;
using Fvm.Chain;
using Fvm.Hosting;
using Fvm.Ipld;
using Fvm.Vectors;
using Fvm.Wasm;

namespace Fvm.Cli;

/// <summary>Options that name a chain and its network.</summary>
internal sealed class ChainOptions
{
    private const string SnapshotName = "--snapshot";
    private const string StoreName = "--store";
    private const string HeadName = "--head";
    private const string NetworkName = "--network";
    private const string UpgradesName = "--upgrades";
    private const string ReserveName = "--reserve";

    private const string ProofsName = "--proofs";
    private const string LibraryPrefix = "lib:";

    // Enough for the states' upper levels.
    private const long MemoryCacheBytes = 256L << 20;

    // Enough for what each tipset reads.
    private const long UnpackedCacheBytes = 64L << 20;

    private readonly RpcOptions _rpc = new();

    public Option<string?> Snapshot { get; } = new(SnapshotName)
    {
        Description = "A CAR file with headers, messages and states, such as nodes export; uncompressed if it is larger than memory",
        HelpName = "FILE",
    };

    public Option<string?> Store { get; } = new(StoreName)
    {
        Description = "A folder with blocks, written by fvm chain import; with --rpc, what the node gives is kept there",
        HelpName = "DIR",
    };

    public Option<string?> Head { get; } = new(HeadName)
    {
        Description = "The blocks of the last tipset [default: the roots of the file, the node's head, or what was imported]",
        HelpName = "CID,…",
    };

    public Option<string?> Network { get; } = new(NetworkName)
    {
        Description = $"The network: {Names} "
            + $"[default: that whose genesis block is there; with {UpgradesName} lotus-tests]",
        HelpName = "NAME",
    };

    public Option<string?> Upgrades { get; } = new(UpgradesName)
    {
        Description = "Network versions in place of the network's own: each is that of the epochs after its EPOCH",
        HelpName = "EPOCH:VERSION,…",
    };

    public Option<string?> Reserve { get; } = new(ReserveName)
    {
        Description = "The reserve's money at genesis as the circulating supply counts it: until network version 24, and since "
            + "[default: the network's]",
        HelpName = "FIL,FIL",
    };

    public Option<string?> Bundles { get; } = new("--bundles")
    {
        Description = "The actors' code where the chain's file has none: a bundle, or a folder of bundles",
        HelpName = "FILE|DIR",
    };

    public Option<string?> Proofs { get; } = new(ProofsName)
    {
        Description = $"Verify proofs by a library with filecoin-ffi's functions; {ProofsLibrary.KeysVariable} names the folder of the keys "
            + "[default: proofs count as valid, as the network has verified them]",
        HelpName = $"{LibraryPrefix}PATH",
    };

    /// <summary>The options of a chain in a file, without those of <see cref="Bundles"/>, proofs and nodes.</summary>
    public IEnumerable<Option> OfFile => [Snapshot, Head, Network, Upgrades, Reserve];

    public IEnumerable<Option> All => [Snapshot, Store, .. _rpc.All, Head, Network, Upgrades, Reserve, Bundles, Proofs];

    /// <summary>The first epoch of a range.</summary>
    public static Option<long> From() => new("--from") { Description = "The first epoch [default: the first with a state]", HelpName = "EPOCH" };

    /// <summary>The last epoch of a range.</summary>
    public static Option<long> To() => new("--to")
    {
        Description = "The last epoch [default: that before the head]",
        HelpName = "EPOCH",
        DefaultValueFactory = static _ => long.MaxValue,
    };

    /// <summary>Refuses options that the given form of a command does not use.</summary>
    /// <param name="parsed">The arguments.</param>
    /// <param name="form">What the options need.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="UsageException">One is given.</exception>
    public static void Refuse(ParseResult parsed, string form, IEnumerable<Option> options)
    {
        if (options.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is Option given)
        {
            throw new UsageException($"{given.Name} needs {form}");
        }
    }

    /// <summary>The bundles that the options name.</summary>
    /// <exception cref="UsageException">There is none in the folder.</exception>
    /// <exception cref="InputException">A bundle is malformed.</exception>
    public IReadOnlyList<CarStore> OpenBundles(ParseResult parsed)
    {
        if (parsed.GetValue(Bundles) is not string path)
        {
            return [];
        }

        IReadOnlyList<string> files = Directory.Exists(path) ? BundleFiles.In(path) : [path];
        return files.Count > 0 ? [.. files.Select(CarBlocks.Open)] : throw new UsageException($"--bundles: there is no .car or .car.gz in {path}");
    }

    /// <summary>The library that verifies proofs; null for none.</summary>
    /// <exception cref="UsageException">The option is malformed.</exception>
    /// <exception cref="Files.FileException">The library cannot be loaded, or lacks a function.</exception>
    public ProofsLibrary? ProofsOf(ParseResult parsed)
    {
        if (parsed.GetValue(Proofs) is not string text)
        {
            return null;
        }

        return text.StartsWith(LibraryPrefix, StringComparison.Ordinal) && text.Length > LibraryPrefix.Length
            ? ProofsLibrary.Load(text[LibraryPrefix.Length..])
            : throw new UsageException($"{ProofsName}: '{text}' is not of the form {LibraryPrefix}PATH");
    }

    /// <summary>Whether a node is named.</summary>
    public bool HasNode(ParseResult parsed) => parsed.GetValue(_rpc.Url) is not null;

    /// <summary>Opens the chain's sources: the store, the snapshot, then the node.</summary>
    /// <exception cref="UsageException">There is none, or an option is malformed.</exception>
    /// <param name="parsed">The options.</param>
    /// <param name="report">Receives what the user should know.</param>
    public ChainSources Open(ParseResult parsed, Action<string> report)
    {
        RpcEndpoint? endpoint = _rpc.EndpointOf(parsed);
        string? snapshot = parsed.GetValue(Snapshot);
        string? folder = parsed.GetValue(Store);
        if (snapshot is null && endpoint is null && folder is null)
        {
            throw new UsageException($"name the chain by {SnapshotName} FILE, --rpc URL or {StoreName} DIR");
        }

        CarStore? car = snapshot is null ? null : CarBlocks.OpenWithIndex(snapshot, IndexFolder, report);
        if (endpoint is null && folder is null)
        {
            IBlockstore file = car!.UnpacksReads ? new ChainBlocks(UnpackedCacheBytes, disk: null, car) : car;
            return new ChainSources(car, rpc: null, file, snapshot!);
        }

        RpcChain? rpc = endpoint is null ? null : new RpcChain(endpoint);
        BlockDatabase? store = folder is null ? null : BlockDatabase.Open(folder);
        BlockFolder? disk = rpc is null || store is not null ? null : _rpc.OpenCache(parsed);
        IBlockstore[] below = [.. car is null ? (IBlockstore[])[] : [car], .. rpc is null ? (IBlockstore[])[] : [rpc.Blocks]];
        IBlockstore blocks = new ChainBlocks(MemoryCacheBytes, (IBlockstore?)store ?? disk, below);
        return new ChainSources(car, rpc, blocks, snapshot ?? endpoint?.Name ?? folder!) { Disk = disk, Store = store };
    }

    /// <summary>The network that the options and the file name.</summary>
    /// <exception cref="UsageException">They name none, or an unknown one.</exception>
    public NetworkParameters NetworkOf(ParseResult parsed, IBlockstore store)
    {
        NetworkParameters network = BaseOf(parsed, store);
        if (parsed.GetValue(Upgrades) is string upgrades)
        {
            try
            {
                network = NetworkCatalog.With(network, UpgradeSchedule.Parse(upgrades));
            }
            catch (FormatException exception)
            {
                throw new UsageException($"{UpgradesName}: {exception.Message}");
            }
        }

        return parsed.GetValue(Reserve) is string reserve ? WithReserve(network, reserve.Split(',')) : network;
    }

    /// <summary>The last tipset.</summary>
    /// <exception cref="UsageException">The option is malformed, or the roots are not one tipset.</exception>
    /// <exception cref="InputException">A block is missing or malformed.</exception>
    public Tipset HeadOf(ParseResult parsed, ChainReader reader, ChainSources sources)
    {
        IReadOnlyList<Cid> roots = parsed.GetValue(Head) is null ? sources.Roots : [];
        Cid[] key = parsed.GetValue(Head) is string text ? ParseKey(text)
            : roots.Count > 0 ? [.. roots]
            : throw new UsageException($"nothing was imported to {sources.Name}: name the last tipset by {HeadName}, or see fvm chain import");
        try
        {
            return reader.Load(key);
        }
        catch (ChainException exception) when (parsed.GetValue(Head) is null && roots.Count > 1)
        {
            throw new UsageException($"the {roots.Count} roots of the file are not one tipset ({exception.Message}): name the head by {HeadName}");
        }
        catch (ChainException exception)
        {
            throw new InputException($"{sources.Name}: {exception.Message}", exception);
        }
    }

    // Beside the cache of machine code; null if that is switched off.
    private static string? IndexFolder => CacheEnvironment.Beside("indexes");

    private static string Names => string.Join(", ", NetworkCatalog.All.Select(static network => network.Name));

    private static NetworkParameters WithReserve(NetworkParameters network, string[] amounts) => amounts.Length == 2
        ? network with
        {
            FirstReserve = ExecOptions.ParseAmount(ReserveName, amounts[0]),
            LaterReserve = ExecOptions.ParseAmount(ReserveName, amounts[1]),
        }
        : throw new UsageException($"{ReserveName} takes two amounts with a comma between them");

    private static Cid[] ParseKey(string text) =>
    [
        .. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(static item => Cid.TryParse(item, out Cid cid) ? cid : throw new UsageException($"{HeadName}: '{item}' is not a CID")),
    ];

    private NetworkParameters BaseOf(ParseResult parsed, IBlockstore store)
    {
        if (parsed.GetValue(Network) is string name)
        {
            return NetworkCatalog.Find(name)
                ?? throw new UsageException($"{NetworkName}: unknown network '{name}'; known networks: {Names}");
        }

        return parsed.GetValue(Upgrades) is not null
            ? NetworkCatalog.LotusTests
            : NetworkCatalog.All.FirstOrDefault(network => network.Genesis is Cid genesis && store.Has(genesis))
                ?? throw new UsageException($"there is no genesis block of a known network: name it by {NetworkName} or {UpgradesName}");
    }
}
