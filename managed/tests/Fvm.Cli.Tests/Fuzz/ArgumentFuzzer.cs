namespace Fvm.Cli.Tests;

/// <summary>Generates command lines: a valid one with arguments removed, duplicated, swapped, or replaced by unusual ones.</summary>
/// <param name="files">Names of files in the current folder.</param>
internal sealed class ArgumentFuzzer(string[] files)
{
    /// <summary>Valid command lines, which together cover every option of every command.</summary>
    public static IReadOnlyList<string[]> Templates { get; } =
    [
        ["--help"], ["--version"], ["node", "--help"],
        ["run", "vector.json"], ["run", "."], ["run", "--help"],
        ["run", "--json", "set.ndjson.gz"],
        ["run", "--print", "--trace", "set.ndjson"],
        ["run", "--jobs", "2", "set.ndjson#counter"],
        ["run", "--engine", "interpreter", "--reject-proofs", "vector.json", "set.ndjson"],
        ["run", "--bundles", ".", "--no-cache", "vector.json"],
        ["run", "--trace-form", "tree", "vector.json"], ["run", "--trace-form", "parity", "set.ndjson"],
        ["run", "--trace-form", "prestateTracer", "--tracer-config", "{\"diffMode\":true}", "vector.json"],
        ["bench", "--repeat", "1", "vector.json"], ["bench", "--help"],
        ["bench", "--repeat", "1", "--json", "vector.json", "set.ndjson"],
        ["bench", "--compile", "--repeat", "1", "state.car"],
        ["bench", "--compile", "--json", "--repeat", "1", "bundle.car"],
        ["bench", "--engine", "interpreter", "--repeat", "2", "--no-cache", "set.ndjson.gz"],
        ["bench", "--bundles", ".", "--repeat", "1", "vector.json"],
        ["exec", "--car", "state.car", "--from", "f0100", "--to", "f01000", "--method", "2"], ["exec", "--help"],
        ["exec", "--car", "state.car.gz", "--from", "f0100", "--to", "f01001", "--method", "2", "--out", "out.car", "--debug"],
        ["exec", "--car", "state.car", "--from", "f0100", "--to", "f0101", "--value", "1.25", "--nonce", "0", "--out", "state.car"],
        ["exec", "--car", "state.car", "--bundle", "bundle.car", "--from", "f0100", "--to", "f01003", "--params", "80", "--gas-limit", "5000000", "--implicit"],
        ["exec", "--car", "state.car", "--from", "f0100", "--to", "f01002", "--base-fee", "1atto", "--gas-fee-cap", "2", "--gas-premium", "1atto", "--nv", "21", "--epoch", "9"],
        ["exec", "--car", "state.car", "--from", "f0100", "--to", "f01000", "--method", "2", "--json", "--engine", "interpreter", "--no-cache"],
        ["exec", "--car", "state.car", "--from", "f0100", "--to", "f01000", "--method", "2", "--trace-form", "callTracer", "--tracer-config", "{\"withLog\":true}"],
        ["inspect", "state.car"], ["inspect", "module.wasm"], ["inspect", "vector.json"], ["inspect", "bundle.car"], ["inspect", "--help"],
        ["inspect", "--actor", "f0100", "state.car.gz"],
        ["inspect", "--functions", "--nv", "16", "module.wasm"],
        ["inspect", "--functions", "--json", "module.wasm"],
        ["inspect", "--asm", "module.wasm#invoke"],
        ["inspect", "--asm", "--json", "module.wasm#0"],
        ["inspect", "--bundle", "bundle.car", "state.car"],
        ["inspect", "--actor", "f01000", "--bundle", "state.car", "--json", "state.car"],
        ["bundle", "--help"], ["bundle", "get", "--help"], ["bundle", "get", "v18", "--network", "calibnet", "--out", "out.car"],
        ["networks"], ["networks", "--json"], ["networks", "17", "18"], ["networks", "--json", "17", "18"], ["networks", "--help"],
        ["genesis", "genesis.json", "--out", "out.car"], ["genesis", "--help"],
        ["genesis", "genesis.json", "--code", ".", "--out", "out.car", "--json"],
        ["record", "record.json", "--car", "state.car", "--out", "out.json"], ["record", "--help"],
        ["record", "record.json", "--car", "state.car.gz", "--out", "out.json", "--engine", "interpreter"],
        ["record", "record.json", "--car", "state.car", "--out", "out.json", "--json", "--no-cache"],
        ["genesis", "--bundle", "bundle.car", "--nv", "28", "--network-name", "n", "--fund", "f1amhpxw5uiazpybikmauuriwnmm3xbdrntixzrii=1", "--out", "out.car"],
        ["diff", "interpreter", "compiler", "vector.json"], ["diff", "--help"],
        ["diff", "interpreter", "compiler", "set.ndjson", "--workers", "1", "--max-differences", "1", "--timeout", "5", "--json", "--no-cache"],
        ["diff", "compiler", "cmd:nowhere", "set.ndjson", "--keep-going", "--html", "out.html", "--out", "."],
        ["diff", "compiler", "lib:state.car", "vector.json", "--bundles", "."],
        ["diff", "grpc:./nowhere", "grpc:localhost", "vector.json", "--timeout", "5"],
        ["diff", "compiler", "interpreter", "--snapshot", "state.car", "--from", "1", "--to", "9", "--head", "x", "--network", "mainnet"],
        ["diff", "compiler", "interpreter", "--snapshot", "state.car", "--upgrades", "-1:24", "--reserve", "1,2"],
        ["fuzz", "interpreter", "compiler", "--seeds", "vector.json", "--rounds", "1", "--batch", "2", "--workers", "1", "--corpus", "corpus"], ["fuzz", "--help"],
        ["fuzz", "compiler", "cmd:nowhere", "--bundle", "bundle.car", "--bundles", ".", "--nv", "28", "--seed", "1", "--minutes", "0", "--no-cache", "--cross-versions"],
        ["fuzz", "compiler", "compiler", "--resume", "--max-finds", "1", "--timeout", "5", "--minutes", "0", "--rounds", "1", "--corpus", "."],
        ["fuzz", "interpreter", "interpreter", "--seeds", "vector.json", "--rounds", "1", "--corpus", "corpus", "--checkslow", "--slow-bound", "0.5"],
        ["conformance", "--against", "interpreter", "--kit", ".", "--workers", "1", "--timeout", "5", "--json", "--strict"], ["conformance", "--help"],
        ["conformance", "--against", "lib:state.car", "--bundles", ".", "--no-cache"],
        ["record-kit", "vector.json", "--kit", "kit", "--feature", "f", "--engine", "interpreter", "--bundles", "."], ["record-kit", "--help"],
        ["state", "--help"], ["state", "diff", "--help"],
        ["state", "diff", "state.car", "state.car.gz"],
        ["state", "diff", "state.car", "state.car", "--bundle", "bundle.car", "--max-lines", "5", "--json", "--root-a", "x", "--root-b", "y"],
        ["chain", "--help"], ["chain", "replay", "--help"],
        ["chain", "replay", "--snapshot", "state.car", "--network", "mainnet", "--from", "1", "--to", "9", "--json"],
        ["chain", "replay", "--snapshot", "state.car.gz", "--upgrades", "-1:24,100:25", "--keep-going", "--workers", "1", "--head", "x"],
        ["chain", "show", "--help"],
        ["chain", "replay", "--rpc", "ftp://localhost", "--token-file", "state.car", "--bundles", "bundle.car",
            "--cache-dir", "off", "--cache-size", "1"],
        ["chain", "export", "--from", "1", "--to", "9", "-o", "out.car", "--rpc", "ftp://localhost", "--token-file", "state.car", "--bundles", "bundle.car",
            "--cache-dir", "off", "--cache-size", "1"],
        ["chain", "bench", "--rpc", "ftp://localhost", "--token-file", "state.car", "--bundles", "bundle.car",
            "--cache-dir", "off", "--cache-size", "1"],
        ["chain", "show", "tipset", "5", "--rpc", "ftp://localhost", "--token-file", "state.car", "--bundles", "bundle.car",
            "--cache-dir", "off", "--cache-size", "1"],
        ["chain", "show", "message", "x", "--rpc", "ftp://localhost", "--token-file", "state.car", "--bundles", "bundle.car",
            "--cache-dir", "off", "--cache-size", "1"],
        ["chain", "show", "actor", "f05", "--rpc", "ftp://localhost", "--token-file", "state.car", "--bundles", "bundle.car",
            "--cache-dir", "off", "--cache-size", "1"],
        ["chain", "show", "tipset", "5", "--snapshot", "state.car", "--network", "mainnet", "--head", "x", "--json"],
        ["chain", "show", "tipset", "x", "--snapshot", "state.car", "--upgrades", "-1:24", "--reserve", "1,2", "--engine", "interpreter", "--no-cache"],
        ["chain", "show", "message", "x", "--snapshot", "state.car", "--network", "mainnet", "--head", "x", "--json", "--epoch", "5"],
        ["chain", "show", "message", "x", "--snapshot", "state.car", "--upgrades", "-1:24", "--reserve", "1,2", "--engine", "interpreter", "--no-cache"],
        ["chain", "show", "actor", "f05", "--snapshot", "state.car", "--network", "mainnet", "--head", "x", "--json", "--epoch", "5"],
        ["chain", "show", "actor", "0x00", "--snapshot", "state.car", "--upgrades", "-1:24", "--reserve", "1,2"],
        ["chain", "bench", "--snapshot", "state.car", "--network", "mainnet", "--head", "x", "--from", "1", "--to", "9", "--json"],
        ["chain", "bench", "--snapshot", "state.car", "--upgrades", "-1:24", "--reserve", "1,2", "--workers", "1,2", "--repeat", "1",
            "--engine", "interpreter", "--no-cache"],
        ["chain", "replay", "--snapshot", "state.car", "--network", "mainnet", "--out", "nowhere"],
        ["chain", "export", "--help"], ["chain", "export", "--snapshot", "state.car", "--from", "1", "--to", "9", "-o", "out.car", "--json"],
        ["chain", "export", "--snapshot", "state.car", "--from", "1", "--to", "9", "--out", "out.car", "--network", "mainnet", "--head", "x"],
        ["chain", "export", "--snapshot", "state.car", "--upgrades", "-1:24", "--reserve", "1,2", "--workers", "1", "--engine", "interpreter",
            "--no-cache", "--from", "1", "--to", "9", "-o", "out.car"],
        ["chain", "import", "--help"], ["chain", "import", "--snapshot", "state.car", "--store", "store", "--json"],
        ["chain", "replay", "--store", "state.car", "--network", "mainnet"], ["chain", "export", "--store", "vector.json", "--from", "1", "--to", "9", "-o", "x"],
        ["chain", "bench", "--store", "state.car"], ["chain", "show", "tipset", "5", "--store", "state.car"], ["chain", "follow", "--store", "state.car"],
        ["chain", "show", "message", "x", "--store", "state.car"], ["chain", "show", "actor", "f05", "--store", "state.car"],
        ["chain", "replay", "--snapshot", "state.car", "--reserve", "1,2", "--engine", "interpreter", "--no-cache"],
        ["chain", "replay", "--snapshot", "state.car", "--upgrades", "-1:24", "--proofs", "lib:bundle.car"],
        ["chain", "export", "--snapshot", "state.car", "--from", "1", "--to", "9", "-o", "out.car", "--upgrades", "-1:24", "--proofs", "lib:x"],
        ["chain", "bench", "--snapshot", "state.car", "--upgrades", "-1:24", "--proofs", "x"],
        ["chain", "show", "tipset", "5", "--snapshot", "state.car", "--upgrades", "-1:24", "--proofs", "lib:state.car"],
        ["chain", "show", "message", "x", "--snapshot", "state.car", "--upgrades", "-1:24", "--proofs", "lib:."],
        ["chain", "show", "actor", "f05", "--snapshot", "state.car", "--upgrades", "-1:24", "--proofs", "lib:"],
        ["chain", "follow", "--rpc", "ftp://localhost", "--proofs", "lib:state.car"],
        ["chain", "follow", "--help"],
        ["chain", "follow", "--rpc", "ftp://localhost", "--confidence", "1", "--from", "1", "--to", "2", "--poll", "1", "--metrics", "x",
            "--on-difference", "true", "--cache-dir", "off", "--cache-size", "1", "--token-file", "state.car", "--bundles", "x"],
        ["chain", "follow", "--snapshot", "state.car", "--head", "x", "--network", "mainnet", "--upgrades", "-1:24", "--reserve", "1,2",
            "--workers", "1", "--json", "--engine", "interpreter", "--no-cache"],
        ["vector", "--help"], ["vector", "show", "--help"], ["vector", "minimise", "--help"], ["vector", "extract", "--help"], ["vector", "migrate", "--help"],
        ["vector", "show", "vector.json"], ["vector", "show", "set.ndjson#counter", "--json", "--max-messages", "1", "--bundles", "."],
        ["vector", "minimise", "vector.json", "--out", "out.json", "--max-attempts", "3", "--json", "--engine", "interpreter", "--bundles", "."],
        ["vector", "minimise", "vector.json", "--out", "out.json", "--against", "interpreter", "--timeout", "5"],
        ["vector", "minimise", "vector.json", "--out", "out.json", "--max-attempts", "2", "--", "/bin/true"],
        ["vector", "extract", "vector.json", "--message", "0", "--variant", "nv21", "--out", "out.json", "--json", "--engine", "interpreter", "--bundles", "."],
        ["vector", "extract", "record.json", "--car", "state.car", "--out", "out.json"],
        ["vector", "extract", "--snapshot", "state.car", "--message", "x", "--epoch", "5", "--head", "x", "--network", "mainnet", "--out", "out.json"],
        ["vector", "extract", "--snapshot", "state.car", "--epoch", "5", "--upgrades", "-1:24", "--reserve", "1,2", "--out", "out.json"],
        ["vector", "migrate", "vector.json", "--nv", "28", "--epoch", "9", "--side", "interpreter", "--timeout", "5", "--out", "out.json", "--json"],
        ["vector", "migrate", "vector.json", "--nv", "22", "--engine", "interpreter", "--bundles", ".", "--out", "out.json"],
        ["cache", "--help"],
        ["cache", "ls"], ["cache", "ls", "--json"], ["cache", "ls", "--help"],
        ["cache", "clear"], ["cache", "clear", "--json"], ["cache", "clear", "--help"],
        ["cache", "warm", "--jobs", "1", "state.car"], ["cache", "warm", "--help"],
        ["cache", "warm", "--jobs", "2", "--nv", "27", "28", "--json", "bundle.car"],
        ["cache", "warm", "--bundles", "."],
    ];

    private static readonly string[] Odd =
    [
        "", " ", "-", "--", "---", "-x", "=", "@", "@vector.json", "@/dev/zero", "#", "vector.json#", "#x", "[suggest]", "[diagram]", "a\0b", "\u001b[2J\u001b[31m", "\r\nfvm: all is well",
        "\u202e", "\ud800", "ünïcödé", "0", "-1", "1", "16", "28", "29", "2147483648", "4294967296", "18446744073709551615", "18446744073709551616", "99999999999999999999999999",
        "1e9", "0x", "0xzz", "80", "f0", "f00", "f099", "f018446744073709551615", "f018446744073709551616", "f1", "t0100", "f410faaaa", "f3", "1.5", "-1.5", "1atto", "atto", ".", "..",
        "nowhere", "nowhere/x", "/dev/null", "/dev/zero", "/dev/full", "/dev/stdin/x", "/proc/self/mem", "/proc/self/fd", "--jobs", "--nv", "--out", "--car", "--engine", "--engine=x",
        "--trace=x", "--json", "--print", "--compile", "--asm", "--actor", "--code", "--bundles", "--bundle", "--no-cache", "--functions", "--debug", "--implicit", "--reject-proofs", "--json=false", "--repeat", "warm", "ls", "--help", "-h", "-?", "--version", "--nv=", "--nv=999", "true", "null", "{}", "steam",
    ];

    public string[] Next(Random random)
    {
        List<string> arguments = [.. Templates[random.Next(Templates.Count)]];
        for (int left = random.Next(4); left > 0; left--)
        {
            int at = random.Next(arguments.Count + 1);
            switch (random.Next(6))
            {
                case 0 when at < arguments.Count:
                    arguments.RemoveAt(at);
                    break;
                case 1 when at < arguments.Count:
                    arguments.Insert(random.Next(arguments.Count), arguments[at]);
                    break;
                case 2 when at < arguments.Count:
                    arguments[at] = files[random.Next(files.Length)];
                    break;
                case 3:
                    arguments.Insert(at, Odd[random.Next(Odd.Length)]);
                    break;
                case 4 when random.Next(50) == 0:
                    arguments.Insert(at, new string((char)random.Next(1, 0xd7ff), random.Next(1, 5000)));
                    break;
                default:
                    if (at < arguments.Count)
                    {
                        arguments[at] = Odd[random.Next(Odd.Length)];
                    }

                    break;
            }
        }

        Bound(arguments);
        return [.. arguments];
    }

    // Running as long as an argument demands is not a fault.
    private static void Bound(List<string> arguments)
    {
        int repeat = arguments.IndexOf("--repeat");
        if (repeat >= 0 && repeat + 1 < arguments.Count && arguments[repeat + 1].Length > 1)
        {
            arguments[repeat + 1] = "2";
        }

        if (arguments.Contains(".."))
        {
            arguments[arguments.IndexOf("..")] = ".";
        }
    }
}
