using Fvm.Crypto;
using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fvm.Chain;
using Fvm.Vectors;
using Fvm.Wasm;

namespace Fvm.Node;

/// <summary>The options of <c>fvm-node</c>.</summary>
internal sealed class NodeUsage
{
    /// <summary>The environment variable with the path of a bundle.</summary>
    public const string BundleVariable = "FVM_BUNDLE";

    private const string DefaultMnemonic = "test test test test test test test test test test test junk";
    private const uint OldestVersion = 18;

    // Three kinds of them have IDs below the miner's.
    private const int MaxAccounts = 290;

    private readonly Option<string?> _bundle = new("--bundle")
    {
        Description = $"Bundle of builtin actors [default: ${BundleVariable}, or the network version's in the bundles' folder]",
        HelpName = "FILE.car",
    };

    private readonly Option<uint> _version = new("--nv")
    {
        Description = "Network version, which the bundle must be made for",
        HelpName = "N",
        DefaultValueFactory = static _ => 28,
    };

    private readonly Option<string> _host = new("--host")
    {
        Description = "Address to listen on",
        HelpName = "ADDRESS",
        DefaultValueFactory = static _ => "127.0.0.1",
    };

    private readonly Option<int> _port = Number("--port", "Port to listen on, for HTTP and WebSocket; 0 takes a free one", 8545, 0, 65_535);
    private readonly Option<string?> _ipc = Text("--ipc", "Path of a Unix socket to listen on, too; only this user may connect to it", "PATH");
    private readonly Option<long> _chainId = Long("--chain-id", "Chain ID", (long)LocalChainOptions.DefaultChainId, 1, long.MaxValue / 4);
    private readonly Option<int> _accounts = Number("--accounts", "Test accounts of Ethereum, and as many of f1 and of f3", 10, 0, MaxAccounts);
    private readonly Option<long> _balance = Long("--balance", "Balance of each test account, in FIL", 10_000, 0, 500_000_000);

    private readonly Option<string> _mnemonic = new("--mnemonic")
    {
        Description = "Words from which the keys of the test accounts are made",
        HelpName = "WORDS",
        DefaultValueFactory = static _ => DefaultMnemonic,
    };

    private readonly Option<string?> _blockTime = new("--block-time")
    {
        Description = "Seconds between blocks, in place of a block per transaction",
        HelpName = "SECONDS",
    };

    private readonly Option<bool> _noMining = new("--no-mining") { Description = "Make blocks only when a client asks for them" };
    private readonly Option<long> _baseFee = Long(
        "--base-fee", "Base fee of the first block, in attoFIL", LocalChainOptions.MinBaseFee, 0, long.MaxValue);
    private readonly Option<bool> _lenientGas = new("--lenient-gas")
    {
        Description = "Raise gas limits of signed transactions that are too low, of tools that estimate on their own EVM",
    };

    private readonly Option<string?> _upgrades = Text(
        "--upgrade", "Later network versions: after an epoch, the version of the next ones; those of other actors need their bundles", "EPOCH:NV,…");

    private readonly Option<string?> _forkUrl = Text(
        "--fork-url", "Begin with the chain of a node of Lotus or Forest, by the URL of its JSON-RPC (path /rpc/v1 by default)", "URL");

    private readonly Option<long> _forkEpoch = Long(
        "--fork-epoch", "The last epoch of that chain; the last one with results by default", -1, 0, 1L << 40);

    private readonly Option<string?> _cacheFolder = Text(
        "--cache-dir", $"Where that node's blocks are kept; {CacheEnvironment.Off} for nowhere [default: ~/.cache/fvm-forks]", "DIR");

    private readonly Option<string?> _data = Text("--data", "Folder in which the chain is saved, to go on at the next start", "DIR");
    private readonly Option<string?> _loadState = Text("--load-state", "Copy of a chain to begin with, which --dump-state wrote", "FILE");
    private readonly Option<string?> _dumpState = Text("--dump-state", "Where a copy of the chain is written at the end", "FILE");
    private readonly Option<int> _keepStates = Number("--keep-states", "Blocks whose states are kept", 1_000, 1, 1_000_000);
    private readonly Option<bool> _silent = new("--silent") { Description = "Print nothing" };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON at the start" };

    /// <summary>The command with all options.</summary>
    public Command Create()
    {
        Command command = new("fvm-node", "Runs a local Filecoin network for contract developers (docs/node.md).");
        command.Options.Add(new System.CommandLine.Help.HelpOption());
        command.Options.Add(new VersionOption());
        foreach (Option option in (ReadOnlySpan<Option>)
            [_bundle, _version, _host, _port, _ipc, _chainId, _accounts, _balance, _mnemonic, _blockTime, _noMining, _baseFee, _lenientGas,
                _upgrades, _forkUrl, _forkEpoch, _cacheFolder, _data, _loadState, _dumpState, _keepStates, _silent, _json])
        {
            command.Options.Add(option);
        }

        return command;
    }

    /// <summary>What arguments ask for.</summary>
    /// <exception cref="UsageException">They contradict each other, or one is malformed.</exception>
    public NodeOptions Read(ParseResult parsed)
    {
        uint version = parsed.GetValue(_version);
        if (!Enum.IsDefined((NetworkVersion)version) || version < OldestVersion)
        {
            throw new UsageException($"--nv: expected a network version from {OldestVersion} to {(uint)Enum.GetValues<NetworkVersion>().Max()}");
        }

        TimeSpan? blockTime = BlockTime(parsed.GetValue(_blockTime));
        bool manual = parsed.GetValue(_noMining);
        if (blockTime is not null && manual)
        {
            throw new UsageException("--block-time and --no-mining contradict each other");
        }

        string mnemonic = parsed.GetValue(_mnemonic)!;
        IReadOnlyList<EthKey>[] keys = Keys(mnemonic, parsed.GetValue(_accounts));
        UpgradeSchedule? upgrades = UpgradesIn(parsed, version);
        return new NodeOptions
        {
            Upgrades = upgrades,
            Version = (NetworkVersion)version,
            Listen = new IPEndPoint(HostAddress(parsed.GetValue(_host)!), parsed.GetValue(_port)),
            IpcPath = SocketPath(parsed.GetValue(_ipc)),
            // Last of what may be refused by itself: the bundle may only be missing from the environment.
            Bundle = parsed.GetValue(_forkUrl) is null ? BundlePath(parsed.GetValue(_bundle), version) : parsed.GetValue(_bundle),
            Fork = ForkIn(parsed),
            UpgradeBundles = upgrades is null ? [] : BundlesFor(upgrades),
            ChainId = (ulong)parsed.GetValue(_chainId),
            Mnemonic = mnemonic,
            EthereumKeys = keys[0],
            NativeKeys = keys[1],
            BlsKeys = [.. keys[2].Select(static key => AccountKey.OfBls(BlsSecretKey.Create(key.ToBytes())))],
            Balance = TokenAmount.FromWhole(parsed.GetValue(_balance)),
            Mining = manual ? MiningMode.Manual : blockTime is null ? MiningMode.Automatic : MiningMode.Interval,
            BlockTime = blockTime ?? TimeSpan.Zero,
            BaseFee = TokenAmount.FromAtto(parsed.GetValue(_baseFee)),
            DataFolder = parsed.GetValue(_data),
            LoadState = parsed.GetValue(_loadState),
            DumpState = parsed.GetValue(_dumpState),
            KeepStates = parsed.GetValue(_keepStates),
            LenientGas = parsed.GetValue(_lenientGas),
            Silent = parsed.GetValue(_silent),
            Json = parsed.GetValue(_json),
        };
    }

    private UpgradeSchedule? UpgradesIn(ParseResult parsed, uint version)
    {
        if (parsed.GetValue(_upgrades) is not string text)
        {
            return null;
        }

        if (parsed.GetValue(_forkUrl) is not null)
        {
            throw new UsageException("--upgrade and --fork-url contradict each other: the states of a fork are too large to be migrated here");
        }

        try
        {
            return UpgradePlan.Parse(version, text);
        }
        catch (FormatException exception)
        {
            throw new UsageException($"--upgrade: {exception.Message}");
        }
    }

    private static (NetworkVersion Version, string File)[] BundlesFor(UpgradeSchedule upgrades) =>
    [
        .. upgrades.All.Zip(upgrades.All.Skip(1))
            .Where(static pair => NetworkRules.For(pair.First.Version).ActorsVersion != NetworkRules.For(pair.Second.Version).ActorsVersion)
            .Select(static pair => ((NetworkVersion)pair.Second.Version, KeptBundle(pair.Second.Version))),
    ];

    private ForkOptions? ForkIn(ParseResult parsed)
    {
        long epoch = parsed.GetValue(_forkEpoch);
        if (parsed.GetValue(_forkUrl) is not string url)
        {
            return epoch < 0 ? null : throw new UsageException("--fork-epoch needs --fork-url");
        }

        string? folder = parsed.GetValue(_cacheFolder) ?? CacheEnvironment.Beside("forks");
        try
        {
            return new ForkOptions(
                RpcEndpoint.Parse(url, token: null), epoch < 0 ? null : (ulong)epoch, folder == CacheEnvironment.Off ? null : folder);
        }
        catch (FormatException exception)
        {
            throw new UsageException($"--fork-url: {exception.Message}");
        }
    }

    // The keys on each of the paths of the accounts. To stretch a mnemonic takes long, so it is done once.
    private static IReadOnlyList<EthKey>[] Keys(string mnemonic, int count)
    {
        try
        {
            KeyDerivation derivation = new(mnemonic);
            return
            [
                .. ((string[])[KeyDerivation.EthereumPath, KeyDerivation.FilecoinPath, KeyDerivation.BlsPath])
                    .Select(path => derivation.DeriveFirst(path, count)),
            ];
        }
        catch (EthereumException exception)
        {
            throw new UsageException($"--mnemonic: {exception.Message}");
        }
    }

    private static IPAddress HostAddress(string text)
    {
        if (text == "localhost")
        {
            return IPAddress.Loopback;
        }

        return IPAddress.TryParse(text, out IPAddress? address) ? address : throw new UsageException($"--host: '{text}' is not an IP address");
    }

    private static string? SocketPath(string? text)
    {
        if (text is null)
        {
            return null;
        }

        string path = Path.GetFullPath(text);
        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw new UsageException($"--ipc: there is no folder for '{text}'");
        }

        try
        {
            _ = new UnixDomainSocketEndPoint(path);
            return path;
        }
        catch (ArgumentException)
        {
            throw new UsageException($"--ipc: '{path}' is too long for the path of a socket: about 100 bytes are possible");
        }
    }

    private static TimeSpan? BlockTime(string? text)
    {
        if (text is null)
        {
            return null;
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            && seconds is >= 0.01 and <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : throw new UsageException($"--block-time: '{text}' is not a number of seconds from 0.01 to 86400");
    }

    private static string BundlePath(string? given, uint version)
    {
        if (given is not null)
        {
            return given;
        }

        return Environment.GetEnvironmentVariable(BundleVariable) is { Length: > 0 } named ? named : KeptBundle(version);
    }

    private static string KeptBundle(uint version)
    {
        string packed = BundleCatalog.DefaultName(version);
        string?[] candidates =
        [
            BundleDirectory.Find(null) is string folder ? Path.Combine(folder, packed) : null,
            BundleDirectory.Downloads() is string downloads ? Path.Combine(downloads, Path.GetFileNameWithoutExtension(packed)) : null,
        ];
        return candidates.FirstOrDefault(File.Exists) ?? throw new UsageException(
            $"no bundle of builtin actors for network version {version}: 'fvm bundle get v{NetworkRules.For(version).ActorsVersion}' downloads it, "
            + $"--bundle FILE or {BundleVariable} names it");
    }

    private static Option<int> Number(string name, string description, int standard, int least, int most)
    {
        Option<int> option = new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => standard };
        option.CustomParser = result => (int)Parse(result, name, standard, least, most);
        return option;
    }

    private static Option<string?> Text(string name, string description, string value)
    {
        Option<string?> option = new(name) { Description = description, HelpName = value };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value.Length: 0 }])
            {
                result.AddError($"{name}: the name is empty");
            }
        });
        return option;
    }

    private static Option<long> Long(string name, string description, long standard, long least, long most)
    {
        Option<long> option = new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => standard };
        option.CustomParser = result => Parse(result, name, standard, least, most);
        return option;
    }

    private static long Parse(System.CommandLine.Parsing.ArgumentResult result, string name, long standard, long least, long most)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : string.Empty;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value >= least && value <= most)
        {
            return value;
        }

        result.AddError($"{name}: '{text}' is not a whole number from {least} to {most}");
        return standard;
    }
}
