using System.CommandLine;
using Fvm.Ipld;
using Fvm.Vectors;
using Fvm.Wasm;

namespace Fvm.Cli;

/// <summary>The flags of <c>fvm genesis --bundle</c>: a state with all builtin actors.</summary>
internal sealed class BundleGenesisOptions
{
    private const string DefaultName = "devnet";

    public Option<string?> Bundle { get; } = new("--bundle")
    {
        Description = "A bundle of builtin actors, whose constructors make the state: all singletons, and a miner without power, f01000",
        HelpName = "FILE.car",
    };

    public Option<uint> NetworkVersion { get; } = new("--nv")
    {
        Description = "The network version that the bundle is made for, with --bundle",
        HelpName = "N",
        DefaultValueFactory = static _ => 28,
    };

    public Option<string> Name { get; } = new("--network-name")
    {
        Description = "The network's name, with --bundle",
        HelpName = "NAME",
        DefaultValueFactory = static _ => DefaultName,
    };

    public Option<string[]> Fund { get; } = new("--fund")
    {
        Description = "An account to make (f1…, f3…, f410f… or 0x…) and its balance in FIL, with --bundle; can be repeated",
        HelpName = "ADDRESS=FIL",
    };

    public IEnumerable<Option> All => [Bundle, NetworkVersion, Name, Fund];

    /// <summary>An option that was given though there is no bundle; null for none.</summary>
    public string? FindMisplaced(ParseResult parsed) =>
        All.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false })?.Name;

    /// <summary>Builds the state.</summary>
    /// <param name="parsed">The arguments.</param>
    /// <param name="path">The bundle.</param>
    /// <param name="store">Receives the bundle's blocks and the state's.</param>
    /// <returns>The state's root.</returns>
    public Cid Build(ParseResult parsed, string path, MemoryBlockstore store)
    {
        uint version = parsed.GetValue(NetworkVersion);
        if (!Enum.IsDefined((NetworkVersion)version))
        {
            throw new UsageException($"--nv: network version {version} is unknown; `fvm networks` lists those that are known");
        }

        BundleGenesisSpec spec = new()
        {
            NetworkVersion = (NetworkVersion)version,
            NetworkName = parsed.GetValue(Name)!,
            Accounts = [.. (parsed.GetValue(Fund) ?? []).Select(ParseAccount)],
        };
        using CarStore bundle = CarBlocks.Open(path);
        store.PutMany(bundle.ReadAll());
        using EnginePool pool = new(WasmEngines.Default);
        try
        {
            return new BundleGenesis(pool, store).Build(bundle.Roots[0], spec);
        }
        catch (InputException exception)
        {
            throw new InputException($"{path}: {exception.Message}", exception);
        }
    }

    private static GenesisAccount ParseAccount(string text)
    {
        int at = text.IndexOf('=', StringComparison.Ordinal);
        return at > 0
            ? new GenesisAccount(ExecOptions.ParseAddress("--fund", text[..at]), ParseBalance(text[(at + 1)..]))
            : throw new UsageException($"--fund: '{text}' is not ADDRESS=FIL; example: f1…=1000");
    }

    private static TokenAmount ParseBalance(string text)
    {
        TokenAmount balance = ExecOptions.ParseAmount("--fund", text);
        return balance.IsNegative ? throw new UsageException($"--fund: the balance {text} is negative") : balance;
    }
}
