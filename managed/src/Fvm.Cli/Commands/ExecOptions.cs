using System.CommandLine;
using Fvm.Vectors;

namespace Fvm.Cli;

/// <summary>The flags of <c>fvm exec</c>: the message, its state, and its environment.</summary>
internal sealed class ExecOptions
{
    private const string AttoSuffix = "atto";

    public Option<string> Car { get; } = Required("--car", "The state, as a CAR file whose root is the state tree's", "FILE.car");

    public Option<string?> Bundle { get; } = Text("--bundle", "The actors' code, if the state's file does not contain it", "FILE.car");

    public Option<string?> Out { get; } = Text("--out", "Where to write the new state", "FILE.car");

    public Option<string> From { get; } = Required("--from", "The sender", "ADDRESS");

    public Option<string> To { get; } = Required("--to", "The receiver", "ADDRESS");

    public Option<ulong> Method { get; } = Number("--method", "The method's number; 0 only transfers", 0);

    public Option<string?> Params { get; } = Text("--params", "The parameters' CBOR in hexadecimal", "HEX");

    public Option<string> Value { get; } = Amount("--value", "The transferred value, in FIL, or in attoFIL with the suffix 'atto'", "0");

    public Option<ulong?> Nonce { get; } = new("--nonce") { Description = "The message's sequence number [default: the sender's]", HelpName = "N" };

    public Option<ulong> GasLimit { get; } = Number("--gas-limit", "The gas limit", 1_000_000_000);

    public Option<string> BaseFee { get; } = Amount("--base-fee", "The base fee per unit of gas", "100atto");

    public Option<string> FeeCap { get; } = Amount("--gas-fee-cap", "The maximum price per unit of gas", "1000atto");

    public Option<string> Premium { get; } = Amount("--gas-premium", "The miner's premium per unit of gas", "10atto");

    public Option<uint> NetworkVersion { get; } =
        new("--nv") { Description = "The network version", HelpName = "N", DefaultValueFactory = static _ => 28 };

    public Option<long> Epoch { get; } =
        new("--epoch") { Description = "The epoch", HelpName = "N", DefaultValueFactory = static _ => 5000 };

    public Option<bool> Implicit { get; } = new("--implicit") { Description = "Apply it as the system's own message: unsigned, unpaid" };

    public Option<bool> Debug { get; } = new("--debug") { Description = "Enable the actors' logs; changes gas" };

    public Option<bool> Json { get; } = JsonOutput.Option();

    public Option<string?> TraceForm { get; } = Cli.TraceForm.FormOption("the calls as JSON instead of the receipt");

    public Option<string?> TracerConfig { get; } = Cli.TraceForm.ConfigOption();

    public Option<string> Engine { get; } = ReplayOptions.Engine();

    public Option<bool> NoCache { get; } = CacheOptions.NoCache();

    public IEnumerable<Option> All =>
    [
        Car, From, To, Method, Params, Value, Nonce, GasLimit, BaseFee, FeeCap, Premium, NetworkVersion, Epoch, Implicit, Debug, Bundle, Out,
        Json, TraceForm, TracerConfig, Engine, NoCache,
    ];

    /// <summary>Parses an address option.</summary>
    /// <exception cref="UsageException">It is not an address.</exception>
    public static Address ParseAddress(string option, string text) =>
        InputText.TryParseAddress(text, out Address address)
            ? address
            : throw new UsageException($"{option}: '{text}' is not an address; examples: f0100, f1…, 0x…");

    /// <summary>Parses an amount option.</summary>
    /// <exception cref="UsageException">It is not an amount.</exception>
    public static TokenAmount ParseAmount(string option, string text)
    {
        bool atto = text.EndsWith(AttoSuffix, StringComparison.Ordinal);
        return (atto ? TokenAmount.TryParseAtto(text[..^AttoSuffix.Length], out TokenAmount amount) : TokenAmount.TryParseFil(text, out amount))
            ? amount
            : throw new UsageException($"{option}: '{text}' is not an amount; examples: 1.5 (FIL), 100atto");
    }

    /// <summary>Parses the parameters option.</summary>
    /// <exception cref="UsageException">They are not hexadecimal.</exception>
    public static byte[] ParseParams(string? text)
    {
        return InputText.TryParseHex(text ?? string.Empty, out byte[] bytes)
            ? bytes
            : throw new UsageException($"--params: '{text}' is not hexadecimal");
    }

    private static Option<string> Required(string name, string description, string value) =>
        new(name) { Description = description, HelpName = value, Required = true };

    private static Option<string?> Text(string name, string description, string value) =>
        new(name) { Description = description, HelpName = value };

    private static Option<string> Amount(string name, string description, string otherwise) =>
        new(name) { Description = description, HelpName = "AMOUNT", DefaultValueFactory = _ => otherwise };

    private static Option<ulong> Number(string name, string description, ulong otherwise) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => otherwise,
    };
}
