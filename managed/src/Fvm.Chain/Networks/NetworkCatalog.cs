using Fvm.Ipld;

namespace Fvm.Chain;

/// <summary>The known networks (Lotus: <c>build/buildconstants</c>).</summary>
public static class NetworkCatalog
{
    // The network version since which the base fee follows from premiums (FIP-0115).
    private const uint FirstWithPremiums = 28;
    private const ulong EpochSeconds = 30;

    private static readonly NetworkParameters Mainnet = new()
    {
        Name = "mainnet",
        Genesis = Cid.Parse("bafy2bzacecnamqgqmifpluoeldx7zzglxcljo6oja4vrmtj7432rphldpdmm2"),
        ChainId = 314,
        BlockDelay = 30,
        Beacons = [(0, BeaconNetwork.Incentinet), (51_000, BeaconNetwork.Mainnet), (3_855_480, BeaconNetwork.Quicknet)],
        Smoke = 51_000,
        Ignition = 94_000,
        Liftoff = 148_888,
        Calico = 265_200,
        Hyperdrive = 892_800,
        FireHorse = 6_052_800,
        Upgrades = new UpgradeSchedule(
            new Upgrade(-1, 0, false),
            new Upgrade(41_280, 1, true),
            new Upgrade(51_000, 2, false),
            new Upgrade(94_000, 3, true),
            new Upgrade(130_800, 3, true),
            new Upgrade(138_720, 4, true),
            new Upgrade(140_760, 5, false),
            new Upgrade(148_888, 5, true),
            new Upgrade(170_000, 6, false),
            new Upgrade(265_200, 7, true),
            new Upgrade(272_400, 8, false),
            new Upgrade(336_458, 9, false),
            new Upgrade(550_321, 10, true),
            new Upgrade(665_280, 11, false),
            new Upgrade(712_320, 12, true),
            new Upgrade(892_800, 13, true),
            new Upgrade(1_231_620, 14, true),
            new Upgrade(1_594_680, 15, true),
            new Upgrade(1_960_320, 16, true),
            new Upgrade(2_383_680, 17, true),
            new Upgrade(2_683_348, 18, true),
            new Upgrade(2_809_800, 19, true),
            new Upgrade(2_870_280, 20, false),
            new Upgrade(3_469_380, 21, true),
            new Upgrade(3_855_360, 22, true),
            new Upgrade(4_154_640, 23, true),
            new Upgrade(4_461_240, 24, true),
            new Upgrade(4_878_840, 25, true),
            new Upgrade(5_138_040, 26, false),
            new Upgrade(5_348_280, 27, true),
            new Upgrade(6_052_800, 28, true)),
    };

    private static readonly NetworkParameters Calibnet = new()
    {
        Name = "calibnet",
        Genesis = Cid.Parse("bafy2bzacecyaggy24wol5ruvs6qm73gjibs2l2iyhcqmvi7r7a4ph7zx3yqd4"),
        ChainId = 314_159,
        BlockDelay = 30,
        LaterReserve = TokenAmount.FromWhole(1_200_000_000),
        Beacons = [(0, BeaconNetwork.Mainnet), (1_428_094, BeaconNetwork.Quicknet)],
        Smoke = -2,
        Ignition = -3,
        Liftoff = -5,
        Calico = 120,
        Hyperdrive = 420,
        WatermelonFix = 1_070_494,
        FireHorse = 3_694_534,
        Upgrades = new UpgradeSchedule(
            new Upgrade(-1, 3, false),
            new Upgrade(30, 4, true),
            new Upgrade(60, 5, false),
            new Upgrade(90, 6, false),
            new Upgrade(120, 7, true),
            new Upgrade(240, 8, false),
            new Upgrade(300, 9, false),
            new Upgrade(330, 10, true),
            new Upgrade(360, 11, false),
            new Upgrade(390, 12, true),
            new Upgrade(420, 13, true),
            new Upgrade(450, 14, true),
            new Upgrade(480, 15, true),
            new Upgrade(510, 16, true),
            new Upgrade(16_800, 17, true),
            new Upgrade(322_354, 18, true),
            new Upgrade(489_094, 19, true),
            new Upgrade(492_214, 20, false),
            new Upgrade(1_013_134, 21, true),
            new Upgrade(1_070_494, 21, true),
            new Upgrade(1_108_174, 21, true),
            new Upgrade(1_427_974, 22, true),
            new Upgrade(1_493_854, 22, true),
            new Upgrade(1_779_094, 23, true),
            new Upgrade(2_078_794, 24, true),
            new Upgrade(2_523_454, 25, true),
            new Upgrade(2_543_614, 26, false),
            new Upgrade(2_558_014, 26, true),
            new Upgrade(3_007_294, 27, true),
            new Upgrade(3_694_534, 28, true)),
    };

    private static readonly NetworkParameters Butterflynet = new()
    {
        Name = "butterflynet",
        Genesis = Cid.Parse("bafy2bzacebt5wxzyrgizu2uunetxtkc6aom3ult236vviv2nseiwnquu6anha"),
        ChainId = 3_141_592,
        BlockDelay = 30,
        LaterReserve = TokenAmount.FromWhole(1_600_000_000),
        Beacons = [(0, BeaconNetwork.Quicknet)],
        Smoke = -2,
        Ignition = -3,
        Liftoff = -7,
        Calico = -9,
        Hyperdrive = -16,
        FireHorse = -32,
        Upgrades = new UpgradeSchedule(new Upgrade(-1, 28, false)),
    };

    private static readonly NetworkParameters Devnet = new()
    {
        Name = "devnet",
        ChainId = 31_415_926,
        BlockDelay = 4,
        LaterReserve = TokenAmount.FromWhole(1_400_000_000),
        ActorDebugging = true,
        Beacons = [(0, BeaconNetwork.Quicknet)],
        Smoke = -1,
        Ignition = -2,
        Liftoff = -6,
        Calico = -9,
        Hyperdrive = -16,
        FireHorse = -32,
        Upgrades = new UpgradeSchedule(new Upgrade(-1, 28, false), new Upgrade(200, 29, true)),
    };

    /// <summary>The networks of Lotus's integration tests: built for mainnet, with a beacon of their own.</summary>
    public static NetworkParameters LotusTests { get; } = Mainnet with
    {
        Name = "lotus-tests",
        Genesis = null,
        Beacons = [(0, BeaconNetwork.OfTests)],
        Upgrades = new UpgradeSchedule(new Upgrade(-1, 28, false)),
    };

    /// <summary>The network of <c>fvm node</c> by its default options.</summary>
    public static NetworkParameters OfNode { get; } = Local("node", 31_415_926, 30, new UpgradeSchedule(new Upgrade(-1, 28, false)));

    /// <summary>All networks.</summary>
    public static IReadOnlyList<NetworkParameters> All { get; } = [Mainnet, Calibnet, Butterflynet, Devnet, LotusTests, OfNode];

    /// <summary>A network with other upgrades.</summary>
    public static NetworkParameters With(NetworkParameters network, UpgradeSchedule upgrades) => network == OfNode
        ? Local(network.Name, network.ChainId, network.BlockDelay, upgrades)
        : network with { Upgrades = upgrades };

    /// <summary>A network of one's own: all its rules are as of now, its beacon depends on the epoch alone.</summary>
    /// <param name="name">The name.</param>
    /// <param name="chainId">The chain ID of Ethereum tools.</param>
    /// <param name="blockDelay">Seconds per epoch.</param>
    /// <param name="upgrades">The network versions.</param>
    public static NetworkParameters Local(string name, ulong chainId, ulong blockDelay, UpgradeSchedule upgrades) => Devnet with
    {
        Name = name,
        ChainId = chainId,
        BlockDelay = blockDelay,

        // Actors that may log use more gas than on the networks that contracts are made for.
        ActorDebugging = false,
        Beacons = [(0, BeaconNetwork.OfTests)],
        FireHorse = upgrades.All.FirstOrDefault(static upgrade => upgrade.Version >= FirstWithPremiums) is { Version: not 0 } upgrade
            ? upgrade.After
            : long.MaxValue,
        Upgrades = upgrades,
    };

    /// <summary>A network that is another one up to an epoch, and behind it one of one's own with its rules.</summary>
    /// <param name="name">The other network's name, as its nodes give it.</param>
    /// <param name="chainId">Its chain ID.</param>
    /// <param name="version">The network version behind the epoch.</param>
    /// <param name="last">The last epoch that both share.</param>
    /// <param name="time">Its time, in seconds since 1970.</param>
    /// <param name="round">The last round of the beacon in it; zero for none.</param>
    public static NetworkParameters Fork(string name, ulong chainId, uint version, ChainEpoch last, ulong time, ulong round)
    {
        long epoch = last.Value;
        bool isKnown = name is "mainnet" or "calibrationnet";
        NetworkParameters other = isKnown
            ? Find(name == "mainnet" ? name : "calibnet")!
            : Local(name, chainId, EpochSeconds, new UpgradeSchedule(new Upgrade(-1, version, false)));

        // The rounds of a test network's beacon are counted by its epochs; others have the usual one.
        bool isCounted = round == BeaconNetwork.OfTests.RoundOf(last, 0, 0, fromOne: true);
        (long From, BeaconNetwork Beacon)[] beacons = isKnown ? other.Beacons : [(0, isCounted ? BeaconNetwork.OfTests : BeaconNetwork.Quicknet)];
        Upgrade[] past = isKnown
            ? [.. other.Upgrades.All.Where(upgrade => upgrade.After < epoch && upgrade.Version <= version)]
            : [.. other.Upgrades.All];
        return other with
        {
            Beacons = [.. beacons.Where(each => each.From <= epoch), (epoch + 1, BeaconNetwork.OfTests)],
            Upgrades = new UpgradeSchedule(past[^1].Version == version ? past : [.. past, new Upgrade(epoch, version, false)]),
            FireHorse = version >= FirstWithPremiums ? Math.Min(other.FireHorse, epoch) : long.MaxValue,
            GenesisTime = time - ((ulong)epoch * other.BlockDelay),

            // As lotus-seed names development networks, on which Lotus lets actors log.
            ActorDebugging = name.StartsWith("localnet-", StringComparison.Ordinal),
        };
    }

    /// <summary>The network of that name; null if there is none.</summary>
    public static NetworkParameters? Find(string name) => All.FirstOrDefault(network => network.Name == name);
}
