using System.Globalization;
using System.Text.Json;
using Fvm.Vectors;

namespace Fvm.Fuzz;

/// <summary>
/// What a trace shows of the machine's paths: pairs of successive charges with the error between them, the actors' code, method and exit code of
/// each call, and the outcome of each message. The machine counts nothing for it.
/// </summary>
internal sealed class TraceFeatures
{
    private const int MaxCharges = 400;
    private const uint Prime = 16_777_619;

    private readonly HashSet<uint> _features = [];
    private readonly Stack<uint> _calls = new();
    private readonly List<IReadOnlyList<ulong>> _charges = [];

    /// <summary>Hashes of the features.</summary>
    public IReadOnlyCollection<uint> Features => _features;

    /// <summary>The gas after each charge of each message, in milligas; some of them, if there are many.</summary>
    public IReadOnlyList<IReadOnlyList<ulong>> Charges => _charges;

    /// <summary>Whether the host failed: a fatal error after the charge for asking it.</summary>
    public bool HasHostFailure { get; private set; }

    /// <summary>Reads the traces of a run.</summary>
    public static TraceFeatures Of(IReadOnlyList<MessageOutcome> outcomes)
    {
        TraceFeatures features = new();
        foreach (MessageOutcome outcome in outcomes)
        {
            features.Read(outcome);
        }

        return features;
    }

    private void Read(MessageOutcome outcome)
    {
        List<ulong> charges = [];
        ulong gas = 0;
        uint previous = 0;
        uint method = 0;
        bool asksHost = false;
        _calls.Clear();
        foreach (string line in outcome.Trace ?? [])
        {
            Utf8JsonReader reader = new(System.Text.Encoding.UTF8.GetBytes(line));
            reader.Read();
            if (!reader.Read() || reader.TokenType != JsonTokenType.String)
            {
                continue;
            }

            string kind = reader.GetString()!;
            switch (kind)
            {
                case "gas":
                    reader.Read();
                    // Running code is settled between the charge and the failure.
                    asksHost = IsForHost(reader.ValueSpan) || (asksHost && reader.ValueTextEquals("wasm_exec"u8));
                    uint name = Hash(0, reader.ValueSpan);
                    _features.Add(Mix(previous, name));
                    previous = name;
                    gas += Number(ref reader) + Number(ref reader);
                    if (charges.Count < MaxCharges)
                    {
                        charges.Add(gas);
                    }

                    break;
                case "call":
                    reader.Read();
                    reader.Read();
                    reader.Read();
                    method = Hash(1, reader.TokenType == JsonTokenType.Number ? reader.ValueSpan : default);
                    _calls.Push(method);
                    break;
                case "invoke":
                    reader.Read();
                    reader.Read();
                    method = Hash(_calls.TryPop(out uint call) ? call : 0, reader.TokenType == JsonTokenType.String ? reader.ValueSpan : default);
                    _calls.Push(method);
                    break;
                case "return" or "error":
                    reader.Read();
                    uint code = Hash(kind == "error" ? 3u : 2u, reader.HasValueSequence ? default : reader.ValueSpan);
                    _features.Add(kind == "return" && _calls.TryPop(out uint ended) ? Mix(ended, code) : Mix(previous, code));
                    previous = kind == "error" ? code : previous;
                    HasHostFailure |= kind == "error" && asksHost && reader.Read() && reader.ValueTextEquals("fatal"u8);
                    break;
                default:
                    break;
            }
        }

        _charges.Add(charges);
        _features.Add(Mix(previous, outcome.ExitCode + 1_000));
    }

    private static bool IsForHost(ReadOnlySpan<byte> charge) =>
        charge.SequenceEqual("OnTipsetCid"u8) || charge.SequenceEqual("OnGetRandomness"u8) || charge.SequenceEqual("OnVerifyConsensusFault"u8);

    private static ulong Number(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.Number && ulong.TryParse(
            reader.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number : 0;

    private static uint Hash(uint seed, ReadOnlySpan<byte> bytes)
    {
        uint hash = 2_166_136_261 ^ seed;
        foreach (byte value in bytes)
        {
            hash = unchecked((hash ^ value) * Prime);
        }

        return hash;
    }

    // The upper bits number the feature, so all bits of both have to reach them.
    private static uint Mix(uint first, uint second)
    {
        unchecked
        {
            uint mixed = (first * 0x9e3779b1) ^ (second + 0x7f4a7c15);
            mixed = (mixed ^ (mixed >> 15)) * 0x85ebca6b;
            mixed = (mixed ^ (mixed >> 13)) * 0xc2b2ae35;
            return mixed ^ (mixed >> 16);
        }
    }
}
