using System.Globalization;
using Fvm.Ipld;

namespace Fvm.Vectors;

/// <summary>
/// A bundle of builtin actors as filecoin-project/builtin-actors has released it (manifests: Lotus, <c>build/builtin_actors_gen.go</c>).
/// </summary>
/// <param name="ActorsVersion">The actors version.</param>
/// <param name="Network">The network's name, as in names of files: mainnet or calibrationnet.</param>
/// <param name="Tag">The release.</param>
/// <param name="Manifest">The CID of the manifest, the root of the CAR.</param>
public sealed record BundleRelease(int ActorsVersion, string Network, string Tag, Cid Manifest)
{
    private const string Mainnet = "mainnet";
    private const string Calibnet = "calibrationnet";

    /// <summary>All that is known, by version.</summary>
    public static IReadOnlyList<BundleRelease> All { get; } =
    [
        .. Both(
            10, "v10.0.0", "bafy2bzacecsuyf7mmvrhkx2evng5gnz5canlnz2fdlzu2lvcgptiq2pzuovos",
            "bafy2bzaced25ta3j6ygs34roprilbtb3f6mxifyfnm7z7ndquaruxzdq3y7lo"),
        .. Both(
            11, "v11.0.0", "bafy2bzacecnhaiwcrpyjvzl4uv4q3jzoif26okl3m66q3cijp3dfwlcxwztwo",
            "bafy2bzacedhuowetjy2h4cxnijz2l64h4mzpk5m256oywp4evarpono3cjhco"),
        .. Both(
            12, "v12.0.0", "bafy2bzaceapkgfggvxyllnmuogtwasmsv5qi2qzhc2aybockd6kag2g5lzaio",
            "bafy2bzacednzb3pkrfnbfhmoqtb3bc6dgvxszpqklf3qcc7qzcage4ewzxsca"),
        .. Both(
            13, "v13.0.0", "bafy2bzacecdhvfmtirtojwhw2tyciu4jkbpsbk5g53oe24br27oy62sn4dc4e",
            "bafy2bzacect4ktyujrwp6mjlsitnpvuw2pbuppz6w52sfljyo4agjevzm75qs"),
        .. Both(
            14, "v14.0.0", "bafy2bzacecbueuzsropvqawsri27owo7isa5gp2qtluhrfsto2qg7wpgxnkba",
            "bafy2bzacebq3hncszqpojglh2dkwekybq4zn6qpc4gceqbx36wndps5qehtau"),
        .. Both(
            15, "v15.0.0", "bafy2bzaceakwje2hyinucrhgtsfo44p54iw4g6otbv5ghov65vajhxgntr53u",
            "bafy2bzaceax5zkysst7vtyup4whdxwzlpnaya3qp34rnoi6gyt4pongps7obw"),
        .. Both(
            16, "v16.0.1", "bafy2bzacecnepvsh4lw6pwljobvwm6zwu6mbwveatp7llhpuguvjhjiqz7o46",
            "bafy2bzacecqtwq6hjhj2zy5gwjp76a4tpcg2lt7dps5ycenvynk2ijqqyo65e"),
        .. Both(
            17, "v17.0.0", "bafy2bzaceai74ppsvuxs3nvpzzeuptdr3wl7vmdpbphvtz4qt5hfq2qdfvz3e",
            "bafy2bzacecn64rlb52rjsvgopnidz6w42z3zobmjxqek5s4xqjh3ly47rcurg"),
        .. Both(
            18, "v18.0.0", "bafy2bzacedxsqapxwj5znwy4leem5gsuenhhfyqcntews3yis5iek67thy6lc",
            "bafy2bzacebkfatnbe6w4rj7lf6gkjh7mywlrpdh2dj6hu2dl4rmtwksszm2hs"),
    ];

    /// <summary>The name of the release's file.</summary>
    public string FileName => $"builtin-actors-{Network}.car";

    /// <summary>The name among bundles of several versions.</summary>
    public string KeptName => string.Create(CultureInfo.InvariantCulture, $"builtin-actors-v{ActorsVersion}-{Network}.car");

    /// <summary>The bundle of a version and network; null if it is not known.</summary>
    /// <param name="version">Such as v18, or 18.</param>
    /// <param name="network">mainnet, calibnet or calibrationnet.</param>
    public static BundleRelease? Find(string version, string network)
    {
        string number = version.StartsWith('v') ? version[1..] : version;
        string name = network == "calibnet" ? Calibnet : network;
        return All.FirstOrDefault(release =>
            release.ActorsVersion.ToString(CultureInfo.InvariantCulture) == number && release.Network == name);
    }

    private static BundleRelease[] Both(int version, string tag, string mainnet, string calibnet) =>
        [new(version, Mainnet, tag, Cid.Parse(mainnet)), new(version, Calibnet, tag, Cid.Parse(calibnet))];
}
