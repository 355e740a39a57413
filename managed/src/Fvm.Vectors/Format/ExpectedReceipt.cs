using System.Text.Json;

namespace Fvm.Vectors;

/// <summary>The expected receipt of a message.</summary>
/// <param name="EventsRoot">The CID of the events AMT as text; null for none.</param>
/// <param name="HasEventsRoot">Whether the vector states an events root (public vectors do not).</param>
public sealed record ExpectedReceipt(uint ExitCode, byte[] Return, ulong GasUsed, string? EventsRoot, bool HasEventsRoot);

/// <summary>The expected results of a message beyond its receipt. Amounts are decimal attoFIL.</summary>
/// <param name="ReturnCodec">The codec of the returned block; null if unknown or if nothing is returned.</param>
/// <param name="ReturnCodecKnown">False if absent, and for recordings by fvm 3, in which null means unknown.</param>
/// <param name="Events">The events as recorded: a list of objects with <c>emitter</c> and <c>entries</c>.</param>
/// <param name="Trace">The trace's lines as compact JSON; null if only the digest was recorded.</param>
/// <param name="Failure">A text for people; never compared.</param>
public sealed record ExpectedApplyRet(
    string MinerPenalty,
    string MinerTip,
    string BaseFeeBurn,
    string OverEstimationBurn,
    string Refund,
    ulong GasRefund,
    ulong GasBurned,
    ulong? ReturnCodec,
    bool ReturnCodecKnown,
    JsonElement Events,
    long? TraceLength,
    string? TraceDigest,
    IReadOnlyList<string>? Trace,
    string? Failure = null);
