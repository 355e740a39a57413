// The parts of a vector that say what comes out.
using System.Text.Json;

namespace Fvm.Vectors;

/// <summary>The receipt that a message must give.</summary>
/// <param name="EventsRoot">The events' root in text form; null for none.</param>
/// <param name="HasEventsRoot">Whether the vector says anything on the events' root (public vectors do not).</param>
public sealed record ExpectedReceipt(uint ExitCode, byte[] Return, ulong GasUsed, string? EventsRoot, bool HasEventsRoot);

/// <summary>What applying a message must give beside its receipt. Amounts are decimal attoFIL.</summary>
/// <param name="ReturnCodec">The codec of the returned block; null when unknown or when nothing is returned.</param>
/// <param name="ReturnCodecKnown">False for recordings by fvm 3, where null says nothing.</param>
/// <param name="Events">The events as recorded: a list of objects with <c>emitter</c> and <c>entries</c>.</param>
/// <param name="Trace">The trace's lines as compact JSON; null when only the digest was recorded.</param>
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
    IReadOnlyList<string>? Trace);
